/// Reads the JSON (RFC 8259) of a safetensors header, or of an index of such files, and no other.
///
/// Callers say what must come next, so the nesting of the text never drives the scanner: there is
/// no recursion to exhaust and no tree to build. It refuses what general parsers let pass: a name
/// twice in one object, numbers that are not whole, lists longer than expected.
struct HeaderScanner {
  private let bytes: ArraySlice<UInt8>
  private let file: String
  /// The position in the file, not in the header.
  private(set) var offset: Int

  init(_ bytes: ArraySlice<UInt8>, file: String) {
    self.bytes = bytes
    self.file = file
    offset = bytes.startIndex
  }

  /// Scans an object and calls `member` with each name, to scan the value that belongs to it.
  mutating func object(_ member: (inout HeaderScanner, String) throws -> Void) throws {
    try expect("{")
    guard try !skips("}") else { return }
    // Names are compared as Swift's strings: two spellings of the same é count as one name.
    var names: Set<String> = []
    repeat {
      skipSpace()
      let start = offset
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
        offset += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard closing.popLast() == byte else { throw malformed("a value expected") }
        offset += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        guard !closing.isEmpty else { throw malformed("a value expected") }
        offset += 1
      default:
        let word = bytes[offset...].prefix { byte in
          UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
            || UInt8(ascii: "+")...UInt8(ascii: "9") ~= byte
        }
        guard !word.isEmpty else { throw malformed("a value expected") }
        offset += word.count
      }
    } while !closing.isEmpty
  }

  /// Demands that only white space follows.
  mutating func finish() throws {
    skipSpace()
    guard offset == bytes.endIndex else { throw malformed("the header goes on after its object") }
  }

  mutating func string() throws -> String {
    try expect("\"")
    let start = offset
    var text: [UInt8] = []
    while true {
      guard let byte = next else { throw malformed("the header ends within a string") }
      offset += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw malformed("the string is not UTF-8", at: start)
        }
        return string
      case UInt8(ascii: "\\"): text += try escaped().utf8
      case 0..<0x20: throw malformed("control character \(byte) in a string", at: offset - 1)
      default: text.append(byte)
      }
    }
  }

  private mutating func integer() throws -> Int {
    skipSpace()
    let start = offset
    var value = 0
    while let byte = next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      guard !overflow && !carry else { throw malformed("the number exceeds \(Int.max)", at: start) }
      value = sum
      offset += 1
    }
    let length = offset - start
    guard length == 1 || (length > 1 && bytes[start] != UInt8(ascii: "0")) else {
      throw malformed("a whole number expected", at: start)
    }
    return value
  }

  private mutating func escaped() throws -> String {
    let start = offset - 1
    let byte = next
    offset += 1
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
      if UTF16.isLeadSurrogate(units[0]), bytes[offset...].starts(with: Array("\\u".utf8)) {
        offset += 2
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
    let digits = bytes[offset...].prefix(4)
    guard digits.count == 4,
      // The radix parser would accept a sign.
      digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw malformed("four hexadecimal digits expected") }
    offset += 4
    return unit
  }

  private var next: UInt8? { offset < bytes.endIndex ? bytes[offset] : nil }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { offset += 1 }
  }

  /// Whether the next sign is this one, which is then behind the scanner.
  private mutating func skips(_ sign: Unicode.Scalar) throws -> Bool {
    skipSpace()
    guard let byte = next else { throw malformed("the header ends too early") }
    guard byte == UInt8(ascii: sign) else { return false }
    offset += 1
    return true
  }

  private mutating func expect(_ sign: Unicode.Scalar) throws {
    guard try skips(sign) else { throw malformed("'\(sign)' expected") }
  }

  private func malformed(_ message: String, at position: Int? = nil) -> FormatError {
    FormatError(.malformed, file: file, field: "header", offset: position ?? offset, message)
  }
}
