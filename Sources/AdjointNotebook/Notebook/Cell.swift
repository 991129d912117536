/// One cell of a notebook: what the script's author wrote, and the lines it occupies.
package struct Cell: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case markdown, code, raw
  }

  package var kind: Kind
  package var title: String
  package var tags: [String]
  /// The text without the comment markers of a markdown cell and without blank lines around it.
  package var source: String
  /// The 1-based lines of the script from the cell's marker to the line before the next marker.
  package var lines: ClosedRange<Int>

  /// The headings of a markdown cell, in order, without their `#` signs.
  package var headings: [String] {
    guard kind == .markdown else { return [] }
    return Markdown.parse(source).compactMap { block in
      if case .heading(_, let text) = block { return Markdown.plainText(text) }
      return nil
    }
  }
}

/// What a cell produced when it ran.
package enum CellOutput: Sendable {
  case text(String)
  case figure(Figure, png: [UInt8])
}
