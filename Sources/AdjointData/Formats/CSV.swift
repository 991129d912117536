import Adjoint
import Foundation

/// A table in comma-separated values (RFC 4180): named columns of numbers or texts.
///
/// ```swift
/// let table = try CSV.read(url, types: ["zip": .text])
/// let features = try table.matrix(of: ["age", "income"])  // float32 [rows, 2]
/// ```
///
/// A column whose cells are all whole numbers becomes int64, one of numbers float64, any other one
/// text, unless a type is declared. Cells may be in quotes, whatever their type. Lines end with a
/// line feed, with or without a carriage return; empty lines are skipped; a byte order mark is too.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc4180>.
public struct CSV: Sendable {
  /// What the cells of a column are.
  public enum CellType: Sendable, Equatable {
    /// Text as it stands.
    case text
    /// Numbers of a dtype; `bool` is written as 0 and 1.
    case number(DType)
  }

  /// What becomes of empty cells among numbers, and of those that hold one of the texts for nothing.
  public enum MissingValues: Sendable {
    /// They are errors, which name the first one.
    case refused
    /// They are NaN; a column that has one holds floats.
    case nan
  }

  /// A column and its name.
  public struct Column: Sendable {
    /// From the header; without one, the column's number from 0 on.
    public let name: String
    /// The numbers, one for each row; nil for texts.
    public let numbers: Tensor?
    /// The texts, one for each row; nil for numbers.
    public let texts: [String]?

    /// A column of numbers.
    public init(_ name: String, _ numbers: Tensor) {
      (self.name, self.numbers, texts) = (name, numbers, nil)
    }

    /// A column of texts.
    public init(_ name: String, _ texts: [String]) {
      (self.name, numbers, self.texts) = (name, nil, texts)
    }

    /// The number of rows.
    var count: Int { texts?.count ?? numbers!.elementCount }
  }

  /// The columns from left to right, all of the same length.
  public let columns: [Column]
  /// Where the table comes from, for errors.
  private let file: String

  /// What stands for a missing value, unless a caller says otherwise: nothing, and usual marks.
  public static let defaultMissingTexts: Set<String> = ["", "NA", "N/A", "null", "?"]

  /// A table of columns to be written.
  public init(_ columns: [Column], file: StaticString = #fileID, line: UInt = #line) {
    for column in columns {
      if let numbers = column.numbers, numbers.rank != 1 {
        programmingError(
          "CSV", "column \"\(column.name)\" has shape \(numbers.shape), a vector expected",
          file: file, line: line)
      }
      if column.count != columns[0].count {
        programmingError(
          "CSV",
          "column \"\(column.name)\" has \(column.count) rows, the first one"
            + " \(columns[0].count)", file: file, line: line)
      }
    }
    (self.columns, self.file) = (columns, "csv")
  }

  private init(columns: [Column], file: String) {
    (self.columns, self.file) = (columns, file)
  }

  /// The number of rows, without the header.
  public var rowCount: Int { columns.first?.count ?? 0 }

  /// The column of this name, nil when there is none.
  public subscript(name: String) -> Column? { columns.first { $0.name == name } }

  /// Columns of numbers side by side, all of them unless some are named: `[rows, columns]`.
  ///
  /// Throws ``FormatError`` when a column is missing or holds texts.
  public func matrix(of names: [String]? = nil, dtype: DType = .float32) throws -> Tensor {
    func failure(_ name: String, _ message: String) -> FormatError {
      FormatError(.mismatched, file: file, field: "column \"\(name)\"", message)
    }
    let parts = try (names ?? columns.map(\.name)).map { name in
      guard let column = self[name] else {
        let known = columns.prefix(20).map(\.name).joined(separator: ", ")
        throw failure(name, "there is none of this name among \(known)")
      }
      guard let numbers = column.numbers else {
        let text = column.texts?.first { Double($0) == nil } ?? ""
        throw failure(name, "it holds texts, such as \"\(text)\"")
      }
      return numbers.cast(to: dtype)
    }
    return parts.isEmpty ? Tensor.zeros([rowCount, 0], dtype: dtype) : stacked(parts, axis: 1)
  }

  /// Reads a file.
  ///
  /// Throws ``FormatError`` with line and column when the file cannot be read or is no table.
  /// - Parameters:
  ///   - url: the file.
  ///   - separator: what stands between cells, an ASCII character.
  ///   - hasHeader: whether the first row holds the names of the columns.
  ///   - types: the types of columns that are not to be inferred, by name.
  ///   - missing: what becomes of missing values among numbers.
  ///   - missingTexts: the texts that stand for a missing value.
  public static func read(
    _ url: URL, separator: Unicode.Scalar = ",", hasHeader: Bool = true,
    types: [String: CellType] = [:], missing: MissingValues = .refused,
    missingTexts: Set<String> = defaultMissingTexts
  ) throws -> CSV {
    try decode(
      RegularFile.read(url), name: url.path(percentEncoded: false), separator: separator,
      hasHeader: hasHeader, types: types, missing: missing, missingTexts: missingTexts)
  }

  /// Reads the bytes of a file; `name` stands for the file in errors.
  ///
  /// Throws ``FormatError`` with line and column when the bytes are no table.
  public static func decode(
    _ bytes: [UInt8], name: String, separator: Unicode.Scalar = ",", hasHeader: Bool = true,
    types: [String: CellType] = [:], missing: MissingValues = .refused,
    missingTexts: Set<String> = defaultMissingTexts
  ) throws -> CSV {
    let start = try CSVScanner(bytes, separator: ascii(separator), file: name)
    var scanner = start
    var columns = try firstRow(&scanner, hasHeader: hasHeader).map {
      CSVColumn(name: $0, declared: types[$0], missing: missing)
    }
    for name in types.keys where !columns.contains(where: { $0.name == name }) {
      throw FormatError(
        .mismatched, file: scanner.file, field: "column \"\(name)\"",
        "a type is declared for a column that is not there")
    }
    let body = hasHeader ? scanner : start
    let marks = missingTexts.map { Array($0.utf8) }
    scanner = body
    try fill(&columns, from: &scanner, missingTexts: marks)
    for number in columns.indices { columns[number].finishTyping() }
    if columns.contains(where: \.lacksTexts) {
      scanner = body
      try fill(&columns, from: &scanner, missingTexts: nil)
    }
    return CSV(columns: try columns.map { try $0.finished(scanner) }, file: name)
  }

  /// The names of the columns, from the first row or by counting its cells.
  private static func firstRow(_ scanner: inout CSVScanner, hasHeader: Bool) throws -> [String] {
    guard scanner.startRow() else {
      guard hasHeader else { return [] }
      throw FormatError(
        .malformed, file: scanner.file, field: "header", "the file has no row")
    }
    var names: [String] = []
    var known: Set<String> = []
    var endsRow = false
    while !endsRow {
      let cell = try scanner.cell()
      guard names.count < columnLimit else {
        throw scanner.failure("a table has at most \(columnLimit) columns", cell)
      }
      let name = hasHeader ? try scanner.text(cell) : String(names.count)
      guard known.insert(name).inserted else {
        throw scanner.failure("the name \"\(name)\" occurs twice", cell)
      }
      names.append(name)
      endsRow = cell.endsRow
    }
    return names
  }

  /// Gives all cells to their columns; those of the second pass, which has no missing texts, to
  /// columns that turned out to be text.
  private static func fill(
    _ columns: inout [CSVColumn], from scanner: inout CSVScanner, missingTexts: [[UInt8]]?
  ) throws {
    // The same bytes; being a constant, it is not retained and released for each cell.
    let text = scanner
    while scanner.startRow() {
      var number = 0
      var endsRow = false
      while !endsRow {
        let cell = try scanner.cell()
        guard number < columns.count else {
          throw scanner.failure(
            "the row has more than the \(columns.count) cells of the first row", cell)
        }
        if let missingTexts {
          try columns[number].append(cell, text, missingTexts)
        } else {
          try columns[number].appendText(cell, text)
        }
        number += 1
        endsRow = cell.endsRow
      }
      guard number == columns.count else {
        throw FormatError(
          .malformed, file: scanner.file, field: "line \(scanner.rowLine)",
          "the row has \(number) cells, the first row \(columns.count)")
      }
    }
  }

  /// A row of separators must not take many times its length in memory.
  private static let columnLimit = 1 << 17

  static func ascii(_ separator: Unicode.Scalar) -> UInt8 {
    if !separator.isASCII || "\"\r\n".unicodeScalars.contains(separator) {
      programmingError(
        "CSV",
        "the separator is an ASCII character, no quote and no line break, found"
          + " \(separator.debugDescription)")
    }
    return UInt8(ascii: separator)
  }
}
