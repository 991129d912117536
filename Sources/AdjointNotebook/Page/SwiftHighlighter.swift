/// Marks up Swift source for reading: keywords, types, numbers, strings and comments.
package enum SwiftHighlighter {
  private static let keywords: Set<String> = [
    "actor", "any", "as", "associatedtype", "async", "await", "borrowing", "break", "case",
    "catch", "class", "consuming", "continue", "convenience", "default", "defer", "deinit", "do",
    "else", "enum", "extension", "fallthrough", "false", "fileprivate", "final", "for", "func",
    "get", "guard", "if", "import", "in", "indirect", "init", "inout", "internal", "is", "lazy",
    "let", "mutating", "nil", "nonisolated", "open", "operator", "override", "package", "private",
    "protocol", "public", "repeat", "required", "rethrows", "return", "self", "Self", "set",
    "some", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try",
    "typealias", "unowned", "var", "weak", "where", "while",
  ]

  package static func html(_ source: String) -> String {
    var result = ""
    var rest = source[...]
    var before: Character = " "
    while !rest.isEmpty {
      let (length, kind) = token(rest, after: before)
      let text = rest.prefix(length)
      let escaped = String(text).xmlEscaped
      result += kind.map { "<span class=\"\($0)\">\(escaped)</span>" } ?? escaped
      before = text.last ?? " "
      rest = rest.dropFirst(length)
    }
    return result
  }

  /// The length of the token at the start of `rest`, at least 1, and the class it is shown in.
  private static func token(_ rest: Substring, after before: Character) -> (Int, String?) {
    guard let first = rest.first else { return (1, nil) }
    if rest.hasPrefix("//") { return (rest.prefix { !$0.isNewline }.count, "comment") }
    if rest.hasPrefix("/*") { return (blockComment(rest), "comment") }
    if first == "\"" || first == "#", let length = string(rest) { return (length, "string") }
    if first.isNumber {
      return (number(rest), "number")
    }
    if first == "@" || first == "#" {
      let name = rest.dropFirst().prefix(while: isWord)
      return (1 + name.count, name.isEmpty ? nil : "keyword")
    }
    guard isWord(first) else { return (1, nil) }
    let word = String(rest.prefix(while: isWord))
    // After a dot even a keyword's name is a member.
    if before != ".", keywords.contains(word) { return (word.count, "keyword") }
    return (word.count, first.isUppercase ? "type" : nil)
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  private static func number(_ rest: Substring) -> Int {
    var length = 0
    var last: Character = " "
    var hasDot = false
    for (character, next) in zip(rest, Array(rest.dropFirst().prefix(64)) + [" "]) {
      let isPoint = character == "." && !hasDot && next.isNumber
      let isSign = "+-".contains(character) && "eEpP".contains(last) && !rest.hasPrefix("0x")
      guard isWord(character) || isPoint || isSign else { break }
      hasDot = hasDot || isPoint
      last = character
      length += 1
    }
    return max(1, length)
  }

  private static func blockComment(_ rest: Substring) -> Int {
    var depth = 0
    var length = 0
    var text = rest
    repeat {
      if text.hasPrefix("/*") || text.hasPrefix("*/") {
        depth += text.hasPrefix("/*") ? 1 : -1
        text = text.dropFirst(2)
        length += 2
      } else {
        text = text.dropFirst()
        length += 1
      }
    } while depth > 0 && !text.isEmpty
    return length
  }

  /// The length of a string literal with its delimiters, or nil when none starts here.
  private static func string(_ rest: Substring) -> Int? {
    let hashes = rest.prefix { $0 == "#" }
    var text = rest.dropFirst(hashes.count)
    let isLong = text.hasPrefix("\"\"\"")
    let quote = isLong ? "\"\"\"" : "\""
    guard text.hasPrefix(quote) else { return nil }
    let close = quote + hashes
    let escape = "\\" + hashes
    var length = hashes.count + quote.count
    text = text.dropFirst(quote.count)
    var interpolation = 0
    while let character = text.first {
      if interpolation == 0, text.hasPrefix(close) { return length + close.count }
      if !isLong, character.isNewline { return length }
      var step = 1
      if text.hasPrefix(escape) {
        step = escape.count
        if text.dropFirst(step).first == "(" { interpolation += 1 }
        step += 1
      } else if interpolation > 0 {
        if character == "(" { interpolation += 1 }
        if character == ")" { interpolation -= 1 }
      }
      let taken = text.prefix(step)
      length += taken.count
      text = text.dropFirst(step)
    }
    return length
  }
}
