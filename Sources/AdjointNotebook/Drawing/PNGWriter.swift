/// Writes PNG files of eight bits per channel.
///
/// Source: https://www.w3.org/TR/png-3/
package enum PNGWriter {
  package enum Format: UInt8, Sendable {
    case greyscale = 0
    case rgb = 2

    var channels: Int { self == .greyscale ? 1 : 3 }
  }

  /// - Parameter pixels: Rows from the top, `width * channels` bytes each.
  package static func encode(
    _ pixels: [UInt8], width: Int, height: Int, format: Format
  ) -> [UInt8] {
    let rowLength = width * format.channels
    precondition(pixels.count == rowLength * height)
    // Every row starts with the number of its filter; 0 is none.
    var rows: [UInt8] = []
    rows.reserveCapacity(pixels.count + height)
    for row in 0..<height {
      rows.append(0)
      rows += pixels[row * rowLength..<(row + 1) * rowLength]
    }
    let header = bytes(width) + bytes(height) + [8, format.rawValue, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", header) + chunk("IDAT", Deflate.compressed(rows)) + chunk("IEND", [])
  }

  private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return bytes(data.count) + body + bytes(Int(Deflate.crc32(body)))
  }

  private static func bytes(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }
}
