/// Reads the Python dictionary in the header of an npy file, and no other literal.
///
/// Callers say what must come next, so there is no recursion that nested text could exhaust.
struct LiteralScanner {
  private let bytes: ArraySlice<UInt8>
  private let file: String
  /// What is subtracted from an index of `bytes` to give a position in the file.
  private let origin: Int
  private var index: Int

  init(_ bytes: ArraySlice<UInt8>, origin: Int, file: String) {
    (self.bytes, self.origin, self.file) = (bytes, origin, file)
    index = bytes.startIndex
  }

  /// The position in the file.
  var offset: Int { index - origin }

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

  private mutating func integer() throws -> Int {
    skipSpace()
    let start = index
    var value = 0
    while let byte = next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      guard !overflow && !carry else { throw malformed("the number exceeds \(Int.max)", at: start) }
      value = sum
      index += 1
    }
    let length = index - start
    guard length == 1 || (length > 1 && bytes[start] != UInt8(ascii: "0")) else {
      throw malformed("a whole number expected", at: start)
    }
    // Python 2 marked long integers so, and its files are still about.
    if next == UInt8(ascii: "L") { index += 1 }
    return value
  }

  private var next: UInt8? { index < bytes.endIndex ? bytes[index] : nil }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { index += 1 }
  }

  /// Whether the next sign is this one, which is then behind the scanner.
  private mutating func skips(_ sign: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: sign) else { return false }
    index += 1
    return true
  }

  private mutating func expect(_ sign: Unicode.Scalar) throws {
    guard skips(sign) else { throw malformed("'\(sign)' expected") }
  }

  private func malformed(_ message: String, at position: Int? = nil) -> FormatError {
    FormatError(
      .malformed, file: file, field: "header", offset: (position ?? index) - origin, message)
  }
}
