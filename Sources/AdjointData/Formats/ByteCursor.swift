/// A place in bytes that are in memory, from which pieces are taken without copying them.
///
/// ``ByteReader`` is for files that may be packed; this is for formats that jump.
struct ByteCursor {
  let file: String
  private let bytes: ArraySlice<UInt8>
  private var index: Int

  init(_ bytes: ArraySlice<UInt8>, file: String) {
    (self.bytes, self.file) = (bytes, file)
    index = bytes.startIndex
  }

  /// How many bytes have been taken.
  var position: Int { index - bytes.startIndex }
  /// How many bytes are left.
  var remaining: Int { bytes.endIndex - index }

  /// The next bytes, exactly `count` of them.
  mutating func read(_ count: Int, field: String) throws -> ArraySlice<UInt8> {
    guard 0...remaining ~= count else {
      throw FormatError(
        .truncated, file: file, field: field, offset: position,
        "\(count) bytes expected, there are \(remaining) more")
    }
    defer { index += count }
    return bytes[index..<index + count]
  }

  /// The next bytes as a number whose lowest byte comes first.
  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type, field: String) throws -> Value
  {
    try read(Value.bitWidth / 8, field: field).reversed().reduce(0) { $0 << 8 | Value($1) }
  }
}
