/// The members of a zip archive, as its central directory lists them.
///
/// Members may be stored or deflated, with sizes of 64 bits and with data descriptors. What leaves
/// room for two readings is refused: names that occur twice, members that overlap each other or the
/// directory, and local headers that name another member. Names are only names: nothing is ever
/// written to a disk, so `../x` is as good as any other.
///
/// Source: PKWARE's "APPNOTE.TXT - .ZIP File Format Specification", version 6.3.10.
struct ZipArchive {
  struct Member {
    let name: String
    let isDeflated: Bool
    let checksum: UInt32
    /// The size of the unpacked contents, which unpacking verifies.
    let byteCount: Int
    /// Where the local header begins.
    fileprivate let start: Int
    /// The bytes in the archive.
    fileprivate var data: Range<Int>
  }

  private let bytes: [UInt8]
  private let file: String
  /// In the order of the directory.
  let members: [Member]

  init(_ bytes: [UInt8], file: String) throws {
    (self.bytes, self.file) = (bytes, file)
    let directory = try ZipDirectory(bytes, file: file)
    var names: Set<String> = []
    members = try directory.entries.map { entry in
      guard names.insert(entry.name).inserted else {
        throw Self.failure(.malformed, file, entry, "the name occurs twice")
      }
      return try Self.member(entry, in: bytes, before: directory.start, file: file)
    }
    var end = 0
    for member in members.sorted(by: { $0.start < $1.start }) {
      guard member.start >= end else {
        throw FormatError(
          .malformed, file: file, field: "member \"\(member.name)\"", offset: member.start,
          "it overlaps the member before it, which ends at \(end)")
      }
      end = member.data.upperBound
    }
  }

  /// The unpacked contents, whose length and checksum are those that the directory announces.
  func contents(of member: Member) throws -> ArraySlice<UInt8> {
    func named(_ error: FormatError) -> FormatError {
      FormatError(
        error.kind, file: file, field: "member \"\(member.name)\"", offset: member.data.lowerBound,
        error.message)
    }
    var contents = bytes[member.data]
    if member.isDeflated {
      do {
        let inflater = try Inflater(contents, container: .none, file: file)
        contents = try inflater.read(member.byteCount, field: "")[...]
        try inflater.finish()
      } catch let error as FormatError {
        throw named(error)
      }
    }
    let checksum = Deflater.crc32(contents)
    guard checksum == member.checksum else {
      throw FormatError(
        .corrupted, file: file, field: "member \"\(member.name)\"", offset: member.data.lowerBound,
        "CRC-32 \(String(member.checksum, radix: 16)) expected,"
          + " found \(String(checksum, radix: 16))")
    }
    return contents
  }

  /// Finds a member's data behind its local header.
  private static func member(
    _ entry: ZipDirectory.Entry, in bytes: [UInt8], before end: Int, file: String
  ) throws -> Member {
    guard entry.flags & 0x2041 == 0 else {
      throw failure(.unsupported, file, entry, "it is encrypted")
    }
    guard entry.method == 0 || entry.method == 8 else {
      throw failure(
        .unsupported, file, entry,
        "compression method \(entry.method) is neither 0 (stored) nor 8 (deflated)")
    }
    guard entry.method == 8 || entry.packedCount == entry.byteCount else {
      throw failure(
        .malformed, file, entry,
        "\(entry.byteCount) bytes are stored in \(entry.packedCount) bytes")
    }
    guard entry.start <= end else {
      throw failure(.malformed, file, entry, "it begins at \(entry.start), behind the directory")
    }
    var cursor = ByteCursor(bytes[entry.start..<end], file: file)
    let field = "local header of member \"\(entry.name)\""
    let signature = try cursor.integer(UInt32.self, field: field)
    _ = try cursor.read(4, field: field)
    let method = try cursor.integer(UInt16.self, field: field)
    _ = try cursor.read(16, field: field)
    let nameCount = Int(try cursor.integer(UInt16.self, field: field))
    let extraCount = Int(try cursor.integer(UInt16.self, field: field))
    let name = try cursor.read(nameCount, field: field)
    guard signature == 0x0403_4b50, method == entry.method, name.elementsEqual(entry.name.utf8)
    else { throw failure(.malformed, file, entry, "its local header is another one's") }
    _ = try cursor.read(extraCount, field: field)
    let data = entry.start + cursor.position
    guard entry.packedCount <= cursor.remaining else {
      throw failure(
        .truncated, file, entry,
        "\(entry.packedCount) bytes announced, there are \(cursor.remaining) before the directory")
    }
    return Member(
      name: entry.name, isDeflated: entry.method == 8, checksum: entry.checksum,
      byteCount: entry.byteCount, start: entry.start, data: data..<data + entry.packedCount)
  }

  private static func failure(
    _ kind: FormatError.Kind, _ file: String, _ entry: ZipDirectory.Entry, _ message: String
  ) -> FormatError {
    FormatError(
      kind, file: file, field: "member \"\(entry.name)\"", offset: entry.offset, message)
  }
}
