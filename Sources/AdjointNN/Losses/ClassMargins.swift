import Adjoint

// Margins between the scores of right and wrong classes. The parts are the examples.

extension Loss {
  /// sum_i max(0, margin - x_y + x_i)^power / classes over the classes i other than the right one y.
  ///
  /// Shapes: scores `[n, classes]`; labels are `[n]` integers.
  /// - Parameters:
  ///   - power: 1 or 2.
  ///   - margin: by how much the right score should be above the others.
  ///   - classWeights: weights of examples by their class; unlike in `crossEntropy`, the mean is
  ///     divided by the number of examples.
  public static func multiMargin(
    power: Int = 1, margin: Double = 1, classWeights: Tensor? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Loss {
    if power != 1 && power != 2 {
      programmingError(
        "multiMargin", "the power must be 1 or 2, not \(power)", file: file, line: line)
    }
    return Loss("multiMargin", of: .any) { scores, target, file, line in
      let inputs = LossInputs("multiMargin", file, line)
      if scores.rank != 2 { inputs.fail("needs predictions [n, classes], not \(scores.shape)") }
      inputs.requireClasses(scores, target)
      inputs.requireLabels(target, below: scores.shape[1])
      let labels = target.cast(to: .int64)
      let right = scores.gatheringAlongAxis(labels.expandingDimension(at: 1), axis: 1)
      let isRight = oneHot(labels, count: scores.shape[1], dtype: .bool)
      var hinges = relu(`where`(isRight, 0, margin - right + scores))
      if power == 2 { hinges = square(hinges) }
      let parts = hinges.mean(axes: [1])
      guard let classWeights else { return parts }
      inputs.requireWeights(classWeights, for: scores)
      return parts * classWeights.gathering(labels)
    }
  }

  /// sum_ij max(0, 1 - x_i + x_j) / classes over right classes i and wrong ones j of an example.
  ///
  /// Shapes: scores `[n, classes]`; targets alike, 1 for the classes an example is in, else 0.
  /// (PyTorch has lists of labels that end with -1.) It takes memory for n classes² numbers.
  public static let multiLabelMargin = Loss("multiLabelMargin", of: .any) {
    scores, target, file, line in
    let inputs = LossInputs("multiLabelMargin", file, line)
    inputs.requireAlike(scores, target)
    if scores.rank != 2 { inputs.fail("needs predictions [n, classes], not \(scores.shape)") }
    if ((target .!= 0) .& (target .!= 1)).sum().scalar > 0 { inputs.fail("targets must be 0 or 1") }
    let right = scores.expandingDimension(at: 2)
    let wrong = scores.expandingDimension(at: 1)
    let isPair = target.expandingDimension(at: 2) .> target.expandingDimension(at: 1)
    return relu(`where`(isPair, 1 - right + wrong, 0)).sum(axes: [2]).mean(axes: [1])
  }
}
