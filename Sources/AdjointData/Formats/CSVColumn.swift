import Adjoint

/// A column of a CSV file while it is read: whole numbers, until a cell says otherwise.
struct CSVColumn {
  let name: String
  private let declared: CSV.CellType?
  private let missing: CSV.MissingValues
  private var kind: Kind
  private var integers: [Int64] = []
  private var floats: [Double] = []
  private var texts: [String] = []
  private var hasNumbers = false
  /// The first cell without a value, which only matters among numbers.
  private var firstMissing: CSVScanner.Cell?
  /// Whether cells were passed over before the column turned out to be text.
  private(set) var lacksTexts = false

  private enum Kind { case integers, floats, texts }

  init(name: String, declared: CSV.CellType?, missing: CSV.MissingValues) {
    (self.name, self.declared, self.missing) = (name, declared, missing)
    kind =
      switch declared {
      case .text: .texts
      case .number(let dtype): dtype.isFloatingPoint ? .floats : .integers
      case nil: .integers
      }
  }

  /// How many cells of numbers there have been.
  private var count: Int { integers.count + floats.count }

  mutating func append(_ cell: CSVScanner.Cell, _ scanner: CSVScanner, _ missingTexts: [[UInt8]])
    throws
  {
    if kind == .texts {
      if !lacksTexts { texts.append(try scanner.text(cell)) }
      return
    }
    switch DecimalNumber(scanner.bytes, cell.range) {
    case .integer(let value):
      hasNumbers = true
      if kind == .integers { integers.append(value) } else { floats.append(Double(value)) }
    case .float(let value):
      hasNumbers = true
      try becomeFloats(scanner, cell)
      floats.append(value)
    case nil where missingTexts.contains { scanner.bytes[cell.range].elementsEqual($0) }:
      if firstMissing == nil { firstMissing = cell }
      if missing == .nan { try becomeFloats(scanner, cell) }
      if kind == .integers { integers.append(0) } else { floats.append(.nan) }
    case nil:
      guard declared == nil else {
        throw scanner.failure(
          "\"\(try scanner.text(cell))\" in column \"\(name)\" is no number", cell)
      }
      becomeTexts()
      if !lacksTexts { texts.append(try scanner.text(cell)) }
    }
  }

  private mutating func becomeFloats(_ scanner: CSVScanner, _ cell: CSVScanner.Cell) throws {
    if kind == .floats { return }
    if case .number(let dtype) = declared {
      throw scanner.failure(
        "\"\(try scanner.text(cell))\" in column \"\(name)\" is no \(dtype)", cell)
    }
    kind = .floats
    floats = integers.map(Double.init)
    integers = []
  }

  private mutating func becomeTexts() {
    lacksTexts = count > 0
    kind = .texts
    (integers, floats) = ([], [])
  }

  /// Takes a cell in the second pass, for the columns that need one.
  mutating func appendText(_ cell: CSVScanner.Cell, _ scanner: CSVScanner) throws {
    if lacksTexts { texts.append(try scanner.text(cell)) }
  }

  /// Called between the passes: a column without any number is text.
  mutating func finishTyping() {
    if declared == nil && kind != .texts && !hasNumbers && count > 0 { becomeTexts() }
  }

  /// The column, when all its cells have been taken.
  func finished(_ scanner: CSVScanner) throws -> CSV.Column {
    if kind == .texts { return CSV.Column(name, texts) }
    if let firstMissing, missing == .refused {
      throw scanner.failure(
        "a value is missing in the column \"\(name)\" of numbers; pass missing: .nan to read NaN",
        firstMissing)
    }
    guard case .number(let dtype) = declared else {
      return CSV.Column(name, kind == .floats ? Tensor(floats, dtype: .float64) : Tensor(integers))
    }
    if dtype.isFloatingPoint { return CSV.Column(name, Tensor(floats, dtype: dtype)) }
    let range: ClosedRange<Int64> =
      switch dtype {
      case .bool: 0...1
      case .uint8: 0...255
      case .int32: Int64(Int32.min)...Int64(Int32.max)
      default: .min ... .max
      }
    if let row = integers.firstIndex(where: { !range.contains($0) }) {
      throw FormatError(
        .malformed, file: scanner.file, field: "column \"\(name)\"",
        "\(integers[row]) in row \(row + 1) is no \(dtype)")
    }
    return CSV.Column(name, Tensor(integers).cast(to: dtype))
  }
}
