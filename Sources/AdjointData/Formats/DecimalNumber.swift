/// A number written with decimal digits, as it stands in a text file.
enum DecimalNumber {
  case integer(Int64)
  case float(Double)

  /// The number that these bytes spell, with blanks around it; nil when they spell none.
  ///
  /// `nan` and `inf` are numbers. Every number is rounded once, to the nearest of its type.
  init?(_ bytes: [UInt8], _ range: Range<Int>) {
    var (index, end) = (range.lowerBound, range.upperBound)
    while index < end && Self.isBlank(bytes[index]) { index += 1 }
    while index < end && Self.isBlank(bytes[end - 1]) { end -= 1 }
    let start = index
    guard index < end else { return nil }
    let isNegative = bytes[index] == UInt8(ascii: "-")
    if isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }

    var digits: UInt64 = 0
    let whole = Self.scan(bytes, &index, end, &digits)
    if index == end && 1...19 ~= whole {
      let limit = UInt64(Int64.max) + (isNegative ? 1 : 0)
      if digits <= limit {
        self = .integer(Int64(truncatingIfNeeded: isNegative ? 0 &- digits : digits))
        return
      }
    }
    var fraction = 0
    if index < end && bytes[index] == UInt8(ascii: ".") {
      index += 1
      fraction = Self.scan(bytes, &index, end, &digits)
    }
    guard whole + fraction > 0 else {
      guard let value = Self.word(bytes[index..<end]), index - start <= 1 else { return nil }
      // The sign of NaN means nothing, and is not written either.
      self = .float(isNegative && !value.isNaN ? -value : value)
      return
    }
    var exponent = 0
    if index < end && bytes[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      guard let value = Self.exponent(bytes, &index, end) else { return nil }
      exponent = value
    }
    guard index == end else { return nil }
    let scale = exponent - fraction
    if whole + fraction <= 19 && digits <= 1 << 53 && -22...22 ~= scale {
      // Both are exact, so their product or quotient is rounded once.
      let power = powersOfTen[abs(scale)]
      let value = scale < 0 ? Double(digits) / power : Double(digits) * power
      self = .float(isNegative ? -value : value)
    } else {
      guard let value = Double(String(decoding: bytes[start..<end], as: UTF8.self)) else {
        return nil
      }
      self = .float(value)
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// Appends the digits from here on to a number, and returns how many there are.
  private static func scan(
    _ bytes: [UInt8], _ index: inout Int, _ end: Int, _ number: inout UInt64
  ) -> Int {
    let start = index
    while index < end {
      let digit = bytes[index] &- UInt8(ascii: "0")
      if digit > 9 { break }
      number = number &* 10 &+ UInt64(digit)
      index += 1
    }
    return index - start
  }

  /// The number behind an `e`, no further from 0 than any exponent matters.
  private static func exponent(_ bytes: [UInt8], _ index: inout Int, _ end: Int) -> Int? {
    guard index < end else { return nil }
    let isNegative = bytes[index] == UInt8(ascii: "-")
    if isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }
    var value: UInt64 = 0
    let count = scan(bytes, &index, end, &value)
    guard count > 0 else { return nil }
    let size = count > 9 ? 1_000_000_000 : Int(value)
    return isNegative ? -size : size
  }

  private static func word(_ bytes: ArraySlice<UInt8>) -> Double? {
    guard 3...8 ~= bytes.count else { return nil }
    switch String(decoding: bytes, as: UTF8.self).lowercased() {
    case "nan": return .nan
    case "inf", "infinity": return .infinity
    default: return nil
    }
  }
}

/// Those that are exact.
private let powersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
  1e18, 1e19, 1e20, 1e21, 1e22,
]
