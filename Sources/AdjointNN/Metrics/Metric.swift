import Adjoint

/// A number for people to watch: it sees batch after batch and knows the value for all of them.
///
/// ```swift
/// model.fit(x, y, loss: .categoricalCrossEntropy, optimizer: Adam(), metrics: [.accuracy, .f1(.macro)])
///
/// var metric = Metric.rocAUC                      // on its own
/// for batch in batches { metric.update(model(batch[0]), batch[1]) }
/// print(metric.value)
///
/// let share = Metric.accuracy(predictions, labels)  // of one set of predictions
/// ```
/// The value is that of all rows together, not a mean of batches. One of your own is a function that
/// gives a number for each row, or a ``MetricState`` where a mean over rows will not do.
public struct Metric: Sendable {
  /// The name in logs and in the history.
  public let name: String
  /// Whether logits give the same numbers as the probabilities made from them.
  let takesLogits: Bool
  private let initial: any MetricState
  private var state: any MetricState

  /// A metric with a state of your own.
  public init(_ name: String, _ state: some MetricState) {
    self.init(name, takesLogits: false, state)
  }

  /// The mean over all rows of what a function gives for each row.
  ///
  /// - Parameters:
  ///   - name: the name in logs and in the history.
  ///   - function: gives one number, or bool, for each row of the model's output and the targets.
  public init(
    _ name: String,
    _ function: @escaping @Sendable (_ prediction: Tensor, _ target: Tensor) -> Tensor
  ) {
    self.init(
      name, RowMean(name: name) { prediction, target, _, _ in function(prediction, target) })
  }

  init(_ name: String, takesLogits: Bool, _ state: some MetricState) {
    (self.name, self.takesLogits) = (name, takesLogits)
    (initial, self.state) = (state, state)
  }

  private init(renaming other: Metric, to name: String) {
    (self.name, takesLogits) = (name, other.takesLogits)
    (initial, state) = (other.initial, other.state)
  }

  /// The same metric under another name.
  public func named(_ name: String) -> Metric { Metric(renaming: self, to: name) }

  /// Takes in the predictions and targets of a batch.
  public mutating func update(
    _ prediction: Tensor, _ target: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) {
    withoutRecording { state.update(prediction, target, file: file, line: line) }
  }

  /// The value for everything seen since the start or the last `reset`; NaN where there is none.
  public var value: Double { state.value }

  /// Forgets everything seen.
  public mutating func reset() { state = initial }

  /// The value for these predictions alone.
  public func callAsFunction(
    _ prediction: Tensor, _ target: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Double {
    var metric = self
    metric.reset()
    metric.update(prediction, target, file: file, line: line)
    return metric.value
  }

  /// What a checkpoint holds of it.
  var accumulated: [Double] {
    get { state.accumulated }
    set { state.accumulated = newValue }
  }
}

/// What a metric remembers of the batches it has seen.
public protocol MetricState: Sendable {
  /// Takes in the predictions and targets of a batch.
  mutating func update(
    _ prediction: Tensor, _ target: Tensor, file: StaticString, line: UInt)

  /// The value for everything seen.
  var value: Double { get }

  /// Everything that was remembered, so that a checkpoint can hold it.
  ///
  /// Assigning numbers that another instance of the same settings gave makes this one equal to it.
  /// What comes from a damaged file may have any length: it is then ignored.
  var accumulated: [Double] { get set }
}
