import Adjoint
import AdjointData
import Foundation

/// Saves the model after each epoch, or after each that was the best so far.
///
/// A ``SavableLayer`` is saved whole, with its architecture; of any other module the parameters and
/// buffers are. `{epoch}` in the file's name becomes the number of the epoch, from 1. To go on with
/// an interrupted training take a ``CheckpointPolicy``, which saves more than the model.
public final class ModelCheckpoint: Callback {
  private let url: URL
  private let bestOnly: Bool
  private let verbose: Bool
  private var monitor: Monitor

  /// Saves after each epoch by default.
  ///
  /// - Parameters:
  ///   - url: the file; `{epoch}` in its name becomes the number of the epoch.
  ///   - monitor: with `bestOnly` the number in the logs that is watched.
  ///   - bestOnly: whether only a better model than the ones before is saved.
  ///   - mode: which values are better.
  ///   - verbose: whether to tell.
  public init(
    _ url: URL, monitor: String = "val_loss", bestOnly: Bool = false,
    mode: MonitorMode = .automatic, verbose: Bool = false
  ) {
    (self.url, self.bestOnly, self.verbose) = (url, bestOnly, verbose)
    self.monitor = Monitor(monitor, mode: mode)
  }

  /// Saves if it is time.
  public func epochEnds(_ training: Training) throws {
    let number = training.epoch + 1
    let name = url.lastPathComponent.replacing("{epoch}", with: "\(number)")
    let file = url.deletingLastPathComponent().appending(path: name)
    let path = file.path(percentEncoded: false)
    if bestOnly {
      let value = try monitor.value(in: training)
      let before = monitor.best.isNaN ? "None" : String(format: "%.5f", monitor.best)
      if !monitor.isBetter(value) {
        tell(training, "Epoch \(number): \(monitor.name) did not improve from \(before)")
        return
      }
      let now = String(format: "%.5f", value)
      tell(
        training,
        "Epoch \(number): \(monitor.name) improved from \(before) to \(now), saving model to \(path)"
      )
      monitor.accept(value)
    } else {
      tell(training, "Epoch \(number): saving model to \(path)")
    }
    if let layer = training.model as? any SavableLayer {
      try layer.save(to: file)
    } else {
      let state = training.model.stateDictionary.map { ($0.key, $0.value) }
      try SafeTensors(state, metadata: ["format": "pt"]).write(to: file)
    }
    tell(training, "Epoch \(number): finished saving model to \(path)")
  }

  /// The best value.
  public var stateDictionary: [String: Tensor] { .init(numbers: ["best": monitor.best]) }

  /// Continues where another one stopped.
  public func load(stateDictionary: [String: Tensor]) throws(StateMismatch) {
    monitor.accept(try stateDictionary.numbers(["best"])["best"] ?? .nan)
  }

  private func tell(_ training: Training, _ text: String) {
    if verbose { training.announce(text) }
  }
}
