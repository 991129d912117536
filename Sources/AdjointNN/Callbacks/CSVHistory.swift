import Foundation

/// Writes a line of comma-separated values after each epoch: its number, from 0, and the logs.
///
/// The columns are those of the first epoch, in alphabetical order as in Keras; a number that is
/// missing later is `NA`. A resumed training writes the epochs before anew.
public final class CSVHistory: Callback {
  private let url: URL
  private var file: GrowingFile?
  private var columns: [String] = []

  /// Writes into this file, in the place of an older one.
  public init(_ url: URL) { self.url = url }

  /// Starts the file.
  public func trainingBegins(_ training: Training) throws {
    (file, columns) = (nil, [])
    let before = training.history
    for (index, epoch) in zip(before.epochs.indices, before.numbers) {
      try write(training.epoch - before.epochs.count + index, epoch)
    }
  }

  /// Adds a line.
  public func epochEnds(_ training: Training) throws {
    let logs = training.logs
    try write(training.epoch, Dictionary(logs.map { ($0.name, $0.value) }) { $1 })
  }

  private func write(_ epoch: Int, _ numbers: [String: Double]) throws {
    if file == nil {
      columns = numbers.keys.sorted()
      let names = ["epoch"] + columns.map(quoted)
      file = try GrowingFile(url, startingWith: Array((names.joined(separator: ",") + "\n").utf8))
    }
    let cells = ["\(epoch)"] + columns.map { name in numbers[name].map { "\($0)" } ?? "NA" }
    try file?.append(Array((cells.joined(separator: ",") + "\n").utf8))
  }

  private func quoted(_ name: String) -> String {
    if !name.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) { return name }
    return "\"" + name.replacing("\"", with: "\"\"") + "\""
  }
}

extension History {
  /// The numbers of each epoch by name.
  ///
  /// A name that was not reported in the first epochs belongs to the last ones.
  var numbers: [[String: Double]] {
    let count = trainSeconds.count
    return (0..<count).map { epoch in
      values.compactMapValues { list in
        let index = epoch - (count - list.count)
        return list.indices.contains(index) ? list[index] : nil
      }
    }
  }
}
