import Foundation

/// Splits a script into cells by the percent format that Jupytext defines.
///
/// A line `// %% title [markdown] key=value` starts a cell. In a markdown or raw cell every line is
/// a comment; the first line of code after it starts a code cell, marker or not, because the
/// compiler will run it.
package enum PercentFormat {
  package static func cells(of script: String) -> [Cell] {
    var cells: [Cell] = []
    var marker = Marker(kind: .code, title: "", tags: [])
    var body: [Substring] = []
    var firstLine = 1
    var quote = MultilineString()

    func close(at lastLine: Int) {
      let cell = Cell(
        kind: marker.kind, title: marker.title, tags: marker.tags,
        source: text(of: body, kind: marker.kind), lines: firstLine...max(firstLine, lastLine))
      if !cell.source.isEmpty { cells.append(cell) }
      body = []
      firstLine = lastLine + 1
    }

    let lines = script.split(omittingEmptySubsequences: false) {
      ["\n", "\r\n", "\r"].contains($0)
    }
    for (index, line) in lines.enumerated().dropFirst(headerLength(lines)) {
      if !quote.isOpen, let next = Marker(line: line) {
        close(at: index)
        marker = next
        quote = MultilineString()
        continue
      }
      if marker.kind != .code, !isCommentOrBlank(line) {
        close(at: index)
        marker = Marker(kind: .code, title: "", tags: [])
      }
      if marker.kind == .code { quote.read(line) }
      body.append(line)
    }
    close(at: lines.count)
    return cells
  }

  /// The length of the comment block in which Jupytext keeps a script's notebook metadata.
  private static func headerLength(_ lines: [Substring]) -> Int {
    guard lines.first == "// ---",
      let end = lines.dropFirst().firstIndex(of: "// ---"),
      lines[..<end].allSatisfy({ $0.hasPrefix("//") })
    else { return 0 }
    return end + 1
  }

  private static func isCommentOrBlank(_ line: Substring) -> Bool {
    let trimmed = line.drop { $0.isWhitespace }
    return trimmed.isEmpty || trimmed.hasPrefix("//")
  }

  private static func text(of body: [Substring], kind: Cell.Kind) -> String {
    let lines = kind == .code ? dedented(body) : body.map(uncommented)
    let isText = { (line: Substring) in !line.allSatisfy(\.isWhitespace) }
    guard let first = lines.firstIndex(where: isText), let last = lines.lastIndex(where: isText)
    else { return "" }
    return lines[first...last].joined(separator: "\n")
  }

  private static func uncommented(_ line: Substring) -> Substring {
    let trimmed = line.drop { $0.isWhitespace }
    if trimmed.hasPrefix("// ") { return trimmed.dropFirst(3) }
    return trimmed.hasPrefix("//") ? trimmed.dropFirst(2) : trimmed
  }

  /// Cells may stand inside a function; the page shows them without its indentation.
  private static func dedented(_ lines: [Substring]) -> [Substring] {
    let indents = lines.filter { !$0.allSatisfy(\.isWhitespace) }
      .map { $0.prefix { $0 == " " || $0 == "\t" }.count }
    let indent = indents.min() ?? 0
    return lines.map { $0.dropFirst(min(indent, $0.prefix { $0 == " " || $0 == "\t" }.count)) }
  }
}

/// A parsed cell marker.
private struct Marker {
  var kind: Cell.Kind
  var title: String
  var tags: [String]

  init(kind: Cell.Kind, title: String, tags: [String]) {
    (self.kind, self.title, self.tags) = (kind, title, tags)
  }

  init?(line: Substring) {
    var rest = line.drop { $0.isWhitespace }
    guard rest.hasPrefix("//") else { return nil }
    rest = rest.dropFirst(2).drop { $0 == " " }
    guard rest.hasPrefix("%%") else { return nil }
    rest = rest.drop { $0 == "%" }
    guard rest.first.map(\.isWhitespace) ?? true else { return nil }

    var options = ""
    var head = String(rest)
    // The metadata begins at its first `key=` or `{`; the title is all that stands before.
    if let start = rest.firstIndex(where: { $0 == "=" || $0 == "{" }) {
      var cut = start
      if rest[start] == "=" {
        while cut > rest.startIndex, !rest[rest.index(before: cut)].isWhitespace {
          cut = rest.index(before: cut)
        }
      }
      head = String(rest[..<cut])
      options = String(rest[cut...])
    }
    kind = .code
    for (name, value) in [("[markdown]", Cell.Kind.markdown), ("[md]", .markdown), ("[raw]", .raw)]
    {
      if let range = head.range(of: name) {
        kind = value
        head.removeSubrange(range)
      }
    }
    title = head.trimmingCharacters(in: .whitespaces)
    tags = Marker.tags(in: options)
  }

  /// The strings of `tags=["a", "b"]` or of the `tags` entry of a JSON object.
  private static func tags(in options: String) -> [String] {
    guard let key = options.range(of: "tags"),
      let open = options[key.upperBound...].firstIndex(of: "["),
      let close = options[open...].firstIndex(of: "]")
    else { return [] }
    let list = Data(options[open...close].utf8)
    return (try? JSONDecoder().decode([String].self, from: list)) ?? []
  }
}

/// Knows whether a line of Swift lies inside a `"""` literal, where `// %%` is no marker.
private struct MultilineString {
  private var delimiter: String?

  var isOpen: Bool { delimiter != nil }

  mutating func read(_ line: Substring) {
    var rest = line
    while true {
      if let delimiter {
        guard let end = rest.range(of: delimiter) else { return }
        self.delimiter = nil
        rest = rest[end.upperBound...]
      } else {
        guard let start = rest.range(of: "\"\"\"") else { return }
        let comment = rest.range(of: "//")
        if let comment, comment.lowerBound < start.lowerBound { return }
        let hashes = rest[..<start.lowerBound].reversed().prefix { $0 == "#" }
        delimiter = "\"\"\"" + String(hashes)
        rest = rest[start.upperBound...]
      }
    }
  }
}
