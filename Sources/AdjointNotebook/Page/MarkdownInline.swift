import Foundation

extension Markdown {
  /// The text inside a block as HTML: code, emphasis, links, images and mathematics.
  package static func inlineHTML(_ text: String) -> String {
    html(text[...], depth: 0)
  }

  /// The text inside a block without its marks.
  package static func plainText(_ text: String) -> String {
    var result = ""
    var inTag = false
    for character in inlineHTML(text) {
      if character == "<" { inTag = true }
      if !inTag { result.append(character) }
      if character == ">" { inTag = false }
    }
    for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'")] {
      result = result.replacingOccurrences(of: entity, with: character)
    }
    return result.replacingOccurrences(of: "&amp;", with: "&")
  }

  private static func html(_ text: Substring, depth: Int) -> String {
    var result = ""
    var rest = text
    var before: Character = " "
    while let character = rest.first {
      if depth < 12, let (markup, end) = span(at: rest, after: before, depth: depth) {
        result += markup
        before = rest[rest.index(before: end)]
        rest = rest[end...]
        continue
      }
      if character == "\\", let next = rest.dropFirst().first, next.isPunctuationMark {
        result += String(next).xmlEscaped
        rest = rest.dropFirst(2)
      } else if character == "\n" {
        // Two spaces at the end of a line break it.
        let breaks = result.hasSuffix("  ")
        while result.last == " " { result.removeLast() }
        result += breaks ? "<br>\n" : "\n"
        rest = rest.dropFirst()
      } else {
        result += String(character).xmlEscaped
        rest = rest.dropFirst()
      }
      before = character
    }
    return result
  }

  /// The marked-up span at the start of `rest`, and where it ends.
  private static func span(
    at rest: Substring, after before: Character, depth: Int
  ) -> (String, Substring.Index)? {
    switch rest.first {
    case "`": code(rest)
    case "*", "_": emphasis(rest, after: before, depth: depth)
    case "$": mathematics(rest)
    case "<": address(rest)
    case "[": link(rest, depth: depth)
    case "!" where rest.dropFirst().first == "[":
      link(rest.dropFirst(), depth: depth, isImage: true)
    default: nil
    }
  }

  private static func code(_ rest: Substring) -> (String, Substring.Index)? {
    let mark = rest.prefix { $0 == "`" }
    var search = rest[mark.endIndex...]
    while let start = search.firstIndex(of: "`") {
      let run = search[start...].prefix { $0 == "`" }
      if run.count == mark.count {
        var body = rest[mark.endIndex..<start]
        if body.count > 2, body.first == " ", body.last == " " {
          body = body.dropFirst().dropLast()
        }
        return ("<code>\(String(body).xmlEscaped)</code>", run.endIndex)
      }
      search = search[run.endIndex...]
    }
    // Backticks that nothing closes are text, all of them.
    return (String(mark), mark.endIndex)
  }

  private static func emphasis(
    _ rest: Substring, after before: Character, depth: Int
  ) -> (String, Substring.Index)? {
    guard let sign = rest.first else { return nil }
    let run = rest.prefix { $0 == sign }.count
    // An underscore inside a word is a letter.
    if sign == "_", before.isLetter || before.isNumber { return nil }
    for length in [3, 2, 1] where run >= length {
      let mark = String(repeating: sign, count: length)
      let start = rest.index(rest.startIndex, offsetBy: length)
      guard let first = rest[start...].first, !first.isWhitespace, first != sign else { continue }
      var search = rest[start...]
      while let range = search.range(of: mark) {
        let next = rest[range.upperBound...].first
        let closesWord = sign == "*" || !(next.map { $0.isLetter || $0.isNumber } ?? false)
        let body = rest[start..<range.lowerBound]
        if !body.isEmpty, body.last?.isWhitespace == false, body.last != "\\", closesWord,
          length > 1 || next != sign
        {
          let tags = [("<em>", "</em>"), ("<strong>", "</strong>")]
          let (open, close) =
            length == 3 ? ("<strong><em>", "</em></strong>") : tags[length - 1]
          return (open + html(body, depth: depth + 1) + close, range.upperBound)
        }
        search = rest[range.upperBound...]
      }
    }
    return nil
  }

  /// `$x^2$`, unless it looks like an amount of money.
  private static func mathematics(_ rest: Substring) -> (String, Substring.Index)? {
    let mark = rest.hasPrefix("$$") ? 2 : 1
    let start = rest.index(rest.startIndex, offsetBy: mark)
    guard let first = rest[start...].first, mark == 2 || !first.isWhitespace,
      let range = rest[start...].range(of: mark == 2 ? "$$" : "$"),
      range.lowerBound > start
    else { return nil }
    let body = rest[start..<range.lowerBound]
    let next = rest[range.upperBound...].first
    guard mark == 2 || body.last?.isWhitespace == false && next?.isNumber != true
    else { return nil }
    let kind = mark == 2 ? "math display" : "math"
    return ("<span class=\"\(kind)\">\(MathText.html(body))</span>", range.upperBound)
  }

  /// `<https://…>`.
  private static func address(_ rest: Substring) -> (String, Substring.Index)? {
    guard let end = rest.firstIndex(of: ">") else { return nil }
    let text = rest[rest.index(after: rest.startIndex)..<end]
    guard text.hasPrefix("http://") || text.hasPrefix("https://"),
      !text.contains(where: \.isWhitespace)
    else { return nil }
    let address = String(text).xmlEscaped
    return ("<a href=\"\(address)\">\(address)</a>", rest.index(after: end))
  }

  /// `[text](address "title")`, and the same after `!` for an image.
  private static func link(
    _ rest: Substring, depth: Int, isImage: Bool = false
  ) -> (String, Substring.Index)? {
    guard let close = matching("[", "]", in: rest) else { return nil }
    let target = rest[rest.index(after: close)...]
    guard target.first == "(", let end = matching("(", ")", in: target) else { return nil }
    let label = rest[rest.index(after: rest.startIndex)..<close]
    let inside = target[target.index(after: target.startIndex)..<end]
    let words = inside.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    let address = words.first.map(String.init) ?? ""
    let after = rest.index(after: end)
    guard isSafe(address) else { return (html(label, depth: depth + 1), after) }
    let reference = address.xmlEscaped
    if isImage {
      return ("<img src=\"\(reference)\" alt=\"\(String(label).xmlEscaped)\">", after)
    }
    return ("<a href=\"\(reference)\">\(html(label, depth: depth + 1))</a>", after)
  }

  private static func matching(
    _ open: Character, _ close: Character, in text: Substring
  ) -> Substring.Index? {
    var level = 0
    var escaped = false
    for index in text.indices {
      let character = text[index]
      if escaped {
        escaped = false
      } else if character == "\\" {
        escaped = true
      } else if character == open {
        level += 1
      } else if character == close {
        level -= 1
        if level == 0 { return index }
      }
    }
    return nil
  }

  /// Whether an address leads to a page, a mail or a place nearby, and runs no script.
  private static func isSafe(_ address: String) -> Bool {
    let head = address.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard let colon = head.firstIndex(of: ":") else { return !address.isEmpty }
    return ["http", "https", "mailto"].contains(head[..<colon].lowercased())
  }
}

extension Character {
  fileprivate var isPunctuationMark: Bool { isASCII && (isPunctuation || isSymbol) }
}
