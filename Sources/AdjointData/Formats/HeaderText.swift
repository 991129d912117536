/// The text of a file's header and a place in it: what the scanners of both languages share.
protocol HeaderText {
  var bytes: ArraySlice<UInt8> { get }
  var file: String { get }
  /// What is subtracted from an index of `bytes` to give a position in the file.
  var origin: Int { get }
  var index: Int { get set }

  /// Whether the next sign is this one, which is then behind the scanner.
  mutating func skips(_ sign: Unicode.Scalar) throws -> Bool
}

extension HeaderText {
  /// The position in the file.
  var offset: Int { index - origin }

  var next: UInt8? { index < bytes.endIndex ? bytes[index] : nil }

  mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { index += 1 }
  }

  mutating func expect(_ sign: Unicode.Scalar) throws {
    guard try skips(sign) else { throw malformed("'\(sign)' expected") }
  }

  /// Scans a whole number without sign, as both languages write it: no zero before other digits.
  mutating func integer() throws -> Int {
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
    return value
  }

  func malformed(_ message: String, at position: Int? = nil) -> FormatError {
    FormatError(
      .malformed, file: file, field: "header", offset: (position ?? index) - origin, message)
  }
}
