/// Reads the JSON (RFC 8259) of a safetensors header, or of an index of such files, and no other.
///
/// Callers say what must come next, so the nesting of the text never drives the scanner: there is
/// no recursion to exhaust and no tree to build. It refuses what general parsers let pass: a name
/// twice in one object, numbers that are not whole, lists longer than expected.
struct HeaderScanner: HeaderText {
  let bytes: ArraySlice<UInt8>
  let file: String
  /// The slice has the indices of the file.
  var origin: Int { 0 }
  var index: Int

  init(_ bytes: ArraySlice<UInt8>, file: String) {
    self.bytes = bytes
    self.file = file
    index = bytes.startIndex
  }

  /// Scans an object and calls `member` with each name, to scan the value that belongs to it.
  mutating func object(_ member: (inout HeaderScanner, String) throws -> Void) throws {
    try expect("{")
    guard try !skips("}") else { return }
    // Names are compared as Swift's strings: two spellings of the same é count as one name.
    var names: Set<String> = []
    repeat {
      skipSpace()
      let start = index
      let name = try string()
      guard names.insert(name).inserted else {
        throw malformed("the name \"\(name)\" occurs twice", at: start)
      }
      try expect(":")
      try member(&self, name)
    } while try skips(",")
    try expect("}")
  }

  /// Scans a list of at most `limit` whole numbers.
  mutating func integers(atMost limit: Int) throws -> [Int] {
    try expect("[")
    guard try !skips("]") else { return [] }
    var values: [Int] = []
    repeat {
      guard values.count < limit else {
        throw malformed("a list of at most \(limit) numbers expected")
      }
      values.append(try integer())
    } while try skips(",")
    try expect("]")
    return values
  }

  /// Scans any value and forgets it; of what is in it, strings and brackets are checked.
  mutating func skip() throws {
    var closing: [UInt8] = []
    repeat {
      skipSpace()
      guard let byte = next else { throw malformed("the header ends too early") }
      switch byte {
      case UInt8(ascii: "\""): _ = try string()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        // Either closing bracket is two places behind its opening one.
        closing.append(byte + 2)
        index += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard closing.popLast() == byte else { throw malformed("a value expected") }
        index += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        guard !closing.isEmpty else { throw malformed("a value expected") }
        index += 1
      default:
        let word = bytes[index...].prefix { byte in
          UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
            || UInt8(ascii: "+")...UInt8(ascii: "9") ~= byte
        }
        guard !word.isEmpty else { throw malformed("a value expected") }
        index += word.count
      }
    } while !closing.isEmpty
  }

  /// Demands that only white space follows.
  mutating func finish() throws {
    skipSpace()
    guard index == bytes.endIndex else { throw malformed("the header goes on after its object") }
  }

  mutating func string() throws -> String {
    try expect("\"")
    let start = index
    var text: [UInt8] = []
    while true {
      guard let byte = next else { throw malformed("the header ends within a string") }
      index += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw malformed("the string is not UTF-8", at: start)
        }
        return string
      case UInt8(ascii: "\\"): text += try escaped().utf8
      case 0..<0x20: throw malformed("control character \(byte) in a string", at: index - 1)
      default: text.append(byte)
      }
    }
  }

  private mutating func escaped() throws -> String {
    let start = index - 1
    let byte = next
    index += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var units = [try codeUnit()]
      if UTF16.isLeadSurrogate(units[0]), bytes[index...].starts(with: Array("\\u".utf8)) {
        index += 2
        units.append(try codeUnit())
      }
      guard let text = String(validating: units, as: UTF16.self) else {
        throw malformed("half of a surrogate pair", at: start)
      }
      return text
    default: throw malformed("unknown escape sequence", at: start)
    }
  }

  private mutating func codeUnit() throws -> UInt16 {
    let digits = bytes[index...].prefix(4)
    guard digits.count == 4,
      // The radix parser would accept a sign.
      digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw malformed("four hexadecimal digits expected") }
    index += 4
    return unit
  }

  mutating func skips(_ sign: Unicode.Scalar) throws -> Bool {
    skipSpace()
    guard let byte = next else { throw malformed("the header ends too early") }
    guard byte == UInt8(ascii: sign) else { return false }
    index += 1
    return true
  }
}
