/// The blocks of a markdown text: the part of CommonMark and GitHub's tables that prose needs.
package enum Markdown {
  package indirect enum Block: Equatable, Sendable {
    case heading(level: Int, text: String)
    case paragraph(String)
    case code(language: String, text: String)
    case list(ordered: Bool, start: Int, items: [[Block]])
    case quote([Block])
    case table(header: [String], alignments: [Alignment], rows: [[String]])
    case rule
  }

  package enum Alignment: String, Sendable {
    case left, center, right
    case natural = ""
  }

  package static func parse(_ text: String) -> [Block] {
    parse(text.split(separator: "\n", omittingEmptySubsequences: false), depth: 0)
  }

  /// - Parameter depth: How many quotes and lists stand around; beyond 16 text is a paragraph.
  private static func parse(_ lines: [Substring], depth: Int) -> [Block] {
    var lines = lines[...]
    var blocks: [Block] = []
    while let line = lines.first {
      if line.isBlank {
        lines.removeFirst()
      } else if let block = fence(&lines) ?? heading(&lines) ?? rule(&lines) ?? table(&lines) {
        blocks.append(block)
      } else if depth < 16, let block = quote(&lines, depth) ?? list(&lines, depth) {
        blocks.append(block)
      } else {
        blocks.append(paragraph(&lines))
      }
    }
    return blocks
  }

  private static func fence(_ lines: inout ArraySlice<Substring>) -> Block? {
    guard let first = lines.first else { return nil }
    let indent = first.indent
    let mark = first.trimmed.prefix { $0 == "`" || $0 == "~" }
    guard mark.count >= 3, Set(mark).count == 1 else { return nil }
    let language = first.trimmed.dropFirst(mark.count).trimmed
    guard !language.contains("`") else { return nil }
    lines.removeFirst()
    var body: [Substring] = []
    while let line = lines.popFirst() {
      let text = line.trimmed
      if text.hasPrefix(mark), text.allSatisfy({ $0 == mark.first }) { break }
      body.append(line.dropFirst(min(indent, line.indent)))
    }
    return .code(language: String(language), text: body.joined(separator: "\n"))
  }

  private static func heading(_ lines: inout ArraySlice<Substring>) -> Block? {
    guard let text = lines.first?.trimmed else { return nil }
    let level = text.prefix { $0 == "#" }.count
    let rest = text.dropFirst(level)
    guard (1...6).contains(level), rest.isEmpty || rest.first == " " else { return nil }
    lines.removeFirst()
    var title = rest.trimmed
    let closing = title.reversed().prefix { $0 == "#" }.count
    if closing > 0, closing == title.count || title.dropLast(closing).last == " " {
      title = title.dropLast(closing).trimmed
    }
    return .heading(level: level, text: String(title))
  }

  private static func rule(_ lines: inout ArraySlice<Substring>) -> Block? {
    guard let marks = lines.first?.filter({ $0 != " " }), marks.count >= 3,
      let mark = marks.first, "-*_".contains(mark), marks.allSatisfy({ $0 == mark })
    else { return nil }
    lines.removeFirst()
    return .rule
  }

  private static func quote(_ lines: inout ArraySlice<Substring>, _ depth: Int) -> Block? {
    guard let first = lines.first, first.trimmed.hasPrefix(">") else { return nil }
    var body: [Substring] = []
    while let line = lines.first, !line.isBlank {
      let text = line.trimmed
      // A line without a sign continues the quoted paragraph.
      guard text.hasPrefix(">") || !startsBlock(line) else { break }
      let mark = text.hasPrefix("> ") ? 2 : text.hasPrefix(">") ? 1 : 0
      body.append(text.dropFirst(mark))
      lines.removeFirst()
    }
    return .quote(parse(body, depth: depth + 1))
  }

  private static func paragraph(_ lines: inout ArraySlice<Substring>) -> Block {
    var body = [lines.removeFirst().trimmedStart]
    while let line = lines.first, !line.isBlank, !startsBlock(line) {
      body.append(line.trimmedStart)
      lines.removeFirst()
    }
    return .paragraph(body.joined(separator: "\n"))
  }

  /// Whether a line ends the paragraph before it.
  private static func startsBlock(_ line: Substring) -> Bool {
    var lines = [line][...]
    if heading(&lines) != nil || rule(&lines) != nil { return true }
    let text = line.trimmed
    if text.hasPrefix("```") || text.hasPrefix("~~~") || text.hasPrefix(">") { return true }
    guard let marker = ListMarker(line) else { return false }
    return !marker.ordered || marker.number == 1
  }
}

// MARK: - Lists

private struct ListMarker {
  var ordered: Bool
  var number: Int
  /// Where the marker starts and where the item's text starts.
  var indent: Int
  var width: Int

  init?(_ line: Substring) {
    indent = line.indent
    let text = line.dropFirst(indent)
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    var rest = text.dropFirst(digits.count)
    guard let sign = rest.popFirst() else { return nil }
    if digits.isEmpty {
      guard "-*+".contains(sign) else { return nil }
    } else {
      guard digits.count <= 9, sign == "." || sign == ")" else { return nil }
    }
    guard rest.first == " ", !rest.isBlank else { return nil }
    ordered = !digits.isEmpty
    number = Int(digits) ?? 1
    width = indent + digits.count + 1 + min(4, rest.indent)
  }
}

extension Markdown {
  private static func list(_ lines: inout ArraySlice<Substring>, _ depth: Int) -> Block? {
    guard let first = lines.first.flatMap(ListMarker.init) else { return nil }
    var items: [[Block]] = []
    while let line = lines.first, let marker = ListMarker(line),
      marker.ordered == first.ordered, marker.indent < first.width
    {
      lines.removeFirst()
      var body = [line.dropFirst(marker.width)]
      while let next = lines.first {
        if next.isBlank {
          // A blank line belongs to the item when indented text follows.
          guard let after = lines.first(where: { !$0.isBlank }), after.indent >= marker.width
          else { break }
          body.append("")
        } else if next.indent >= marker.width {
          body.append(next.dropFirst(marker.width))
        } else if startsBlock(next) || ListMarker(next) != nil || body.last?.isBlank == true {
          break
        } else {
          body.append(next.trimmedStart)
        }
        lines.removeFirst()
      }
      items.append(parse(body, depth: depth + 1))
      skipBlanks(&lines, before: first)
    }
    return .list(ordered: first.ordered, start: first.number, items: items)
  }

  private static func skipBlanks(_ lines: inout ArraySlice<Substring>, before first: ListMarker) {
    guard let next = lines.firstIndex(where: { !$0.isBlank }),
      let marker = ListMarker(lines[next]), marker.ordered == first.ordered
    else { return }
    lines = lines[next...]
  }
}

// MARK: - Tables

extension Markdown {
  private static func table(_ lines: inout ArraySlice<Substring>) -> Block? {
    guard lines.count >= 2, let first = lines.first, first.contains("|") else { return nil }
    let header = cells(first)
    let marks = cells(lines[lines.startIndex + 1])
    guard header.count == marks.count, !marks.isEmpty,
      marks.allSatisfy({ $0.contains("-") && $0.allSatisfy { "-: ".contains($0) } })
    else { return nil }
    lines.removeFirst(2)
    let alignments = marks.map { mark -> Alignment in
      switch (mark.hasPrefix(":"), mark.hasSuffix(":")) {
      case (true, true): .center
      case (false, true): .right
      case (true, false): .left
      case (false, false): .natural
      }
    }
    var rows: [[String]] = []
    while let line = lines.first, !line.isBlank, line.contains("|") {
      let row = cells(line) + Array(repeating: "", count: header.count)
      rows.append(Array(row.prefix(header.count)))
      lines.removeFirst()
    }
    return .table(header: header, alignments: alignments, rows: rows)
  }

  /// The cells of a row; `\|` is a bar inside a cell.
  private static func cells(_ line: Substring) -> [String] {
    var cells = [""]
    var escaped = false
    var text = line.trimmed
    if text.first == "|" { text.removeFirst() }
    if text.last == "|", !text.hasSuffix("\\|") { text.removeLast() }
    for character in text {
      if character == "|", !escaped {
        cells.append("")
      } else {
        if character == "|" { cells[cells.count - 1].removeLast() }
        cells[cells.count - 1].append(character)
      }
      escaped = character == "\\"
    }
    return cells.map { String($0[...].trimmed) }
  }
}

extension Substring {
  fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
  fileprivate var indent: Int { prefix { $0 == " " }.count }
  fileprivate var trimmedStart: Substring { drop { $0.isWhitespace } }
  fileprivate var trimmed: Substring {
    var text = trimmedStart
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
