import Adjoint

/// Takes values out of a state dictionary and notes everything that does not fit.
struct StateReader {
  private let dictionary: [String: Tensor]
  private var asked: Set<String> = []
  private var missing: [String] = []
  private var differences: [StateMismatch.Difference] = []

  init(_ dictionary: [String: Tensor]) { self.dictionary = dictionary }

  /// Whether there is something of this name.
  func contains(_ name: String) -> Bool { dictionary[name] != nil }

  /// A tensor of the shape and dtype of another.
  mutating func tensor(_ name: String, like other: Tensor) -> Tensor? {
    asked.insert(name)
    guard let found = dictionary[name] else {
      missing.append(name)
      return nil
    }
    if found.shape == other.shape && found.dtype == other.dtype { return found.detached }
    differ(name, "\(other.dtype) \(other.shape)", "\(found.dtype) \(found.shape)")
    return nil
  }

  /// A number of a range.
  mutating func number(_ name: String, in range: ClosedRange<Double>) -> Double? {
    guard let value = tensor(name, like: Tensor(0, dtype: .float64))?.scalar else { return nil }
    if range.contains(value) { return value }
    differ(name, "in \(range.lowerBound) ... \(range.upperBound)", "\(value)")
    return nil
  }

  /// A whole number that is not negative, and small enough to be counted on.
  mutating func count(_ name: String) -> Int? {
    guard let value = tensor(name, like: Tensor([0] as [Int], shape: []))?.scalars(as: Int.self)[0]
    else { return nil }
    if (0...(1 << 53)).contains(value) { return value }
    differ(name, "in 0 ... 2^53", "\(value)")
    return nil
  }

  mutating func differ(_ name: String, _ expected: String, _ found: String) {
    differences.append(.init(name: name, expected: expected, found: found))
  }

  /// Throws unless everything that was asked for was there, and nothing else.
  func finish() throws(StateMismatch) {
    let unexpected = Set(dictionary.keys).subtracting(asked).sorted()
    guard missing.isEmpty, unexpected.isEmpty, differences.isEmpty else {
      throw StateMismatch(
        missing: missing.sorted(), unexpected: unexpected,
        differences: differences.sorted { $0.name < $1.name })
    }
  }
}
