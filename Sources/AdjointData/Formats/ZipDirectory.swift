/// The central directory at the end of a zip archive.
struct ZipDirectory {
  struct Entry {
    let name: String
    let flags: UInt16
    let method: UInt16
    let checksum: UInt32
    let packedCount: Int
    let byteCount: Int
    /// The position of the local header.
    let start: Int
    /// The position of this entry.
    let offset: Int
  }

  /// Where the directory begins; every member ends before.
  let start: Int
  let entries: [Entry]

  private static let field = "directory"

  init(_ bytes: [UInt8], file: String) throws {
    func malformed(_ message: String, at offset: Int? = nil) -> FormatError {
      FormatError(.malformed, file: file, field: Self.field, offset: offset, message)
    }
    guard let end = Self.endRecord(in: bytes) else {
      throw FormatError(
        bytes.starts(with: [0x50, 0x4b, 3, 4]) ? .truncated : .malformed, file: file,
        field: Self.field,
        "a zip archive ends with its directory, which is not there"
          + (bytes.starts(with: [0x93, 0x4e, 0x55, 0x4d]) ? "; NPY.read reads a single array" : ""))
    }
    var cursor = ByteCursor(bytes[(end + 4)...], file: file)
    let disks = try cursor.integer(UInt32.self, field: Self.field)
    let entriesHere = try cursor.integer(UInt16.self, field: Self.field)
    let count16 = try cursor.integer(UInt16.self, field: Self.field)
    let size32 = try cursor.integer(UInt32.self, field: Self.field)
    let start32 = try cursor.integer(UInt32.self, field: Self.field)
    guard disks == 0 && entriesHere == count16 else {
      throw FormatError(
        .unsupported, file: file, field: Self.field, offset: end,
        "the archive is spread over several disks")
    }
    var (count, size, start, limit) = (UInt64(count16), UInt64(size32), UInt64(start32), end)
    if let long = try Self.longEndRecord(in: bytes, before: end, file: file) {
      guard count16 == .max || count == long.count, size32 == .max || size == long.size,
        start32 == .max || start == long.start
      else { throw malformed("the records of 32-bit and of 64-bit sizes differ", at: end) }
      (count, size, start, limit) = long
    }
    guard let first = Int(exactly: start), let length = Int(exactly: size),
      case let (sum, overflow) = first.addingReportingOverflow(length), !overflow, sum == limit
    else {
      throw malformed(
        "\(size) bytes at \(start) announced, it ends at \(limit)", at: end)
    }
    self.start = first
    cursor = ByteCursor(bytes[first..<limit], file: file)
    var entries: [Entry] = []
    while cursor.remaining > 0 {
      entries.append(try Self.entry(&cursor, directoryStart: first, file: file))
    }
    guard entries.count == count else {
      throw malformed("\(count) members announced, there are \(entries.count)", at: first)
    }
    self.entries = entries
  }

  /// The position of the record that ends the archive, which a comment may follow.
  private static func endRecord(in bytes: [UInt8]) -> Int? {
    guard bytes.count >= 22 else { return nil }
    let first = max(0, bytes.count - 22 - Int(UInt16.max))
    return stride(from: bytes.count - 22, through: first, by: -1).first { position in
      bytes[position...].starts(with: [0x50, 0x4b, 5, 6])
        && Int(bytes[position + 20]) + Int(bytes[position + 21]) << 8 == bytes.count - position - 22
    }
  }

  /// What the record of 64-bit sizes says, which a locator before the end record points to.
  private static func longEndRecord(
    in bytes: [UInt8], before end: Int, file: String
  ) throws -> (count: UInt64, size: UInt64, start: UInt64, position: Int)? {
    guard end >= 20, bytes[(end - 20)...].starts(with: [0x50, 0x4b, 6, 7]) else { return nil }
    var cursor = ByteCursor(bytes[(end - 12)..<end], file: file)
    let announced = try cursor.integer(UInt64.self, field: field)
    guard let position = Int(exactly: announced), position <= end - 20,
      bytes[position...].starts(with: [0x50, 0x4b, 6, 6])
    else {
      throw FormatError(
        .malformed, file: file, field: field, offset: end - 20,
        "a record of 64-bit sizes at \(announced) announced, which is not there")
    }
    cursor = ByteCursor(bytes[position..<end - 20], file: file)
    _ = try cursor.read(32, field: field)
    let count = try cursor.integer(UInt64.self, field: field)
    let size = try cursor.integer(UInt64.self, field: field)
    let start = try cursor.integer(UInt64.self, field: field)
    return (count, size, start, position)
  }

  private static func entry(
    _ cursor: inout ByteCursor, directoryStart: Int, file: String
  ) throws -> Entry {
    let offset = directoryStart + cursor.position
    func malformed(_ message: String) -> FormatError {
      FormatError(.malformed, file: file, field: field, offset: offset, message)
    }
    guard try cursor.integer(UInt32.self, field: field) == 0x0201_4b50 else {
      throw malformed("an entry begins with the bytes 50 4b 1 2 (hexadecimal)")
    }
    _ = try cursor.read(4, field: field)
    let flags = try cursor.integer(UInt16.self, field: field)
    let method = try cursor.integer(UInt16.self, field: field)
    _ = try cursor.read(4, field: field)
    let checksum = try cursor.integer(UInt32.self, field: field)
    let packed32 = try cursor.integer(UInt32.self, field: field)
    let count32 = try cursor.integer(UInt32.self, field: field)
    let nameCount = Int(try cursor.integer(UInt16.self, field: field))
    let extraCount = Int(try cursor.integer(UInt16.self, field: field))
    let commentCount = Int(try cursor.integer(UInt16.self, field: field))
    _ = try cursor.read(8, field: field)
    let start32 = try cursor.integer(UInt32.self, field: field)
    let nameBytes = try cursor.read(nameCount, field: field)
    let extra = try cursor.read(extraCount, field: field)
    _ = try cursor.read(commentCount, field: field)
    guard let name = String(validating: nameBytes, as: UTF8.self) else {
      throw malformed("the name of the member is not UTF-8")
    }
    let sizes = try longSizes([count32, packed32, start32], extra: extra, file: file)
    guard let byteCount = Int(exactly: sizes[0]), let packedCount = Int(exactly: sizes[1]),
      let start = Int(exactly: sizes[2])
    else { throw malformed("member \"\(name)\" announces \(sizes) bytes, more than any file has") }
    return Entry(
      name: name, flags: flags, method: method, checksum: checksum, packedCount: packedCount,
      byteCount: byteCount, start: start, offset: offset)
  }

  /// The sizes, of which those that are all ones stand with 64 bits in the extra field.
  private static func longSizes(
    _ sizes: [UInt32], extra: ArraySlice<UInt8>, file: String
  ) throws -> [UInt64] {
    guard sizes.contains(.max) else { return sizes.map(UInt64.init) }
    var cursor = ByteCursor(extra, file: file)
    while cursor.remaining > 0 {
      let kind = try cursor.integer(UInt16.self, field: field)
      let count = Int(try cursor.integer(UInt16.self, field: field))
      let body = try cursor.read(count, field: field)
      guard kind == 1 else { continue }
      var long = ByteCursor(body, file: file)
      return try sizes.map { size in
        size == .max ? try long.integer(UInt64.self, field: field) : UInt64(size)
      }
    }
    return sizes.map(UInt64.init)
  }
}
