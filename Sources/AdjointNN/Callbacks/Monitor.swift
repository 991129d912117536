import Adjoint
import AdjointData

/// Which values of a number in the logs are better.
public enum MonitorMode: Sendable {
  /// Larger ones for accuracies, scores, precision, recall and areas, smaller ones for all else.
  case automatic
  /// Smaller ones, as of a loss.
  case minimize
  /// Larger ones, as of an accuracy.
  case maximize
}

/// Watches a number in the logs for the best value.
struct Monitor {
  let name: String
  let mode: MonitorMode
  /// By how much a value must be better.
  let minimumDelta: Double
  /// The best value so far; NaN before the first.
  private(set) var best = Double.nan

  init(_ name: String, mode: MonitorMode, minimumDelta: Double = 0) {
    (self.name, self.mode, self.minimumDelta) = (name, mode, abs(minimumDelta))
  }

  /// The number in the logs of a training; one that is not there stops the training with an error.
  func value(in training: Training) throws -> Double {
    let logs = training.logs
    guard let found = logs.first(where: { $0.name == name }) else {
      throw MissingLog(name: name, known: logs.map(\.name))
    }
    return found.value
  }

  /// Whether a value is better than the best, or than `other`; NaN never is.
  func isBetter(_ value: Double, than other: Double? = nil) -> Bool {
    let bound = other ?? best
    if bound.isNaN { return !value.isNaN }
    return isRising ? value - minimumDelta > bound : value + minimumDelta < bound
  }

  /// Makes a value the best one.
  mutating func accept(_ value: Double) { best = value }

  mutating func reset() { best = .nan }

  private var isRising: Bool {
    switch mode {
    case .minimize: false
    case .maximize: true
    case .automatic:
      !name.contains("loss")
        && ["acc", "auc", "score", "precision", "recall"].contains { name.contains($0) }
    }
  }
}

/// A callback watches a number that is not in the logs.
public struct MissingLog: Error, Equatable, Sendable, CustomStringConvertible {
  /// The number that is watched.
  public let name: String
  /// What is in the logs.
  public let known: [String]

  /// One line.
  public var description: String {
    "a callback watches \"\(name)\", but the logs hold only \(known.joined(separator: ", "))"
      + (name.hasPrefix("val_") && !known.contains { $0.hasPrefix("val_") }
        ? "; give fit a validation" : "")
  }
}

/// Numbers in and out of state dictionaries.
extension Dictionary where Key == String, Value == Tensor {
  init(numbers: [String: Double]) {
    self = numbers.mapValues { Tensor($0, dtype: .float64) }
  }

  /// The numbers of these names, which must be there, beside tensors under a prefix at most.
  func numbers(
    _ names: [String], besides prefix: String? = nil
  ) throws(StateMismatch) -> [String: Double] {
    let plain = filter { entry in prefix.map { !entry.key.hasPrefix($0) } ?? true }
    try StateMismatch.check(
      plain, fits: names.map { ($0, Tensor(0, dtype: .float64)) })
    return plain.mapValues(\.scalar)
  }
}
