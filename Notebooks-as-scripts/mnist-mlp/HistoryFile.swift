import AdjointNN
import Foundation

/// What `history.json` holds: one value per epoch in each array, and the result after reloading.
private struct HistoryFile: Encodable {
  let epoch: [Int]
  let loss: [Double]
  let accuracy: [Double]
  let valLoss: [Double]
  let valAccuracy: [Double]
  let trainSeconds: [Double]
  let testLoss: Double
  let testAccuracy: Double
}

/// Writes the numbers of the training for other programs, with keys such as `val_loss`.
func writeHistory(_ history: History, test: Evaluation, to url: URL) throws {
  let encoder = JSONEncoder()
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
  // A diverged training has NaN losses, which JSON has no numbers for.
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
  let file = HistoryFile(
    epoch: history.epochs, loss: history["loss"], accuracy: history["accuracy"],
    valLoss: history["val_loss"], valAccuracy: history["val_accuracy"],
    trainSeconds: history.trainSeconds, testLoss: test.loss, testAccuracy: test.accuracy)
  try encoder.encode(file).write(to: url, options: .atomic)
}
