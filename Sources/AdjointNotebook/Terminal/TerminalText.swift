/// Text as it stands on a terminal once everything has been written.
///
/// Progress displays return to the start of their line (`\r`), step back (`\b`), and colour words
/// with escape sequences. A notebook keeps what a reader would see at the end.
package enum TerminalText {
  package static func settled(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0 == "\r" || $0 == "\u{8}" || $0 == "\u{1B}" })
    else { return text }
    // A Swift Character may join "\r\n", so the walk goes by scalars.
    return removingEscapes(text).split(separator: "\n", omittingEmptySubsequences: false)
      .map(line).joined(separator: "\n")
  }

  private static func line(_ scalars: Substring.UnicodeScalarView) -> String {
    var cells: [Unicode.Scalar] = []
    var column = 0
    for scalar in scalars {
      switch scalar {
      case "\r": column = 0
      case "\u{8}": column = max(0, column - 1)
      default:
        if column < cells.count { cells[column] = scalar } else { cells.append(scalar) }
        column += 1
      }
    }
    let wasRedrawn = scalars.contains { $0 == "\r" || $0 == "\u{8}" }
    while wasRedrawn, cells.last == " " { cells.removeLast() }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: cells)
    return String(result)
  }

  /// Drops CSI sequences (`ESC [ … letter`), which colour text or move the cursor.
  private static func removingEscapes(_ text: String) -> Substring.UnicodeScalarView {
    var kept = String.UnicodeScalarView()
    var scalars = text.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      guard scalar == "\u{1B}" else {
        kept.append(scalar)
        continue
      }
      guard scalars.first == "[" else { continue }
      scalars.removeFirst()
      while let next = scalars.popFirst(), !("@"..."~").contains(next) {}
    }
    return String(kept)[...].unicodeScalars
  }
}
