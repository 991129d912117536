import Adjoint

/// Running means by name, and metrics, of the batches seen so far.
struct Tally {
  /// Means by name.
  var means: [String: RunningMean] = [:]
  /// Metrics with what they have seen.
  var metrics: [Metric]
  /// Whether the metrics have seen anything: else they are in no log.
  var hasMeasured = false

  init(_ metrics: [Metric]) {
    self.metrics = metrics
    for index in metrics.indices { self.metrics[index].reset() }
  }

  mutating func record(_ name: String, _ value: Double, rows: Int) {
    means[name, default: RunningMean()].update(value, weight: Double(rows))
  }

  /// Lets all metrics see a batch.
  ///
  /// - Parameter isLogits: whether the prediction is what the model gives before its softmax.
  mutating func measure(
    _ prediction: Tensor, _ target: Tensor, isLogits: Bool, _ file: StaticString, _ line: UInt
  ) {
    hasMeasured = true
    let needsProbabilities = isLogits && metrics.contains { !$0.takesLogits }
    let probabilities = needsProbabilities ? softmax(prediction) : prediction
    for index in metrics.indices {
      metrics[index].update(
        metrics[index].takesLogits ? prediction : probabilities, target, file: file, line: line)
    }
  }

  /// The values by name, in the order of logs.
  func values(prefix: String = "") -> [(name: String, value: Double)] {
    (means.map { ($0, $1.value) } + (hasMeasured ? metrics.map { ($0.name, $0.value) } : []))
      .sorted { $0.0 < $1.0 }.map { (prefix + $0.0, $0.1) }
  }
}
