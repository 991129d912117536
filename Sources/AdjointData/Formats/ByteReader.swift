/// The bytes of a file in order, unpacked on the way when they are gzip's.
struct ByteReader {
  private enum Source {
    case plain([UInt8])
    case gzip(Inflater)
  }

  let file: String
  private let source: Source
  private(set) var offset = 0

  init(_ bytes: [UInt8], file: String) throws {
    self.file = file
    source =
      Inflater.isGzip(bytes)
      ? .gzip(try Inflater(bytes[...], container: .gzip, file: file)) : .plain(bytes)
  }

  /// The next bytes, exactly `count` of them; nothing is allocated for bytes that are not there.
  mutating func read(_ count: Int, field: String) throws -> [UInt8] {
    defer { offset += count }
    switch source {
    case .gzip(let reader): return try reader.read(count, field: field)
    case .plain(let bytes):
      guard count <= bytes.count - offset else {
        throw FormatError(
          .truncated, file: file, field: field, offset: offset,
          "\(count) bytes expected, the file holds \(bytes.count - offset) more")
      }
      return Array(bytes[offset..<offset + count])
    }
  }

  /// Demands that nothing follows; returns the verified CRC-32 of gzip contents, nil for plain ones.
  func finish() throws -> UInt32? {
    switch source {
    case .gzip(let reader): return try reader.finish()
    case .plain(let bytes):
      guard offset == bytes.count else {
        throw FormatError(
          .malformed, file: file, field: "end of data", offset: offset,
          "the header announces \(offset) bytes, the file holds \(bytes.count)")
      }
      return nil
    }
  }
}
