import Adjoint

/// Why values do not fit the parameters and buffers of a model.
public struct StateMismatch: Error, Equatable, Sendable, CustomStringConvertible {
  /// A parameter or buffer whose value has another shape or dtype.
  public struct Difference: Equatable, Sendable {
    /// Its path.
    public let name: String
    /// What the model has.
    public let expected: String
    /// What was given.
    public let found: String
  }

  /// Parameters and buffers that were given no value.
  public let missing: [String]
  /// Names that nothing in the model has.
  public let unexpected: [String]
  /// Values of another shape or dtype.
  public let differences: [Difference]

  /// One line that names everything concerned.
  public var description: String {
    var parts = differences.map {
      "\"\($0.name)\" is \($0.expected) in the model, but \($0.found) was given"
    }
    func list(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }
    if !missing.isEmpty { parts.append("missing: \(list(missing))") }
    if !unexpected.isEmpty { parts.append("unexpected: \(list(unexpected))") }
    return parts.joined(separator: "; ")
  }
}

extension Module {
  /// The values of all parameters and buffers by path, without history.
  ///
  /// What is shared is there once, under its first path.
  public var stateDictionary: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: state.map { ($0.name, $0.value) })
  }

  /// Sets all parameters and buffers to values given by path.
  ///
  /// Names, shapes and dtypes must be those of the model. If anything differs the model stays as it
  /// was and a ``StateMismatch`` tells everything that differs.
  public func load(stateDictionary: [String: Tensor]) throws(StateMismatch) {
    let state = state
    try StateMismatch.check(stateDictionary, fits: state.map { ($0.name, $0.value) })
    for entry in state {
      if let value = stateDictionary[entry.name] { entry.assign(value) }
    }
  }

  /// Sets all parameters and buffers to those of a model of the same architecture.
  ///
  /// With a second instance this is a copy: `let twin = Model(); try twin.load(from: model)`.
  public func load(from other: some Module) throws(StateMismatch) {
    try load(stateDictionary: other.stateDictionary)
  }

  /// Parameters, then buffers, in the order of their declarations.
  var state: [StateEntry] {
    namedParameters.map { name, parameter in
      StateEntry(name: name, value: parameter.value.detached) { parameter.value = $0 }
    }
      + namedBuffers.map { name, buffer in
        StateEntry(name: name, value: buffer.value) { buffer.value = $0 }
      }
  }
}

/// A value of a model's state, and how it is replaced.
struct StateEntry {
  let name: String
  let value: Tensor
  let assign: (Tensor) -> Void
}

extension StateMismatch {
  /// Throws unless there is exactly one value of the right shape and dtype for every name.
  static func check(
    _ values: [String: Tensor], fits expected: [(name: String, value: Tensor)]
  ) throws(StateMismatch) {
    let differences = expected.compactMap { name, old -> Difference? in
      guard let new = values[name], new.shape != old.shape || new.dtype != old.dtype else {
        return nil
      }
      return Difference(
        name: name, expected: "\(old.dtype) \(old.shape)", found: "\(new.dtype) \(new.shape)")
    }
    let missing = expected.map(\.name).filter { values[$0] == nil }
    let unexpected = Set(values.keys).subtracting(expected.map(\.name)).sorted()
    guard missing.isEmpty, unexpected.isEmpty, differences.isEmpty else {
      throw StateMismatch(missing: missing, unexpected: unexpected, differences: differences)
    }
  }
}
