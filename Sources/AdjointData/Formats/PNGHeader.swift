/// The size of a picture, from a file whose structure has been checked.
///
/// libpng stops reading at the last pixel and passes over damaged chunks that it can do without.
/// Here the whole file must be sound: all chunks with their checksums, up to the end and no further.
struct PNGHeader {
  let width: Int
  let height: Int

  private static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  init(_ bytes: [UInt8], file: String) throws {
    guard bytes.starts(with: Self.signature) else {
      let isCut = Self.signature.starts(with: bytes)
      throw FormatError(
        isCut ? .truncated : .malformed, file: file, field: "signature", offset: 0,
        "a PNG file starts with the bytes 89 50 4e 47 d a 1a a (hexadecimal)"
          + (bytes.starts(with: [0xff, 0xd8, 0xff]) ? "; these are those of a JPEG" : ""))
    }
    var cursor = ByteCursor(bytes[...], file: file)
    _ = try cursor.read(8, field: "signature")
    let header = try Self.chunk(&cursor, in: bytes)
    guard header.kind == "IHDR" && header.data.count == 13 else {
      throw FormatError(
        .malformed, file: file, field: "chunk \(header.kind)", offset: 8,
        "the first chunk is an IHDR of 13 bytes")
    }
    let fields = Array(header.data)
    width = fields[..<4].reduce(0) { $0 << 8 | Int($1) }
    height = fields[4..<8].reduce(0) { $0 << 8 | Int($1) }
    let (depth, colours) = (Int(fields[8]), fields[9])
    guard 1...PNG.dimensionLimit ~= width && 1...PNG.dimensionLimit ~= height else {
      throw FormatError(
        .unsupported, file: file, field: "dimensions", offset: 16,
        "\(width) x \(height) pixels; either is at least 1 and at most \(PNG.dimensionLimit)")
    }
    guard depth <= 8 else {
      throw FormatError(
        .unsupported, file: file, field: "bit depth", offset: 24,
        "\(depth) bits in each channel, at most 8 are supported")
    }
    var last = header
    var packed = 0
    while last.kind != "IEND" {
      last = try Self.chunk(&cursor, in: bytes)
      if last.kind == "IDAT" { packed += last.data.count }
    }
    guard cursor.remaining == 0 else {
      throw FormatError(
        .malformed, file: file, field: "end of data", offset: cursor.position,
        "\(cursor.remaining) bytes follow the end of the picture")
    }
    // Nothing is allocated for pixels that cannot be there: deflate packs no tighter than this.
    let channels = [2: 3, 4: 2, 6: 4][colours] ?? 1
    let rows = (width * channels * depth + 7) / 8 * height
    guard rows / 1032 <= packed else {
      throw FormatError(
        .truncated, file: file, field: "IDAT",
        "\(width) x \(height) pixels announced, more than \(packed) packed bytes can hold")
    }
  }

  private typealias Chunk = (kind: String, data: ArraySlice<UInt8>)

  private static func chunk(_ cursor: inout ByteCursor, in bytes: [UInt8]) throws -> Chunk {
    let start = cursor.position
    let length = try cursor.read(4, field: "chunk").reduce(0) { $0 << 8 | Int($1) }
    let kind = String(
      decoding: try cursor.read(4, field: "chunk").map { 0x20..<0x7f ~= $0 ? $0 : 0x3f },
      as: UTF8.self)
    let data = try cursor.read(length, field: "chunk \(kind)")
    let announced = try cursor.read(4, field: "chunk \(kind)").reduce(0) { $0 << 8 | UInt32($1) }
    let checksum = Deflater.crc32(bytes[(start + 4)..<(start + 8 + length)])
    guard checksum == announced else {
      throw FormatError(
        .corrupted, file: cursor.file, field: "chunk \(kind)", offset: start,
        "CRC-32 \(String(announced, radix: 16)) expected, found \(String(checksum, radix: 16))")
    }
    return (kind, data)
  }
}
