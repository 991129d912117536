import CZlib

/// Unpacks deflated data (RFC 1951) piece by piece, so that the unpacked header can say how much may
/// follow before anything is allocated for it.
///
/// A class, because zlib's state points back at its `z_stream`, which therefore must never move.
final class Inflater {
  /// What stands around the deflated data.
  enum Container: String {
    /// One member of a gzip file (RFC 1952), with a checksum that is verified.
    case gzip
    /// Nothing, as in a zip archive.
    case none = "deflate"
  }

  private let packed: ArraySlice<UInt8>
  private let container: Container
  private let file: String
  private let stream: UnsafeMutablePointer<z_stream>
  private var packedOffset = 0
  private var isFinished = false
  private(set) var offset = 0

  /// How much is allocated ahead of the data: a lying header costs at most this.
  private static let pieceLimit = 1 << 26

  static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

  init(_ packed: ArraySlice<UInt8>, container: Container, file: String) throws {
    (self.packed, self.container, self.file) = (packed, container, file)
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // zlib's numbers: the largest window, plus 16 for gzip, negative for nothing around the data.
    guard adjoint_inflate_init(stream, container == .gzip ? 15 + 16 : -15) == Z_OK else {
      throw FormatError(
        .inaccessible, file: file, field: container.rawValue, "zlib could not be started")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// The next unpacked bytes, exactly `count` of them.
  func read(_ count: Int, field: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    repeat {
      let piece = try inflate(atMost: min(count - bytes.count, max(Self.pieceLimit, bytes.count)))
      if bytes.isEmpty { bytes = piece } else { bytes += piece }
    } while bytes.count < count && !isFinished
    guard bytes.count == count else {
      throw FormatError(
        .truncated, file: file, field: field, offset: offset - bytes.count,
        "\(count) bytes expected, the unpacked contents hold \(bytes.count) more")
    }
    return bytes
  }

  /// Demands that nothing follows; of gzip it returns the CRC-32 of the contents, which zlib has
  /// compared with them, as it has the length.
  @discardableResult
  func finish() throws -> UInt32 {
    guard try isFinished || inflate(atMost: 1).isEmpty else {
      throw FormatError(
        .malformed, file: file, field: "end of data", offset: offset - 1,
        "the unpacked contents go on after the \(offset - 1) bytes that their header announces")
    }
    guard packedOffset == packed.count else {
      throw FormatError(
        .malformed, file: file, field: "end of \(container.rawValue) data",
        "\(packed.count - packedOffset) of \(packed.count) packed bytes follow the end")
    }
    return UInt32(truncatingIfNeeded: stream.pointee.adler)
  }

  /// Fewer bytes than `limit` come back only at the end of the stream.
  private func inflate(atMost limit: Int) throws -> [UInt8] {
    try packed.withUnsafeBufferPointer { input in
      try [UInt8](unsafeUninitializedCapacity: limit) { output, count in
        while count < limit && !isFinished {
          let given = UInt32(clamping: input.count - packedOffset)
          let room = UInt32(clamping: limit - count)
          // zlib never writes through `next_in`; its type lacks the const for C's sake only.
          stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress.map { $0 + packedOffset })
          stream.pointee.avail_in = given
          stream.pointee.next_out = output.baseAddress! + count
          stream.pointee.avail_out = room
          let status = CZlib.inflate(stream, Z_NO_FLUSH)
          packedOffset += Int(given - stream.pointee.avail_in)
          count += Int(room - stream.pointee.avail_out)
          offset += Int(room - stream.pointee.avail_out)
          isFinished = status == Z_STREAM_END
          guard status == Z_OK || isFinished else { throw failure(status) }
        }
      }
    }
  }

  private func failure(_ status: Int32) -> FormatError {
    if status == Z_BUF_ERROR {
      return FormatError(
        .truncated, file: file, field: "\(container.rawValue) data",
        "the \(packed.count) packed bytes end after \(offset) unpacked ones, too early")
    }
    let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)"
    return FormatError(
      .corrupted, file: file, field: "\(container.rawValue) data",
      "\(reason) at packed byte \(packedOffset) of \(packed.count), unpacked byte \(offset)")
  }
}
