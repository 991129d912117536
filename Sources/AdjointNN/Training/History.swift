import Adjoint

/// What a training reported after each epoch.
public struct History: Codable, Sendable {
  /// Every reported number by name, one value for each epoch.
  ///
  /// They are `loss` and the metrics, and the same with `val_` in front for the validation.
  public private(set) var values: [String: [Double]] = [:]
  /// The seconds that each epoch spent in training, without validation.
  public private(set) var trainSeconds: [Double] = []

  /// The numbers of the epochs, from 1.
  public var epochs: [Int] { Array(1..<(trainSeconds.count + 1)) }

  /// The values of one name, one for each epoch; a name that was not reported stops the program.
  public subscript(_ name: String, file: StaticString = #fileID, line: UInt = #line) -> [Double] {
    guard let found = values[name] else {
      let known = values.isEmpty ? "nothing" : values.keys.sorted().joined(separator: ", ")
      programmingError(
        "History",
        "there is no \"\(name)\", only \(known); fit reports "
          + "its metrics, and val_... with a validation", file: file, line: line)
    }
    return found
  }

  mutating func append(_ logs: [(name: String, value: Double)], seconds: Double) {
    for (name, value) in logs { values[name, default: []].append(value) }
    trainSeconds.append(seconds)
  }
}
