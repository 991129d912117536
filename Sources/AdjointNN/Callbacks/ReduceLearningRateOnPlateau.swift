import Adjoint

/// Makes the learning rate of every optimizer smaller when a number has stopped to get better.
///
/// After `patience` epochs in a row that were no better than the best by more than `minimumDelta` the
/// rate is multiplied by `factor`. Texts and conventions are those of Keras.
public final class ReduceLearningRateOnPlateau: Callback {
  // Nothing is shared with `ReduceOnPlateau`, which decides as PyTorch does: there patience and
  // cooldown last one epoch longer, a threshold may be relative, and what was counted is forgotten
  // at the minimum too. One core would need a setting for each, more than the two decisions have.
  private let factor: Double
  private let patience: Int
  private let cooldown: Int
  private let minimumRate: Double
  private let verbose: Bool
  private var monitor: Monitor
  private var wait = 0
  private var cooldownLeft = 0

  /// The settings of Keras by default.
  ///
  /// - Parameters:
  ///   - monitor: the number in the logs that is watched.
  ///   - factor: what the rate is multiplied by, below 1.
  ///   - patience: how many epochs without progress are borne.
  ///   - mode: which values are better.
  ///   - minimumDelta: a smaller step to the better counts for nothing.
  ///   - cooldown: how many epochs are passed over after a reduction.
  ///   - minimumRate: what the rate never falls below.
  ///   - verbose: whether to tell.
  public init(
    monitor: String = "val_loss", factor: Double = 0.1, patience: Int = 10,
    mode: MonitorMode = .automatic, minimumDelta: Double = 1e-4, cooldown: Int = 0,
    minimumRate: Double = 0, verbose: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    if !(factor >= 0 && factor < 1) {
      programmingError(
        "ReduceLearningRateOnPlateau", "the factor must be in 0 ..< 1, not \(factor)", file: file,
        line: line)
    }
    self.monitor = Monitor(monitor, mode: mode, minimumDelta: minimumDelta)
    (self.factor, self.patience, self.cooldown) = (factor, patience, cooldown)
    (self.minimumRate, self.verbose) = (minimumRate, verbose)
  }

  /// Forgets an earlier training; stops the program where a schedule sets the rates.
  public func trainingBegins(_ training: Training) {
    training.refuseSchedule("ReduceLearningRateOnPlateau")
    if !training.history.trainSeconds.isEmpty || training.totalBatches > 0 { return }
    monitor.reset()
    (wait, cooldownLeft) = (0, 0)
  }

  /// Looks at the number.
  public func epochEnds(_ training: Training) throws {
    // The rate of this epoch, not that of the next one, belongs to its logs.
    training.log("learning_rate", training.optimizers[0].learningRate)
    let value = try monitor.value(in: training)
    if cooldownLeft > 0 {
      cooldownLeft -= 1
      wait = 0
    }
    if monitor.isBetter(value) {
      monitor.accept(value)
      wait = 0
      return
    }
    if cooldownLeft > 0 { return }
    wait += 1
    if wait < patience { return }
    for optimizer in training.optimizers where optimizer.learningRate > minimumRate {
      optimizer.learningRate = max(optimizer.learningRate * factor, minimumRate)
      (cooldownLeft, wait) = (cooldown, 0)
      if verbose {
        training.announce(
          "Epoch \(training.epoch + 1): ReduceLROnPlateau reducing learning rate to "
            + "\(optimizer.learningRate).")
      }
    }
  }

  /// What has been seen.
  public var stateDictionary: [String: Tensor] {
    .init(numbers: [
      "best": monitor.best, "wait": Double(wait), "cooldown": Double(cooldownLeft),
    ])
  }

  /// Continues where another one stopped.
  public func load(stateDictionary: [String: Tensor]) throws(StateMismatch) {
    let numbers = try stateDictionary.numbers(["best", "wait", "cooldown"])
    monitor.accept(numbers["best"] ?? .nan)
    wait = Int(exactly: numbers["wait"] ?? 0) ?? 0
    cooldownLeft = Int(exactly: numbers["cooldown"] ?? 0) ?? 0
  }
}
