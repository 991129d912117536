import Adjoint
import AdjointData
import Foundation
import Testing

@Suite("CSV files")
struct CSVTests {
  private func read(
    _ text: String, separator: Unicode.Scalar = ",", hasHeader: Bool = true,
    types: [String: CSV.CellType] = [:], missing: CSV.MissingValues = .refused
  ) throws -> CSV {
    try CSV.decode(
      Array(text.utf8), name: "t.csv", separator: separator, hasHeader: hasHeader, types: types,
      missing: missing)
  }

  private func message(_ text: String, types: [String: CSV.CellType] = [:]) throws -> String? {
    try formatError { _ = try read(text, types: types) }?.description
  }

  @Test("Types are inferred from all cells of a column")
  func inference() throws {
    let table = try read("whole,real,mixed,text\n1,1.5,1,a\n-2,2,x,b\n3,1e3,2.5,\n")
    #expect(table.rowCount == 3 && table.columns.map(\.name) == ["whole", "real", "mixed", "text"])
    #expect(table["whole"]?.numbers?.dtype == .int64)
    #expect(table["whole"]?.numbers?.scalars == [1, -2, 3])
    #expect(table["real"]?.numbers?.dtype == .float64)
    #expect(table["real"]?.numbers?.scalars == [1.5, 2, 1000])
    #expect(table["mixed"]?.texts == ["1", "x", "2.5"] && table["mixed"]?.numbers == nil)
    #expect(table["text"]?.texts == ["a", "b", ""])
    #expect(table["nothing"] == nil)
  }

  @Test("Declared types are what the columns get, or an error")
  func declared() throws {
    let types: [String: CSV.CellType] = [
      "zip": .text, "age": .number(.uint8), "ok": .number(.bool), "x": .number(.float32),
    ]
    let table = try read("zip,age,ok,x\n01234,31,1,0.1\n99999,255,0,2\n", types: types)
    #expect(table["zip"]?.texts == ["01234", "99999"])
    #expect(table["age"]?.numbers?.bytes() == [31, 255])
    #expect(table["ok"]?.numbers?.dtype == .bool)
    #expect(table["x"]?.numbers?.scalars(as: Float.self) == [0.1, 2])
    #expect(
      try message("age\n31\n256\n", types: ["age": .number(.uint8)])
        == "t.csv: column \"age\": 256 in row 2 is no uint8")
    #expect(
      try message("age\n31\n1.5\n", types: ["age": .number(.int32)])
        == "t.csv: line 3, column 1 at byte 7: \"1.5\" in column \"age\" is no int32")
    #expect(
      try message("age\n31\nold\n", types: ["age": .number(.float64)])
        == "t.csv: line 3, column 1 at byte 7: \"old\" in column \"age\" is no number")
    #expect(
      try message("age\n31\n", types: ["aged": .text])
        == "t.csv: column \"aged\": a type is declared for a column that is not there")
  }

  @Test("Quotes hide separators, line breaks and quotes")
  func quotes() throws {
    let table = try read("\"a \"\"x\"\"\",b\r\n\"1,5\",\"line 1\nline 2\r\n\"\r\n\"\",\"\"\"\"\r\n")
    #expect(table.columns.map(\.name) == ["a \"x\"", "b"])
    #expect(table.columns[0].texts == ["1,5", ""])
    #expect(table.columns[1].texts == ["line 1\nline 2\r\n", "\""])
    #expect(try read("n\n\"1\"\n\" 2 \"\n")["n"]?.numbers?.scalars == [1, 2])
  }

  @Test("Line ends, empty lines, a byte order mark and the end of the file do not matter")
  func lines() throws {
    for text in [
      "a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4", "\u{feff}a,b\n\n1,2\n\r\n\n3,4\n\n",
      "\n\na,b\n1,2\r\n3,4",
    ] {
      let table = try read(text)
      #expect(table.columns.map(\.name) == ["a", "b"])
      #expect(try table.matrix().scalars == [1, 2, 3, 4], "\(text.debugDescription)")
    }
  }

  @Test("There may be no header, another separator, and no rows")
  func variants() throws {
    let table = try read("1;2,5\n3;4\n", separator: ";", hasHeader: false)
    #expect(table.columns.map(\.name) == ["0", "1"] && table["1"]?.texts == ["2,5", "4"])
    #expect(try read("1\t2\n", separator: "\t", hasHeader: false).columns.count == 2)
    let empty = try read("a,b\n")
    #expect(empty.rowCount == 0)
    #expect(try empty.matrix().shape == [0, 2])
    #expect(try read("", hasHeader: false).columns.isEmpty)
  }

  @Test("Missing values are refused, or NaN, as asked for")
  func missing() throws {
    let text = "name,age\n,1\nNA,\nx,3\n"
    #expect(
      try message(text)
        == "t.csv: line 3, column 2 at byte 15: a value is missing in the column \"age\" of numbers;"
        + " pass missing: .nan to read NaN")
    let table = try read(text, missing: .nan)
    #expect(table["name"]?.texts == ["", "NA", "x"])
    let ages = try #require(table["age"]?.numbers)
    #expect(ages.dtype == .float64 && ages.scalars[0] == 1 && ages.scalars[1].isNaN)
    #expect(try read("a,b\n,1\n,2\n")["a"]?.texts == ["", ""])
    #expect(
      try read("a\nNA\n?\n1\n", types: ["a": .number(.float32)], missing: .nan)["a"]?.numbers?
        .scalars.map(\.isNaN) == [true, true, false])
    let error = try formatError {
      _ = try read("a\n1\nNA\n", types: ["a": .number(.int64)], missing: .nan)
    }
    #expect(error?.message == "\"NA\" in column \"a\" is no int64")
    let marks = try CSV.decode(
      Array("a\n1\n-\n".utf8), name: "t", missing: .nan, missingTexts: ["-"])
    #expect(marks["a"]?.numbers?.scalars.last?.isNaN == true)
  }

  @Test(
    "Broken files are refused with line and column",
    arguments: [
      ("", "t.csv: header: the file has no row"),
      ("a,a\n", "t.csv: line 1, column 2 at byte 2: the name \"a\" occurs twice"),
      ("a,b\n1\n", "t.csv: line 2: the row has 1 cells, the first row 2"),
      (
        "a\n1,2\n",
        "t.csv: line 2, column 2 at byte 4: the row has more than the 1 cells of the first row"
      ),
      ("a\n\n\"x\n", "t.csv: line 3, column 1 at byte 3: the quotes are never closed"),
      (
        "a\nx\"y\n",
        "t.csv: line 2, column 1 at byte 3: a quote within a cell that does not begin with one"
      ),
      (
        "a,b\n1,\"y\"z\n",
        "t.csv: line 2, column 2 at byte 9: a separator expected behind the closing quote"
      ),
      ("a\nx\ry\n", "t.csv: line 2, column 1 at byte 3: a carriage return without a line feed"),
      ("a,b\n\"1\n\n\",\"x\n", "t.csv: line 4, column 2 at byte 10: the quotes are never closed"),
    ])
  func broken(text: String, expected: String) throws {
    #expect(try message(text) == expected)
  }

  @Test("Text is UTF-8, numbers need not be looked at")
  func encoding() throws {
    let latin = Array("a,b\n1,x".utf8) + [0xe9, 0x0a]
    let error = try formatError { _ = try CSV.decode(latin, name: "latin.csv") }
    #expect(error?.description == "latin.csv: line 2, column 2 at byte 6: the text is not UTF-8")
    let wide = try formatError { _ = try CSV.decode([0xff, 0xfe, 0x61, 0], name: "wide.csv") }
    #expect(wide?.message == "the text is UTF-16; save it as UTF-8")
  }

  @Test("Numbers are rounded as the compiler rounds them")
  func numbers() throws {
    func value(_ text: String) throws -> Double? {
      try read("x\n\(text)\n", types: ["x": .number(.float64)])["x"]?.numbers?.scalar
    }
    for (text, expected) in [
      ("0.1", 0.1), ("-.5", -0.5), ("5.", 5), ("+1e-3", 0.001), ("1E+22", 1e22),
      ("3.141592653589793238462643", .pi), ("9007199254740993", 0x1p53),
      ("1e-320", 2024 * .leastNonzeroMagnitude),
      ("1.7976931348623157e308", .greatestFiniteMagnitude), ("1e999", .infinity),
      ("123456789012345678901234567890", 123456789012345677877719597056),
      ("0.000000000000000000000000000012345", 1.2345e-29), ("-inf", -.infinity),
      ("Infinity", .infinity), ("-0.0", -0.0), ("1e-99999999999999999999", 0),
      ("0e99999999999999999999", 0),
    ] {
      let found = try value(text)
      #expect(found == expected && found?.sign == expected.sign, "\(text)")
    }
    for text in ["nan", "-nan", "+NaN"] {
      #expect(try value(text)?.bitPattern == Double.nan.bitPattern, "\(text)")
    }
    for text in [
      "1e", "1e+", ".", "-", "+-1", "1.2.3", "0x10", "1 2", "1_000", "infin", "e5", "--inf",
    ] {
      #expect(throws: FormatError.self, "\(text)") { try value(text) }
    }
    let limits = try read("x\n9223372036854775807\n-9223372036854775808\n")["x"]?.numbers
    #expect(limits?.scalars(as: Int64.self) == [.max, .min])
    #expect(try read("x\n9223372036854775808\n")["x"]?.numbers?.dtype == .float64)
  }

  @Test("What is written is read back")
  func roundTrip() throws {
    let table = CSV([
      CSV.Column("weight, kg", Tensor([0.1, -.infinity, .leastNonzeroMagnitude] as [Float])),
      CSV.Column("precise", Tensor([.pi, 1e300, -0.0] as [Double], dtype: .float64)),
      CSV.Column("n", Tensor([.min, 0, .max] as [Int64])),
      CSV.Column("mask", Tensor([true, false, true])),
      CSV.Column("\u{feff}text", ["a\"b\r\nc", "", "é;,"]),
    ])
    let types: [String: CSV.CellType] = [
      "weight, kg": .number(.float32), "mask": .number(.bool),
    ]
    try withTemporaryFolder { folder in
      for separator: Unicode.Scalar in [",", ";", "\t"] {
        let url = folder.appending(path: "table.csv")
        try table.write(to: url, separator: separator)
        let copy = try CSV.read(url, separator: separator, types: types)
        #expect(copy.columns.map(\.name) == table.columns.map(\.name))
        for (one, other) in zip(table.columns, copy.columns) {
          #expect(one.texts == other.texts)
          #expect(one.numbers?.bytes() == other.numbers?.bytes())
          #expect(one.numbers?.dtype == other.numbers?.dtype)
        }
      }
    }
    let long = CSV([
      CSV.Column("i", Tensor.arange(2500)), CSV.Column("e", Array(repeating: "", count: 2500)),
    ])
    let text = String(decoding: long.encode(hasHeader: false), as: UTF8.self)
    #expect(text.hasPrefix("0,\n1,\n") && text.hasSuffix("\n2499,\n"))
    #expect(try read(text, hasHeader: false)["0"]?.numbers?.bytes() == Tensor.arange(2500).bytes())
    let single = CSV([CSV.Column("", ["", "x", ""])])
    #expect(try CSV.decode(single.encode(), name: "single")[""]?.texts == ["", "x", ""])
  }

  @Test("Columns become a matrix, and those that cannot are named")
  func matrix() throws {
    let table = try read("a,b,c\n1,2.5,x\n3,4,y\n")
    let matrix = try table.matrix(of: ["b", "a"])
    #expect(matrix.dtype == .float32 && matrix.shape == [2, 2])
    #expect(matrix.scalars == [2.5, 1, 4, 3])
    #expect(
      try formatError { _ = try table.matrix() }?.description
        == "t.csv: column \"c\": it holds texts, such as \"x\"")
    #expect(
      try formatError { _ = try table.matrix(of: ["d"]) }?.message
        == "there is none of this name among a, b, c")
  }

  @Test("Columns of different lengths stop the program")
  func misuse() async throws {
    let result = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = CSV([CSV.Column("a", ["x"]), CSV.Column("b", Tensor([1, 2] as [Float]))]) }
    #expect(
      String(decoding: result.standardErrorContent, as: UTF8.self).contains(
        "CSV: column \"b\" has 2 rows, the first one 1"))
  }

  @Test("A file cut short or changed anywhere is read or refused")
  func mutations() throws {
    let whole = Array("name,\"n\"\r\n\"a\"\"b\",1.5\n,nan\n\"x,\ny\",-2e5\n".utf8)
    for count in 0...whole.count {
      _ = try formatError { _ = try CSV.decode(Array(whole[..<count]), name: "cut", missing: .nan) }
    }
    for place in whole.indices {
      for change: UInt8 in 1...255 {
        var bytes = whole
        bytes[place] ^= change
        _ = try formatError { _ = try CSV.decode(bytes, name: "byte \(place)", missing: .nan) }
      }
    }
  }

  @Test("Columns without end are refused")
  func columns() throws {
    let error = try formatError {
      _ = try read(String(repeating: ",", count: 1 << 20), hasHeader: false)
    }
    #expect(error?.message == "a table has at most 131072 columns")
  }
}
