/// Ends the training after a batch whose loss makes the running mean infinite or no number.
public final class TerminateOnNaN: Callback {
  private let name: String

  /// Watches the loss.
  ///
  /// - Parameter name: the name of the loss in logs.
  public init(loss name: String = "loss") { self.name = name }

  /// Looks at the loss.
  public func batchEnds(_ training: Training) {
    // Not by way of the logs, which would compute all metrics after every batch.
    guard let loss = training.position.tally.means[name]?.value, !loss.isFinite else { return }
    training.announce("Batch \(training.batch - 1): Invalid loss, terminating training")
    training.shouldStop = true
  }
}
