/// Reads the Python dictionary in the header of an npy file, and no other literal.
///
/// Callers say what must come next, so there is no recursion that nested text could exhaust.
struct LiteralScanner: HeaderText {
  let bytes: ArraySlice<UInt8>
  let file: String
  let origin: Int
  var index: Int

  init(_ bytes: ArraySlice<UInt8>, origin: Int, file: String) {
    (self.bytes, self.origin, self.file) = (bytes, origin, file)
    index = bytes.startIndex
  }

  /// Scans a dictionary and calls `member` with each key, to scan the value that belongs to it.
  mutating func dictionary(_ member: (inout LiteralScanner, String) throws -> Void) throws {
    try expect("{")
    var keys: Set<String> = []
    while !skips("}") {
      skipSpace()
      let start = index
      let key = try string()
      guard keys.insert(key).inserted else {
        throw malformed("the key '\(key)' occurs twice", at: start)
      }
      try expect(":")
      try member(&self, key)
      guard skips(",") else {
        try expect("}")
        return
      }
    }
  }

  /// Scans the text of a plain element type; a list is the description of a structured one.
  mutating func elementType() throws -> String {
    skipSpace()
    guard next != UInt8(ascii: "[") && next != UInt8(ascii: "(") else {
      throw FormatError(
        .unsupported, file: file, field: "header", offset: offset,
        "structured element types are not supported; save one array for each field")
    }
    return try string()
  }

  /// Scans `True` or `False`.
  mutating func truthValue() throws -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)]
    where bytes[index...].starts(with: word.utf8) {
      index += word.utf8.count
      return value
    }
    throw malformed("True or False expected")
  }

  /// Scans a tuple of whole numbers: `()`, `(3,)`, `(3, 4)`.
  mutating func tuple() throws -> [Int] {
    try expect("(")
    var values: [Int] = []
    while !skips(")") {
      values.append(try integer())
      // Python 2 marked long integers so, and its files are still about.
      if next == UInt8(ascii: "L") { index += 1 }
      guard skips(",") else {
        // A single number in parentheses is a number.
        guard values.count > 1 else { throw malformed("',' expected") }
        try expect(")")
        break
      }
    }
    return values
  }

  /// Demands that only white space follows.
  mutating func finish() throws {
    skipSpace()
    guard index == bytes.endIndex else {
      throw malformed("the header goes on after its dictionary")
    }
  }

  private mutating func string() throws -> String {
    skipSpace()
    guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw malformed("a string expected")
    }
    let start = index + 1
    guard let end = bytes[start...].firstIndex(of: quote) else {
      throw malformed("the header ends within a string")
    }
    // No key and no plain element type has another character.
    guard bytes[start..<end].allSatisfy({ 0x20..<0x7f ~= $0 && $0 != UInt8(ascii: "\\") }) else {
      throw malformed("the string holds another character than plain ASCII")
    }
    index = end + 1
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  mutating func skips(_ sign: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: sign) else { return false }
    index += 1
    return true
  }
}
