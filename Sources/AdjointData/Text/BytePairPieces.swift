/// Cuts text into the pieces within which byte pairs are merged: words with the space before them,
/// numbers, punctuation, white space.
///
/// A simple form of GPT-2's rule, on bytes and without a regular expression: bytes of letters beyond
/// ASCII count as letters, there are no contractions, and a piece ends after ``limit`` bytes, so that
/// no text, however made, takes more than linear time.
struct BytePairPieces: Sequence, IteratorProtocol {
  /// The most bytes of a piece.
  static let limit = 128

  private enum Kind {
    case letter, digit, space, other
  }

  private static let kinds: [Kind] = (0...255).map { byte in
    switch UInt8(byte) {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x80...0xff:
      .letter
    case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
    case 0x20, 0x09...0x0d: .space
    default: .other
    }
  }

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) { (self.bytes, position) = (bytes, bytes.startIndex) }

  mutating func next() -> ArraySlice<UInt8>? {
    guard position < bytes.endIndex else { return nil }
    let start = position
    let last = Swift.min(bytes.endIndex, start + Self.limit)
    var kind = Self.kinds[Int(bytes[position])]
    position += 1
    if kind == .space {
      let isOneSpace = bytes[start] == 0x20
      if isOneSpace && position < last && Self.kinds[Int(bytes[position])] != .space {
        // A single space belongs to what follows it.
        kind = Self.kinds[Int(bytes[position])]
        position += 1
      } else {
        run(of: .space, upTo: last)
        // And so does the last of several.
        if position < bytes.endIndex && position - start > 1 && bytes[position - 1] == 0x20
          && Self.kinds[Int(bytes[position])] != .space
        {
          position -= 1
        }
        return bytes[start..<position]
      }
    }
    run(of: kind, upTo: last)
    return bytes[start..<position]
  }

  private mutating func run(of kind: Kind, upTo last: Int) {
    while position < last && Self.kinds[Int(bytes[position])] == kind { position += 1 }
  }
}
