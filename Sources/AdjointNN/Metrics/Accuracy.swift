import Adjoint

extension Metric {
  /// How often the class with the largest probability or logit is the right one.
  ///
  /// Shapes: predictions `[n, classes]`; targets are `[n]` integers or `[n, classes]` one-hot rows.
  public static let accuracy = Metric(
    "accuracy", takesLogits: true,
    RowMean(name: "accuracy") { prediction, target, file, line in
      prediction.argMax(axis: 1) .== classes("accuracy", prediction, target, file, line)
    })

  /// How often the right class is among the k with the largest probabilities or logits.
  ///
  /// Of classes with equal scores the ones with smaller numbers come first. The name in logs is
  /// `top_5_accuracy` for k = 5.
  ///
  /// Shapes: as for `accuracy`.
  public static func topKAccuracy(
    _ k: Int = 5, file: StaticString = #fileID, line: UInt = #line
  ) -> Metric {
    if k < 1 {
      programmingError("topKAccuracy", "k must be positive, not \(k)", file: file, line: line)
    }
    let name = "top_\(k)_accuracy"
    return Metric(
      name, takesLogits: true,
      RowMean(name: name) { prediction, target, file, line in
        let labels = classes(name, prediction, target, file, line).expandingDimension(at: 1)
        let right = prediction.gatheringAlongAxis(labels, axis: 1)
        let isBefore =
          (prediction .> right)
          .| ((prediction .== right) .& (Tensor.arange(prediction.shape[1]) .< labels))
        // NaN is before nothing, and nothing is right about it.
        let rank = isBefore.sum(axes: [1])
        let isIn = rank .< Tensor([k], shape: [])
        return isIn .& .!isNaN(right.squeezed(1))
      })
  }

  /// How often a probability is on the right side of the threshold, in every element.
  ///
  /// A probability above the threshold means 1. For models that end with a sigmoid; those that give
  /// logits need the threshold 0.
  ///
  /// Shapes: predictions and targets alike, `[n, ...]`; targets are 0 or 1, of any dtype.
  public static func binaryAccuracy(threshold: Double = 0.5) -> Metric {
    Metric(
      "binary_accuracy",
      RowMean(name: "binary_accuracy") { prediction, target, file, line in
        if prediction.shape != target.shape || prediction.rank == 0 {
          programmingError(
            "binaryAccuracy",
            "needs predictions [n, ...] and targets of that shape, not \(prediction.shape) and "
              + "\(target.shape)", file: file, line: line)
        }
        let isRight = (prediction .> Tensor(threshold, dtype: prediction.dtype)) .== (target .!= 0)
        return isRight.reshaped(prediction.shape[0], -1).cast(to: .float64).mean(axes: [1])
      })
  }
}

/// The classes of targets, `[n]` integers or `[n, classes]` one-hot rows, as int64.
private func classes(
  _ name: String, _ prediction: Tensor, _ target: Tensor, _ file: StaticString, _ line: UInt
) -> Tensor {
  let expected: Shape = target.rank == 1 ? [prediction.shape.first ?? 0] : prediction.shape
  if prediction.rank != 2 || target.shape != expected {
    programmingError(
      name,
      "needs predictions [n, classes] and targets [n] or [n, classes], not "
        + "\(prediction.shape) and \(target.shape)", file: file, line: line)
  }
  if prediction.shape[1] == 1 {
    programmingError(
      name,
      "predictions \(prediction.shape) have one class, which is always the largest: for a sigmoid use "
        + "binaryAccuracy()", file: file, line: line)
  }
  return target.rank == 1 ? target.cast(to: .int64) : target.argMax(axis: 1)
}
