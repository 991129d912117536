import Adjoint

extension Module {
  /// The parameters that training changes: those that are not frozen.
  public var trainableParameters: [Parameter] { parameters.filter { !$0.isFrozen } }

  /// Keeps all parameters, or those whose path matches, as they are in training.
  ///
  /// ```swift
  /// model.freeze(matching: "encoder.**")
  /// ```
  /// - Parameter pattern: a path in which `*` stands for any part of one component and `**` for any
  ///   components. One that matches no parameter stops the program.
  public func freeze(
    matching pattern: String = "**", file: StaticString = #fileID, line: UInt = #line
  ) {
    for (_, parameter) in namedParameters(matching: pattern, file: file, line: line) {
      parameter.isFrozen = true
    }
  }

  /// Lets training change all parameters again, or those whose path matches.
  ///
  /// - Parameter pattern: as for `freeze`.
  public func unfreeze(
    matching pattern: String = "**", file: StaticString = #fileID, line: UInt = #line
  ) {
    for (_, parameter) in namedParameters(matching: pattern, file: file, line: line) {
      parameter.isFrozen = false
    }
  }

  /// The parameters whose path matches a pattern such as `*.weight` or `encoder.**`.
  ///
  /// `*` stands for any characters within one component of the path, `**` for any characters. A
  /// pattern other than `**` that matches no parameter stops the program: it is a typing mistake.
  public func namedParameters(
    matching pattern: String, file: StaticString = #fileID, line: UInt = #line
  ) -> [(name: String, parameter: Parameter)] {
    let pieces = PathPattern(pattern)
    let named = namedParameters
    let found = named.filter { pieces.matches($0.name) }
    if found.isEmpty && pattern != "**" {
      let names = named.map(\.name).joined(separator: ", ")
      programmingError(
        kind, "no parameter matches \"\(pattern)\"; there are: \(names)", file: file, line: line)
    }
    return found
  }
}

/// A path with wildcards.
private struct PathPattern {
  private enum Piece: Equatable {
    case character(Character)
    /// Any number of characters, of one component only or of several.
    case wildcard(crossesDots: Bool)
  }
  private var pieces: [Piece] = []

  init(_ text: String) {
    for character in text {
      switch (character, pieces.last) {
      case ("*", .wildcard): pieces[pieces.count - 1] = .wildcard(crossesDots: true)
      case ("*", _): pieces.append(.wildcard(crossesDots: false))
      default: pieces.append(.character(character))
      }
    }
  }

  /// Whether the whole path matches; the work is the product of both lengths, whatever the pattern.
  func matches(_ path: String) -> Bool {
    // reached[i]: the first i pieces match the characters read so far.
    var reached = [true] + pieces.map { _ in false }
    func skipEmpty() {
      for (index, piece) in pieces.enumerated() where reached[index] {
        if case .wildcard = piece { reached[index + 1] = true }
      }
    }
    skipEmpty()
    for character in path {
      var next = reached.map { _ in false }
      for (index, piece) in pieces.enumerated() where reached[index] {
        switch piece {
        case .character(character): next[index + 1] = true
        case .character: break
        case .wildcard(let crossesDots): if crossesDots || character != "." { next[index] = true }
        }
      }
      reached = next
      skipEmpty()
    }
    return reached[pieces.count]
  }
}
