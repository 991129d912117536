import Adjoint
import Foundation

extension CSV {
  /// The bytes of a file: UTF-8, lines that end with a line feed, quotes only where they are needed.
  ///
  /// Numbers are written so that reading gives the same ones. A column of texts that all look like
  /// numbers comes back as numbers, unless its type is declared when it is read.
  public func encode(separator: Unicode.Scalar = ",", hasHeader: Bool = true) -> [UInt8] {
    pieces(separator, hasHeader).reduce(into: []) { $0 += $1 }
  }

  /// Writes a file, which appears under its name only when it is complete and on the disk.
  ///
  /// Throws ``FormatError`` when the system refuses; an older file then stays as it was.
  public func write(
    to url: URL, separator: Unicode.Scalar = ",", hasHeader: Bool = true
  ) throws {
    try RegularFile.replace(url, with: pieces(separator, hasHeader))
  }

  /// The header, then a thousand rows at a time.
  private func pieces(
    _ separator: Unicode.Scalar, _ hasHeader: Bool
  ) -> some Sequence<[UInt8]> {
    let separator = Self.ascii(separator)
    let chunk = 1000
    return (0...(rowCount + chunk - 1) / chunk).lazy.map { number in
      var bytes: [UInt8] = []
      guard number > 0 else {
        if hasHeader && !columns.isEmpty { append(columns.map(\.name), to: &bytes, separator) }
        return bytes
      }
      let rows = (number - 1) * chunk..<Swift.min(number * chunk, rowCount)
      let cells = columns.map { $0.cells(rows) }
      for row in 0..<rows.count { append(cells.map { $0[row] }, to: &bytes, separator) }
      return bytes
    }
  }

  private func append(_ cells: [String], to bytes: inout [UInt8], _ separator: UInt8) {
    for (number, cell) in cells.enumerated() {
      if number > 0 { bytes.append(separator) }
      // An empty line would be skipped, and a byte order mark at the start as well.
      let needsQuotes =
        (cell.isEmpty && cells.count == 1) || cell.unicodeScalars.first == "\u{feff}"
        || cell.utf8.contains { [separator, 0x22, 0x0a, 0x0d].contains($0) }
      if needsQuotes {
        bytes.append(0x22)
        for byte in cell.utf8 { bytes += byte == 0x22 ? [0x22, 0x22] : [byte] }
        bytes.append(0x22)
      } else {
        bytes += cell.utf8
      }
    }
    bytes.append(0x0a)
  }
}

extension CSV.Column {
  /// The cells of these rows as they are written.
  fileprivate func cells(_ rows: Range<Int>) -> [String] {
    guard let numbers else { return Array(texts![rows]) }
    let part = numbers[rows]
    switch numbers.dtype {
    case .float32: return part.scalars(as: Float.self).map(\.description)
    case .float64: return part.scalars(as: Double.self).map(\.description)
    case .int64, .int32, .uint8, .bool: return part.scalars(as: Int64.self).map(\.description)
    }
  }
}
