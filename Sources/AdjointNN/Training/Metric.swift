import Adjoint

/// A number for people to watch: the mean over all rows of what a function gives for each row.
public struct Metric: Sendable {
  /// The name in logs and in the history.
  public let name: String
  /// Whether logits give the same numbers as the probabilities made from them.
  let takesLogits: Bool
  private let function: @Sendable (_ prediction: Tensor, _ target: Tensor) -> Tensor

  /// A metric that gives one number, or bool, for each row of the model's output and the targets.
  public init(
    _ name: String,
    _ function: @escaping @Sendable (_ prediction: Tensor, _ target: Tensor) -> Tensor
  ) {
    self.init(name, takesLogits: false, function)
  }

  private init(
    _ name: String, takesLogits: Bool,
    _ function: @escaping @Sendable (_ prediction: Tensor, _ target: Tensor) -> Tensor
  ) {
    (self.name, self.takesLogits, self.function) = (name, takesLogits, function)
  }

  /// One number for each row: `[rows]`.
  public func callAsFunction(
    _ prediction: Tensor, _ target: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let result = function(prediction, target)
    if result.shape != [prediction.shape.first ?? 0] {
      programmingError(
        name,
        "a metric gives one number per row; for predictions \(prediction.shape) it gave "
          + "\(result.shape)", file: file, line: line)
    }
    return result
  }

  /// How often the class with the largest probability or logit is the right one.
  ///
  /// Shapes: predictions `[n, classes]`; targets are `[n]` integers or `[n, classes]` one-hot rows.
  public static let accuracy = Metric("accuracy", takesLogits: true) { prediction, target in
    let expected: Shape = target.rank == 1 ? [prediction.shape.first ?? 0] : prediction.shape
    if prediction.rank != 2 || target.shape != expected {
      programmingError(
        "accuracy",
        "needs predictions [n, classes] and targets [n] or [n, classes], not "
          + "\(prediction.shape) and \(target.shape)")
    }
    let classes = target.rank == 1 ? target.cast(to: .int64) : target.argMax(axis: 1)
    return prediction.argMax(axis: 1) .== classes
  }
}
