/// Cuts the bytes of a CSV file into rows and cells.
struct CSVScanner {
  /// Where a cell's text stands.
  struct Cell {
    let range: Range<Int>
    /// Whether the text has quotes that are written twice.
    let hasDoubledQuotes: Bool
    let endsRow: Bool
    /// The line on which the cell begins, from 1 on.
    let line: Int
    /// The cell's number in its row, from 1 on.
    let column: Int
  }

  let bytes: [UInt8]
  let file: String
  private let separator: UInt8
  private var index = 0
  private var line = 1
  /// The line on which the row begins.
  private(set) var rowLine = 1
  /// The number of the next cell in its row, from 1 on.
  private var column = 1

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  init(_ bytes: [UInt8], separator: UInt8, file: String) throws {
    (self.bytes, self.separator, self.file) = (bytes, separator, file)
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { index = 3 }
    for mark: [UInt8] in [[0xff, 0xfe], [0xfe, 0xff]] where bytes.starts(with: mark) {
      throw FormatError(
        .unsupported, file: file, field: "byte order mark", offset: 0,
        "the text is UTF-16; save it as UTF-8")
    }
  }

  /// Goes to the first cell of the next row, over empty lines; false when there is none.
  mutating func startRow() -> Bool {
    column = 1
    while index < bytes.count {
      if bytes[index] == Self.lineFeed {
        index += 1
      } else if bytes[index] == Self.carriageReturn && follows(Self.lineFeed) {
        index += 2
      } else {
        rowLine = line
        return true
      }
      line += 1
    }
    return false
  }

  /// The next cell of the row.
  mutating func cell() throws -> Cell {
    defer { column += 1 }
    if index < bytes.count && bytes[index] == Self.quote { return try quotedCell() }
    let start = index
    while index < bytes.count {
      let byte = bytes[index]
      // Whatever ends a plain cell, or may not stand in one, is below the letters.
      if byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn { break }
      if byte == Self.quote {
        throw failure("a quote within a cell that does not begin with one", at: index)
      }
      index += 1
    }
    return try cell(start..<index, hasDoubledQuotes: false, line: line)
  }

  private mutating func quotedCell() throws -> Cell {
    let (start, startLine) = (index + 1, line)
    var hasDoubledQuotes = false
    index += 1
    while true {
      guard index < bytes.count else {
        throw failure("the quotes are never closed", at: start - 1, line: startLine)
      }
      if bytes[index] == Self.quote {
        guard follows(Self.quote) else { break }
        hasDoubledQuotes = true
        index += 1
      } else if bytes[index] == Self.lineFeed {
        line += 1
      }
      index += 1
    }
    let range = start..<index
    index += 1
    return try cell(range, hasDoubledQuotes: hasDoubledQuotes, line: startLine)
  }

  private mutating func cell(
    _ range: Range<Int>, hasDoubledQuotes: Bool, line: Int
  ) throws -> Cell {
    Cell(
      range: range, hasDoubledQuotes: hasDoubledQuotes, endsRow: try endCell(), line: line,
      column: column)
  }

  /// Steps over what stands behind a cell; whether that ends the row.
  private mutating func endCell() throws -> Bool {
    guard index < bytes.count else { return true }
    switch bytes[index] {
    case separator:
      index += 1
      return false
    case Self.lineFeed: index += 1
    case Self.carriageReturn where follows(Self.lineFeed): index += 2
    case Self.carriageReturn: throw failure("a carriage return without a line feed", at: index)
    default: throw failure("a separator expected behind the closing quote", at: index)
    }
    line += 1
    return true
  }

  private func follows(_ byte: UInt8) -> Bool {
    index + 1 < bytes.count && bytes[index + 1] == byte
  }

  /// The text of a cell.
  func text(_ cell: Cell) throws -> String {
    var text = bytes[cell.range]
    if cell.hasDoubledQuotes {
      var isSecond = false
      text.removeAll { byte in
        isSecond = byte == Self.quote && !isSecond
        return isSecond
      }
    }
    guard let string = String(validating: text, as: UTF8.self) else {
      throw failure("the text is not UTF-8", cell)
    }
    return string
  }

  /// An error that names the place of a cell.
  func failure(_ message: String, _ cell: Cell) -> FormatError {
    FormatError(
      .malformed, file: file, field: "line \(cell.line), column \(cell.column)",
      offset: cell.range.lowerBound, message)
  }

  private func failure(_ message: String, at offset: Int, line: Int? = nil) -> FormatError {
    FormatError(
      .malformed, file: file, field: "line \(line ?? self.line), column \(column)", offset: offset,
      message)
  }
}
