import Adjoint

extension Loss {
  /// -log p of the right class, from logarithms of probabilities such as those of `logSoftmax`.
  ///
  /// With class weights every example counts by the weight of its class, also in the mean, which is
  /// divided by the sum of these weights. Examples with the label `ignoredLabel` count for nothing.
  ///
  /// Shapes: log-probabilities `[n, classes, ...]`; labels are integers `[n, ...]`, as are the parts.
  /// - Parameters:
  ///   - classWeights: one weight for each class; nil for equal weights.
  ///   - ignoredLabel: a label, in range or not, of examples to leave out.
  public static func negativeLogLikelihood(
    classWeights: Tensor? = nil, ignoredLabel: Int? = nil
  ) -> Loss {
    LabelledLoss(
      name: "negativeLogLikelihood", classWeights: classWeights, ignoredLabel: ignoredLabel
    ).loss(of: .any) { $0 }
  }

  /// The divergence sum_k t_k (log t_k - q_k) of log-probabilities q from probabilities t.
  ///
  /// It is summed over the last axis, and the mean is that of the rows: PyTorch's "batchmean" for
  /// `[n, classes]`. A target of 0 adds nothing.
  ///
  /// Shapes: both `[..., classes]`; the parts are `[...]`.
  public static let klDivergence = Loss("klDivergence", of: .any) {
    prediction, target, file, line in
    let inputs = LossInputs("klDivergence", file, line)
    inputs.requireAlike(prediction, target)
    if prediction.rank == 0 { inputs.fail("needs rows [..., classes], not a single number") }
    return (xlogy(target, target) - target * prediction).sum(axes: [-1])
  }

  /// The negative log-likelihood of counts under Poisson distributions.
  ///
  /// For predictions x of logarithms of rates it is e^x - t x, for rates themselves
  /// x - t log(x + epsilon). The parts are the elements.
  /// - Parameters:
  ///   - logInput: whether predictions are logarithms of rates.
  ///   - full: whether to add Stirling's approximation of log(t!) for targets above 1.
  ///   - epsilon: keeps the logarithm of a rate of 0 finite.
  public static func poisson(
    logInput: Bool = true, full: Bool = false, epsilon: Double = 1e-8
  ) -> Loss {
    Loss("poisson", of: .any) { prediction, target, file, line in
      LossInputs("poisson", file, line).requireAlike(prediction, target)
      let loss =
        logInput
        ? exp(prediction) - target * prediction
        : prediction - target * log(prediction + epsilon)
      if !full { return loss }
      let isLarge = target .> 1
      let t = `where`(isLarge, target, 1)
      let stirling = t * log(t) - t + 0.5 * log(6.283185307179586 * t)
      return loss + `where`(isLarge, stirling, 0)
    }
  }
}

/// The negative log-likelihood of targets under normal distributions that a model predicts.
///
/// `(log v + (mean - target)² / v) / 2`, where v is the variance or `epsilon` if that is larger;
/// the variance has no gradient then. All three have one shape and dtype; the parts are the
/// elements.
/// - Parameters:
///   - mean: the predicted means.
///   - variance: the predicted variances.
///   - target: what was observed.
///   - full: whether to add the constant log(2 pi) / 2.
///   - epsilon: the least variance.
///   - reduction: how the parts become one loss.
public func gaussianNegativeLogLikelihoodLoss(
  mean: Tensor, variance: Tensor, target: Tensor, full: Bool = false, epsilon: Double = 1e-6,
  reduction: Loss.Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let inputs = LossInputs("gaussianNegativeLogLikelihoodLoss", file, line)
  inputs.requireAlike([("mean", mean), ("variance", variance), ("target", target)])
  requirePositive(inputs.name, "epsilon", epsilon, file, line)
  if (variance.detached .< 0).sum().scalar > 0 { inputs.fail("there is a negative variance") }
  let v = maximum(variance, epsilon)
  let parts = 0.5 * (log(v) + square(mean - target) / v)
  return reduction.reduce(full ? parts + 0.9189385332046727 : parts)
}
