/// A message in the wire format of protocol buffers, field after field.
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ field: UInt64, integer value: Int) {
    key(field, 0)
    varint(UInt64(bitPattern: Int64(value)))
  }

  mutating func add(_ field: UInt64, float value: Float) {
    key(field, 5)
    bytes += littleEndian(value.bitPattern)
  }

  mutating func add(_ field: UInt64, double value: Double) {
    key(field, 1)
    bytes += littleEndian(value.bitPattern)
  }

  mutating func add(_ field: UInt64, doubles values: [Double]) {
    add(field, bytes: values.flatMap { littleEndian($0.bitPattern) })
  }

  mutating func add(_ field: UInt64, text: String) { add(field, bytes: Array(text.utf8)) }

  mutating func add(_ field: UInt64, message: ProtobufMessage) { add(field, bytes: message.bytes) }

  private mutating func add(_ field: UInt64, bytes contents: [UInt8]) {
    key(field, 2)
    varint(UInt64(contents.count))
    bytes += contents
  }

  private mutating func key(_ field: UInt64, _ wireType: UInt64) { varint(field << 3 | wireType) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest > 0x7f {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// The bytes of a number, the least significant first.
func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}
