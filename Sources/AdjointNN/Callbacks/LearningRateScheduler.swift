/// Sets the learning rate of every optimizer at the start of each epoch.
///
/// ```swift
/// LearningRateScheduler { epoch, rate in epoch < 10 ? rate : rate * 0.9 }
/// ```
/// For a rate that changes with every batch give `TrainingOptions(schedule:)`.
public final class LearningRateScheduler: Callback {
  private let rate: (_ epoch: Int, _ rate: Double) -> Double
  private let verbose: Bool

  /// A rate as a function of the number of the epoch, from 0, and of the present rate.
  public init(verbose: Bool = false, _ rate: @escaping (_ epoch: Int, _ rate: Double) -> Double) {
    (self.rate, self.verbose) = (rate, verbose)
  }

  /// Stops the program where a schedule sets the rates.
  public func trainingBegins(_ training: Training) {
    training.refuseSchedule("LearningRateScheduler")
  }

  /// Sets the rates.
  public func epochBegins(_ training: Training) {
    for optimizer in training.optimizers {
      optimizer.learningRate = rate(training.epoch, optimizer.learningRate)
      if verbose {
        training.announce(
          "Epoch \(training.epoch + 1): LearningRateScheduler setting learning rate to "
            + "\(optimizer.learningRate).")
      }
    }
  }

  /// Adds the first optimizer's rate to the logs.
  public func epochEnds(_ training: Training) {
    training.log("learning_rate", training.optimizers[0].learningRate)
  }
}
