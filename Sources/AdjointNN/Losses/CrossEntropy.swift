import Adjoint

extension Loss {
  /// The mean cross-entropy -sum_k t_k log p_k of class probabilities, for models that end with a
  /// softmax.
  ///
  /// Shapes: probabilities `[n, classes]`; targets are `[n]` integers or `[n, classes]` one-hot rows
  /// or probabilities.
  ///
  /// `fit` and `evaluate` do not compute it from the probabilities if they need not: a model whose
  /// `beforeSoftmax` is not nil, such as a `Sequential` that ends with `Softmax`, is run without its
  /// softmax, and softmax and logarithm are done together on the logits. That is the same function,
  /// but it neither loses digits nor overflows, and it is faster. Only for other models, and when
  /// called directly, is the logarithm of a probability taken; one that has underflowed to zero then
  /// counts as the smallest normal number and has no gradient. (Keras clips at 1e-7 instead, and
  /// thereby changes losses above 16.)
  ///
  /// A `Sequential` that does not end with a softmax stops the program: use `softmaxCrossEntropy`.
  public static let categoricalCrossEntropy = Loss(
    "categoricalCrossEntropy", of: .probabilities(fromLogits: fusedCrossEntropy)
  ) { probabilities, target, file, line in
    let isFloating = target.dtype.isFloatingPoint
    let expected: Shape = isFloating ? probabilities.shape : [probabilities.shape.first ?? 0]
    if probabilities.rank != 2 || target.shape != expected {
      programmingError(
        "categoricalCrossEntropy",
        "probabilities \(probabilities.shape) and targets \(target.dtype) \(target.shape) do not "
          + "fit: needs [n, classes] and either [n] integers or [n, classes]", file: file,
        line: line)
    }
    let rows =
      isFloating
      ? target
      : oneHot(
        target, count: probabilities.shape[1], dtype: probabilities.dtype, file: file, line: line)
    let tiny =
      probabilities.dtype == .float64
      ? Double.leastNormalMagnitude : Double(Float.leastNormalMagnitude)
    let safe = `where`(probabilities .== 0, Tensor(tiny, dtype: probabilities.dtype), probabilities)
    return -(rows * log(safe)).sum(axes: [1]).mean()
  }

  /// The mean cross-entropy of logits, for models that end without a softmax.
  ///
  /// Shapes: logits `[n, classes]`; targets as for `categoricalCrossEntropy`. A model that ends with
  /// a softmax stops the program, since the loss would apply a second one.
  public static let softmaxCrossEntropy = Loss(
    "softmaxCrossEntropy", of: .logits, fusedCrossEntropy)
}

private let fusedCrossEntropy: Loss.Function = { logits, target, file, line in
  softmaxCrossEntropy(logits: logits, labels: target, file: file, line: line)
}
