import Adjoint

// Targets are probabilities, mostly 0 and 1, of the prediction's shape and dtype.

extension Loss {
  /// -(t log p + (1 - t) log(1 - p)) of every probability p, for models that end with a sigmoid.
  ///
  /// A logarithm below -100 counts as -100, as in PyTorch, and has no gradient; PyTorch's is up to
  /// 1e12 there. `binaryCrossEntropyWithLogits` needs no such bound and loses no digits: prefer it.
  /// Numbers outside 0 ... 1 stop the program.
  public static let binaryCrossEntropy = Loss("binaryCrossEntropy", of: .any) {
    prediction, target, file, line in
    let inputs = LossInputs("binaryCrossEntropy", file, line)
    inputs.requireAlike(prediction, target)
    inputs.requireProbabilities(
      prediction, "end the model with a sigmoid or use binaryCrossEntropyWithLogits")
    return -(target * boundedLog(prediction) + (1 - target) * boundedLog(1 - prediction))
  }

  /// The binary cross-entropy of sigmoid(x) for every logit x, without overflow.
  ///
  /// `-(w t log sigmoid(x) + (1 - t) log(1 - sigmoid(x)))`, where w is `positiveWeight`: a number
  /// or a tensor that broadcasts to the logits, such as one weight for each class.
  public static func binaryCrossEntropyWithLogits(positiveWeight: Tensor? = nil) -> Loss {
    let name = "binaryCrossEntropyWithLogits"
    return Loss(name, of: .logits) { logits, target, file, line in
      let inputs = LossInputs(name, file, line)
      inputs.requireAlike(logits, target)
      if let shape = positiveWeight?.shape, !canBroadcast(Array(shape), Array(logits.shape)) {
        inputs.fail("positiveWeight \(shape) does not broadcast to logits \(logits.shape)")
      }
      return binaryCrossEntropies(logits, target, positiveWeight)
    }
  }

  /// The mean over classes of the binary cross-entropy of logits, for examples in several classes.
  ///
  /// Shapes: logits `[n, classes]`; targets alike, 1 for the classes an example is in, else 0. The
  /// parts are the examples.
  public static let multiLabelSoftMargin = Loss("multiLabelSoftMargin", of: .logits) {
    logits, target, file, line in
    let inputs = LossInputs("multiLabelSoftMargin", file, line)
    inputs.requireAlike(logits, target)
    if logits.rank != 2 { inputs.fail("needs logits [n, classes], not \(logits.shape)") }
    return binaryCrossEntropies(logits, target, nil).mean(axes: [1])
  }
}

private func binaryCrossEntropies(_ x: Tensor, _ t: Tensor, _ weight: Tensor?) -> Tensor {
  let loss = softplus(-x)
  // Not 1 + (w - 1) t: a weight that is a literal takes its dtype from the tensor beside it.
  return (1 - t) * x + (weight.map { (t * $0 + (1 - t)) * loss } ?? loss)
}

/// log(x), but -100 where it is smaller.
private func boundedLog(_ x: Tensor) -> Tensor {
  // A bound on the logarithm would give 0 times infinity as the derivative at 0.
  let isSmall = (x .>= 0) .& (x .<= 3.720075976020836e-44)
  return `where`(isSmall, -100, log(`where`(isSmall, 1, x)))
}

private func canBroadcast(_ sizes: [Int], _ target: [Int]) -> Bool {
  sizes.count <= target.count
    && zip(sizes.reversed(), target.reversed()).allSatisfy { $0 == $1 || $0 == 1 }
}
