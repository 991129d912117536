import Adjoint

extension Loss {
  /// The mean cross-entropy of class probabilities, for models that end with a softmax.
  ///
  /// `-sum_k t_k log p_k`
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
    "categoricalCrossEntropy", of: .probabilities(fromLogits: .softmaxCrossEntropy)
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
    LossInputs("categoricalCrossEntropy", file, line).requireProbabilities(
      probabilities, "end the model with a softmax or use softmaxCrossEntropy")
    let rows =
      isFloating
      ? target
      : oneHot(
        target, count: probabilities.shape[1], dtype: probabilities.dtype, file: file, line: line)
    let tiny =
      probabilities.dtype == .float64
      ? Double.leastNormalMagnitude : Double(Float.leastNormalMagnitude)
    let safe = `where`(probabilities .== 0, Tensor(tiny, dtype: probabilities.dtype), probabilities)
    return -(rows * log(safe)).sum(axes: [1])
  }

  /// The mean cross-entropy of logits, for models that end without a softmax.
  ///
  /// Shapes: logits `[n, classes]`; targets as for `categoricalCrossEntropy`. A model that ends with
  /// a softmax stops the program, since the loss would apply a second one.
  public static let softmaxCrossEntropy = Loss(
    "softmaxCrossEntropy", of: .logits,
    mean: { logits, target, file, line in
      requireTwoAxes(logits, file, line)
      return Adjoint.softmaxCrossEntropy(logits: logits, labels: target, file: file, line: line)
    },
    parts: { logits, target, file, line in
      requireTwoAxes(logits, file, line)
      return Loss.crossEntropy().reduced(.none)(logits, target, file: file, line: line)
    })

  /// The cross-entropy of logits with class weights, ignored labels, smoothed labels and further axes.
  ///
  /// With class weights every example counts by the weight of its class; against labels the mean is
  /// divided by the sum of these weights, against probabilities by the number of examples. Examples
  /// with the label `ignoredLabel` count for nothing.
  ///
  /// Shapes: logits `[n, classes, ...]`; targets are integers `[n, ...]` or probabilities of the
  /// logits' shape and dtype; the parts are `[n, ...]`.
  /// - Parameters:
  ///   - labelSmoothing: the share of every target that is spread evenly over the classes; see
  ///     Szegedy et al., "Rethinking the Inception Architecture for Computer Vision" (2016).
  ///   - classWeights: one weight for each class; nil for equal weights.
  ///   - ignoredLabel: a label, in range or not, of examples to leave out.
  public static func crossEntropy(
    labelSmoothing: Double = 0, classWeights: Tensor? = nil, ignoredLabel: Int? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Loss {
    if !(0...1).contains(labelSmoothing) {
      programmingError(
        "crossEntropy", "labelSmoothing must be in 0 ... 1, not \(labelSmoothing)", file: file,
        line: line)
    }
    return LabelledLoss(
      name: "crossEntropy", classWeights: classWeights, ignoredLabel: ignoredLabel,
      smoothing: labelSmoothing, takesProbabilities: true
    ).loss(of: .logits) { logSoftmax($0, axis: 1) }
  }
}

private func requireTwoAxes(_ logits: Tensor, _ file: StaticString, _ line: UInt) {
  if logits.rank != 2 {
    let hint = logits.rank > 2 ? "; crossEntropy() takes further axes, as [n, classes, ...]" : ""
    programmingError(
      "softmaxCrossEntropy", "logits must be [n, classes], not \(logits.shape)\(hint)", file: file,
      line: line)
  }
}
