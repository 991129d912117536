import Adjoint

/// Why values do not fit the parameters of a model.
public struct StateMismatch: Error, Equatable, Sendable, CustomStringConvertible {
  /// A parameter whose value has another shape or dtype.
  public struct Difference: Equatable, Sendable {
    /// The parameter's path.
    public let name: String
    /// What the model has.
    public let expected: String
    /// What was given.
    public let found: String
  }

  /// Parameters that were given no value.
  public let missing: [String]
  /// Names that no parameter has.
  public let unexpected: [String]
  /// Values of another shape or dtype.
  public let differences: [Difference]

  /// One line that names every parameter concerned.
  public var description: String {
    var parts = differences.map {
      "parameter \"\($0.name)\" is \($0.expected) in the model, but \($0.found) was given"
    }
    func list(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }
    if !missing.isEmpty { parts.append("missing: \(list(missing))") }
    if !unexpected.isEmpty { parts.append("unexpected: \(list(unexpected))") }
    return parts.joined(separator: "; ")
  }
}

extension Module {
  /// The values of all parameters by path, without history.
  ///
  /// A parameter that is shared is there once, under its first path.
  public var stateDictionary: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: namedParameters.map { ($0.name, $0.parameter.value.detached) })
  }

  /// Sets all parameters to values given by path.
  ///
  /// Names, shapes and dtypes must be those of the model. If anything differs the model stays as it
  /// was and a ``StateMismatch`` tells everything that differs.
  public func load(stateDictionary: [String: Tensor]) throws(StateMismatch) {
    let named = namedParameters
    var differences: [StateMismatch.Difference] = []
    for (name, parameter) in named {
      guard let value = stateDictionary[name] else { continue }
      if value.shape != parameter.shape || value.dtype != parameter.dtype {
        differences.append(
          StateMismatch.Difference(
            name: name, expected: "\(parameter.dtype) \(parameter.shape)",
            found: "\(value.dtype) \(value.shape)"))
      }
    }
    let missing = named.map(\.name).filter { stateDictionary[$0] == nil }
    let unexpected = Set(stateDictionary.keys).subtracting(named.map(\.name)).sorted()
    guard missing.isEmpty, unexpected.isEmpty, differences.isEmpty else {
      throw StateMismatch(missing: missing, unexpected: unexpected, differences: differences)
    }
    for (name, parameter) in named {
      if let value = stateDictionary[name] { parameter.value = value }
    }
  }
}
