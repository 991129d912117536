import AdjointData
import Foundation
import Testing

@Suite("Safetensors files from strangers")
struct HostileSafeTensorsTests {
  /// A file of this header and `count` bytes of data.
  private static func file(_ header: String, _ count: Int = 0) -> [UInt8] {
    let text = Array(header.utf8)
    return bigEndian(text.count).reversed() + text + Array(repeating: 0, count: count)
  }

  private static func entry(
    _ name: String = "a", dtype: String = "F32", shape: String = "[1]", _ offsets: String = "[0,4]"
  ) -> String {
    "\"\(name)\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
  }

  private static func tensor(shape: String, _ offsets: String = "[0,4]") -> String {
    "{\(entry(shape: shape, offsets))}"
  }

  @Test("The smallest sound file is the one that the bad ones differ from")
  func sound() throws {
    let spaced =
      " \t\n\r{ \"a\" : { \"shape\" : [ 1 ] , \"data_offsets\" : [ 0 , 4 ] , \"dtype\" : \"F32\" } } "
    for header in ["{\(Self.entry())}", String(spaced.dropFirst(4))] {
      #expect(try SafeTensors.decode(Self.file(header, 4), name: "sound").tensors.count == 1)
    }
  }

  @Test(
    "What a header may not say is refused",
    arguments: [
      ("", 0, "a header starts with '{'"),
      (" {}", 0, "a header starts with '{'"),
      ("[]", 0, "a header starts with '{'"),
      ("{", 0, "the header ends too early"),
      ("{}}", 0, "the header goes on after its object"),
      ("{}\0", 0, "the header goes on after its object"),
      ("{,}", 0, "'\"' expected"),
      ("{\"a\":null}", 0, "'{' expected"),
      ("{\"a\":{}}", 0, "dtype, shape and two data_offsets expected"),
      ("{\(entry("a")),}", 4, "'\"' expected"),
      ("{\(entry("a")),\(entry("a", "[4,8]"))}", 8, "the name \"a\" occurs twice"),
      ("{\(entry("é")),\(entry("e\u{301}", "[4,8]"))}", 8, "the name \"e\u{301}\" occurs twice"),
      ("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F64\"}}", 0, "the name \"dtype\" occurs twice"),
      ("{\"__metadata__\":{\"a\":1}}", 0, "'\"' expected"),
      ("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0, "occurs twice"),
      ("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "occurs twice"),
      ("{\(entry(dtype: "f32"))}", 4, "dtype f32 is none of"),
      ("{\"a\":{\"stride\":[1]}}", 0, "unknown property \"stride\""),
      (tensor(shape: "[-1]"), 4, "a whole number expected"),
      (tensor(shape: "[1.0]"), 4, "']' expected"),
      (tensor(shape: "[1e0]"), 4, "']' expected"),
      (tensor(shape: "[01]"), 4, "a whole number expected"),
      (tensor(shape: "[[1]]"), 4, "a whole number expected"),
      (tensor(shape: "[1,]"), 4, "a whole number expected"),
      (tensor(shape: "1"), 4, "'[' expected"),
      (tensor(shape: "[18446744073709551616]"), 4, "the number exceeds"),
      (tensor(shape: "[1,1,1,1,1,1,1,1,1]"), 4, "a list of at most 8 numbers"),
      (tensor(shape: "[4294967296,4294967296]"), 4, "more elements than can be addressed"),
      (tensor(shape: "[4611686018427387904]"), 4, "too many bytes"),
      (tensor(shape: "[2]"), 4, "takes 8 bytes, its data_offsets [0, 4] span 4"),
      (tensor(shape: "[1]", "[0]"), 4, "two data_offsets expected"),
      (tensor(shape: "[1]", "[0,4,8]"), 4, "a list of at most 2 numbers"),
      (tensor(shape: "[1]", "[4,0]"), 4, "span -4"),
      (
        tensor(shape: "[1]", "[4,8]"), 8, "begin at 4 of the data section, those before it end at 0"
      ),
      (tensor(shape: "[1]"), 5, "the tensors take 4 bytes, the file holds 5"),
      (tensor(shape: "[1]"), 3, "the tensors take 4 bytes, the file holds 3"),
      (tensor(shape: "[1]", "[9223372036854775803,9223372036854775807]"), 4, "beyond any file"),
      ("{\(entry("a")),\(entry("b", "[4,8]")),\(entry("c", "[4,8]"))}", 8, "begin at 4"),
      ("{\(entry("a")),\(entry("b", "[5,9]"))}", 9, "begin at 5"),
      ("{\"\\x\":{}}", 0, "unknown escape sequence"),
      ("{\"\\u12\":{}}", 0, "four hexadecimal digits"),
      ("{\"\\u+123\":{}}", 0, "four hexadecimal digits"),
      ("{\"\\ud800\":{}}", 0, "half of a surrogate pair"),
      ("{\"\\ud800\\u0041\":{}}", 0, "half of a surrogate pair"),
      ("{\"\n\":{}}", 0, "control character 10"),
      ("{\"a", 0, "the header ends within a string"),
      ("{\"a\\", 0, "unknown escape sequence"),
    ])
  func refused(header: String, count: Int, message: String) throws {
    let error = try formatError {
      _ = try SafeTensors.decode(Self.file(header, count), name: "bad.safetensors")
    }
    #expect(error?.message.contains(message) == true, "\(String(describing: error))")
    #expect(error?.file == "bad.safetensors")
    #expect(error?.offset != nil)
  }

  @Test("Names are UTF-8")
  func encoding() throws {
    var bytes = Self.file("{\(Self.entry("?"))}", 4)
    bytes[10] = 0xff
    let error = try formatError { _ = try SafeTensors.decode(bytes, name: "latin") }
    #expect(error?.message == "the string is not UTF-8")
  }

  @Test("Escape sequences stand for what they say")
  func escapes() throws {
    let header = "{\(Self.entry("\\u0041\\u00e9\\ud83d\\ude42\\/\\b\\f\\n\\r\\t\\\"\\\\"))}"
    let file = try SafeTensors.decode(Self.file(header, 4), name: "escapes")
    #expect(file.tensors.first?.name == "Aé🙂/\u{8}\u{c}\n\r\t\"\\")
  }

  @Test("A truth value is 0 or 1")
  func truthValues() throws {
    var bytes = Self.file("{\(Self.entry("mask", dtype: "BOOL", shape: "[3]", "[0,3]"))}", 3)
    bytes[bytes.count - 1] = 7
    let error = try formatError { _ = try SafeTensors.decode(bytes, name: "masks") }
    #expect(error?.offset == bytes.count - 1)
    #expect(error?.message == "a BOOL is 0 or 1, found 7")
  }

  @Test("The announced length of the header is checked before it is used")
  func headerLength() throws {
    for length in [100_000_001, UInt64(Int.max), .max, .max - 7] {
      let bytes: [UInt8] = bigEndian(length).reversed() + Array("{}".utf8)
      let error = try formatError { _ = try SafeTensors.decode(bytes, name: "long") }
      #expect(
        error?.description == "long: header length at byte 0: \(length) bytes announced, at most"
          + " 100000000 are allowed")
    }
    let error = try formatError {
      _ = try SafeTensors.decode([3, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8), name: "short")
    }
    #expect(
      error?.description == "short: header at byte 8: 3 bytes expected, the file holds 2 more")
  }

  @Test("Nesting costs nothing: the header's depth is fixed")
  func depth() throws {
    for opening in ["[", "{\"a\":"] {
      let header = "{\"a\":" + String(repeating: opening, count: 1_000_000)
      #expect(throws: FormatError.self) { try SafeTensors.decode(Self.file(header), name: "deep") }
    }
  }

  @Test("A file cut short anywhere is refused")
  func truncation() throws {
    let whole = try fixture("reference.safetensors")
    for count in 0..<whole.count {
      #expect(throws: FormatError.self) {
        try SafeTensors.decode(Array(whole[..<count]), name: "cut after \(count) bytes")
      }
    }
  }

  @Test("Changed bytes are refused or read, and never stop the program")
  func mutations() throws {
    let whole = try fixture("reference.safetensors")
    let header = 8..<8 + Int(whole[0]) + 256 * Int(whole[1])
    for bit in 0..<8 * whole.count {
      var bytes = whole
      bytes[bit / 8] ^= 1 << (bit % 8)
      _ = try formatError { _ = try SafeTensors.decode(bytes, name: "bit \(bit)") }
    }
    // Signs that mean something to the scanner, at two random places each time.
    let signs = Array("{}[]\",:\\0123456789u \n\u{0}-".utf8)
    var state: UInt64 = 1
    func random(below bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for round in 0..<20_000 {
      var bytes = whole
      for _ in 0..<2 {
        bytes[header.lowerBound + random(below: header.count)] = signs[random(below: signs.count)]
      }
      _ = try formatError { _ = try SafeTensors.decode(bytes, name: "round \(round)") }
    }
  }
}
