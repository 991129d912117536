import Adjoint
import Foundation

/// Writes event files that TensorBoard shows.
///
/// As with Keras, the numbers of an epoch go to `train` and `validation` in the folder, as
/// `epoch_loss` and so on, with the number of the epoch as the step.
///
/// ```
/// tensorboard --logdir folder
/// ```
/// Source of the formats: `event.proto` and `summary.proto` of TensorFlow.
public final class TensorBoard: Callback {
  private let folder: URL
  private let histogramInterval: Int
  private var writers: [String: EventFile] = [:]

  /// Writes into this folder.
  ///
  /// - Parameters:
  ///   - folder: the folder that TensorBoard is given, or one inside of it.
  ///   - histogramInterval: after how many epochs histograms of all parameters are written; 0 for
  ///     never.
  public init(_ folder: URL, histogramInterval: Int = 0) {
    (self.folder, self.histogramInterval) = (folder, histogramInterval)
  }

  /// Starts new files, beside those of earlier trainings.
  public func trainingBegins(_ training: Training) { writers = [:] }

  /// Writes the numbers of the epoch.
  public func epochEnds(_ training: Training) throws {
    let step = training.epoch
    var (train, validation): ([SummaryValue], [SummaryValue]) = ([], [])
    for (name, value) in training.logs {
      if name.hasPrefix("val_") {
        validation.append(.scalar("epoch_" + name.dropFirst(4), value))
      } else {
        train.append(.scalar("epoch_" + name, value))
      }
    }
    if histogramInterval > 0 && step % histogramInterval == 0 {
      for (path, parameter) in training.model.namedParameters {
        let name = path.replacing(".", with: "/") + "/histogram"
        train.append(.histogram(name, parameter.value.detached))
      }
    }
    try write(train, to: "train", step)
    try write(validation, to: "validation", step)
  }

  private func write(_ values: [SummaryValue], to name: String, _ step: Int) throws {
    if values.isEmpty { return }
    let writer = try writers[name] ?? EventFile(in: folder.appending(path: name))
    writers[name] = writer
    try writer.write(values, step: step)
  }
}
