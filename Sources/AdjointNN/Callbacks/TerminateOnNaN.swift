/// Ends the training after a batch whose loss makes the running mean infinite or no number.
public final class TerminateOnNaN: Callback {
  private let name: String

  /// Watches the loss.
  ///
  /// - Parameter name: the name of the loss in logs.
  public init(loss name: String = "loss") { self.name = name }

  /// Looks at the loss.
  public func batchEnds(_ training: Training) {
    guard let loss = training.logs.first(where: { $0.name == name })?.value, !loss.isFinite else {
      return
    }
    training.announce("Batch \(training.batch - 1): Invalid loss, terminating training")
    training.shouldStop = true
  }
}
