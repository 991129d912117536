import Foundation

/// Writes a line of JSON after each epoch: `{"epoch":0,"loss":0.3,"seconds":1.2}`.
///
/// A value that is infinite or no number is `null`, since JSON has no other word for it. A resumed
/// training writes the epochs before anew, without their seconds.
public final class JSONLinesHistory: Callback {
  private let url: URL
  private var file: GrowingFile?

  /// Writes into this file, in the place of an older one.
  public init(_ url: URL) { self.url = url }

  /// Starts the file.
  public func trainingBegins(_ training: Training) throws {
    file = try GrowingFile(url, startingWith: [])
    let before = training.history
    for (index, epoch) in zip(before.epochs.indices, before.numbers) {
      try write(training.epoch - before.epochs.count + index, epoch)
    }
  }

  /// Adds a line.
  public func epochEnds(_ training: Training) throws {
    var numbers = Dictionary(training.logs.map { ($0.name, $0.value) }) { $1 }
    numbers["seconds"] = training.epochSeconds
    try write(training.epoch, numbers)
  }

  private func write(_ epoch: Int, _ numbers: [String: Double]) throws {
    let pairs = try numbers.sorted { $0.key < $1.key }.map { name, value in
      let key = String(decoding: try JSONEncoder().encode(name), as: UTF8.self)
      return "\(key):\(value.isFinite ? "\(value)" : "null")"
    }
    let line = "{" + (["\"epoch\":\(epoch)"] + pairs).joined(separator: ",") + "}\n"
    try file?.append(Array(line.utf8))
  }
}
