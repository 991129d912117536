import Adjoint
import Foundation

/// Ends the training when a number has stopped to get better.
///
/// Patience counts epochs: training ends after `patience` epochs in a row that were no better than
/// the best by more than `minimumDelta`. Texts and conventions are those of Keras; with
/// `restoresBestWeights` the model ends with the parameters and buffers of its best epoch, also where
/// training was not stopped.
public final class EarlyStopping: Callback {
  /// The number of the epoch, from 0, after which training was stopped; nil if it was not.
  public private(set) var stoppedEpoch: Int?
  /// The number of the best epoch so far, from 0.
  public private(set) var bestEpoch = 0

  private let patience: Int
  private let restoresBestWeights: Bool
  private let firstEpoch: Int
  private let verbose: Bool
  private var monitor: Monitor
  private var wait = 0
  private var bestState: [String: Tensor] = [:]

  /// Stops when the validation loss has risen once, by default.
  ///
  /// - Parameters:
  ///   - monitor: the number in the logs that is watched.
  ///   - minimumDelta: a smaller step to the better counts for nothing.
  ///   - patience: how many epochs without progress end the training.
  ///   - mode: which values are better.
  ///   - restoresBestWeights: whether the model ends as it was after the best epoch.
  ///   - firstEpoch: epochs before it, from 0, are not watched.
  ///   - verbose: whether to tell.
  public init(
    monitor: String = "val_loss", minimumDelta: Double = 0, patience: Int = 0,
    mode: MonitorMode = .automatic, restoresBestWeights: Bool = false, firstEpoch: Int = 0,
    verbose: Bool = false
  ) {
    self.monitor = Monitor(monitor, mode: mode, minimumDelta: minimumDelta)
    (self.patience, self.restoresBestWeights) = (patience, restoresBestWeights)
    (self.firstEpoch, self.verbose) = (firstEpoch, verbose)
  }

  /// Forgets an earlier training.
  public func trainingBegins(_ training: Training) {
    if !training.history.trainSeconds.isEmpty || training.totalBatches > 0 { return }
    monitor.reset()
    (wait, bestEpoch, stoppedEpoch, bestState) = (0, 0, nil, [:])
  }

  /// Looks at the number.
  public func epochEnds(_ training: Training) throws {
    let value = try monitor.value(in: training)
    if training.epoch < firstEpoch { return }
    if restoresBestWeights && bestState.isEmpty {
      (bestState, bestEpoch) = (training.model.stateDictionary, training.epoch)
    }
    wait += 1
    if monitor.isBetter(value) {
      monitor.accept(value)
      (bestEpoch, wait) = (training.epoch, 0)
      if restoresBestWeights { bestState = training.model.stateDictionary }
    } else if wait >= patience && training.epoch > 0 {
      stoppedEpoch = training.epoch
      training.shouldStop = true
    }
  }

  /// Restores the best weights.
  public func trainingEnds(_ training: Training) throws {
    if verbose, let stoppedEpoch { training.announce("Epoch \(stoppedEpoch + 1): early stopping") }
    if bestState.isEmpty { return }
    if verbose {
      training.announce(
        "Restoring model weights from the end of the best epoch: \(bestEpoch + 1).")
    }
    try training.model.load(stateDictionary: bestState)
  }

  /// What has been seen, and the best weights.
  public var stateDictionary: [String: Tensor] {
    let numbers = [String: Tensor](numbers: [
      "best": monitor.best, "wait": Double(wait), "bestEpoch": Double(bestEpoch),
      "stoppedEpoch": Double(stoppedEpoch ?? -1),
    ])
    let weights = bestState.map { ("weights." + $0.key, $0.value) }
    return numbers.merging(weights) { $1 }
  }

  /// Continues where another one stopped.
  public func load(stateDictionary: [String: Tensor]) throws(StateMismatch) {
    let numbers = try stateDictionary.numbers(
      ["best", "wait", "bestEpoch", "stoppedEpoch"], besides: "weights.")
    func whole(_ name: String) -> Int { Int(exactly: numbers[name] ?? 0) ?? 0 }
    monitor.accept(numbers["best"] ?? .nan)
    (wait, bestEpoch) = (whole("wait"), whole("bestEpoch"))
    stoppedEpoch = whole("stoppedEpoch") < 0 ? nil : whole("stoppedEpoch")
    let weights = stateDictionary.filter { $0.key.hasPrefix("weights.") }
    bestState = Dictionary(weights.map { (String($0.key.dropFirst(8)), $0.value) }) { $1 }
  }
}
