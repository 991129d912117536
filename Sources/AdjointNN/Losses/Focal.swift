import Adjoint

extension Loss {
  /// The cross-entropy of logits in which easy examples count little.
  ///
  /// `-(1 - p)^γ log p`, where p is the probability of the right class
  ///
  /// With γ = 0 it is `crossEntropy`. Class weights multiply the parts; unlike in `crossEntropy`, the
  /// mean is divided by the number of examples.
  ///
  /// Shapes: logits `[n, classes, ...]`; labels are integers `[n, ...]`, as are the parts.
  ///
  /// Source: Lin, Goyal, Girshick, He and Dollár, "Focal loss for dense object detection" (2017).
  /// - Parameters:
  ///   - gamma: how much less easy examples count, 0 or more.
  ///   - classWeights: one weight α for each class; nil for equal weights.
  public static func focal(
    gamma: Double = 2, classWeights: Tensor? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Loss {
    requireFocusing("focal", gamma, file, line)
    return Loss("focal", of: .logits) { logits, target, file, line in
      let inputs = LossInputs("focal", file, line)
      inputs.requireClasses(logits, target)
      inputs.requireLabels(target, below: logits.shape[1])
      let labels = target.cast(to: .int64)
      let places = labels.expandingDimension(at: 1)
      let logs = logSoftmax(logits, axis: 1).gatheringAlongAxis(places, axis: 1).squeezed(1)
      let parts = -(focus(-expm1(logs), gamma) * logs)
      guard let classWeights else { return parts }
      inputs.requireWeights(classWeights, for: logits)
      return parts * classWeights.gathering(labels)
    }
  }

  /// The binary cross-entropy of logits in which easy elements count little.
  ///
  /// `-α_t (1 - p_t)^γ log p_t`, where p_t is the probability of the target: p for 1, 1 - p for 0,
  /// and α_t is α and 1 - α. Targets between 0 and 1 take shares of both.
  ///
  /// Shapes: logits and targets alike; the parts are the elements. The source is that of `focal`.
  /// - Parameters:
  ///   - alpha: the weight of the targets 1, in 0 ... 1; nil for no weights.
  ///   - gamma: how much less easy elements count, 0 or more.
  public static func binaryFocalWithLogits(
    alpha: Double? = 0.25, gamma: Double = 2, file: StaticString = #fileID, line: UInt = #line
  ) -> Loss {
    let name = "binaryFocalWithLogits"
    requireFocusing(name, gamma, file, line)
    if let alpha, !(0...1).contains(alpha) {
      programmingError(name, "alpha must be in 0 ... 1, not \(alpha)", file: file, line: line)
    }
    return Loss(name, of: .logits) { logits, target, file, line in
      LossInputs(name, file, line).requireAlike(logits, target)
      let entropy = (1 - target) * logits + softplus(-logits)
      let miss = sigmoid(logits) * (1 - target) + sigmoid(-logits) * target
      let parts = focus(miss, gamma) * entropy
      return alpha.map { parts * ($0 * target + (1 - $0) * (1 - target)) } ?? parts
    }
  }
}

/// x^γ for probabilities; 1 for γ = 0.
private func focus(_ x: Tensor, _ gamma: Double) -> Tensor {
  if gamma == 0 { return Tensor(1, dtype: x.dtype) }
  return gamma == 1 ? x : gamma == 2 ? square(x) : pow(x, Tensor(gamma, dtype: x.dtype))
}

private func requireFocusing(
  _ name: String, _ gamma: Double, _ file: StaticString, _ line: UInt
) {
  if !(gamma >= 0 && gamma.isFinite) {
    programmingError(
      name, "gamma must be 0 or more and finite, not \(gamma)", file: file, line: line)
  }
}
