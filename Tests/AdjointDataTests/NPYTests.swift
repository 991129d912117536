import Adjoint
import AdjointData
import Foundation
import Testing

@Suite("Npy files")
struct NPYTests {
  /// A file of this version, header and contents.
  private static func file(
    _ header: String, _ contents: [UInt8] = [], version: UInt8 = 1
  ) -> [UInt8] {
    let text = Array(header.utf8)
    let length = bigEndian(UInt32(text.count)).reversed()
    return [0x93] + Array("NUMPY".utf8) + [version, 0]
      + length.prefix(version == 1 ? 2 : 4) + text + contents
  }

  private static func header(
    _ descr: String = "'|u1'", _ order: String = "False", _ shape: String = "(2,)"
  ) -> String {
    "{'descr': \(descr), 'fortran_order': \(order), 'shape': \(shape), }\n"
  }

  @Test("Each version of NumPy's files is read", arguments: [1, 2, 3])
  func versions(version: Int) throws {
    let tensor = try NPY.decode(fixture("version\(version).npy"), name: "numbers")
    #expect(tensor.shape == [2, 3] && tensor.dtype == .float32)
    #expect(tensor.scalars == [0, 1, 2, 3, 4, 5])
  }

  @Test("The same array is written as NumPy writes it, byte for byte")
  func writesReference() throws {
    let tensor = Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [2, 3])
    #expect(NPY.encode(tensor) == (try fixture("version1.npy")))
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "numbers.npy")
      try NPY.write(tensor, to: url)
      #expect([UInt8](try Data(contentsOf: url)) == (try fixture("version1.npy")))
      #expect(try NPY.read(url).scalars == tensor.scalars)
    }
  }

  @Test("Every dtype and rank comes back as it was, views too")
  func roundTrip() throws {
    let whole = Tensor.arange(24).reshaped([2, 3, 4])
    for dtype in DType.allCases {
      for tensor in [whole, whole.transposed(), whole[1], Tensor.zeros([0, 3]), Tensor.ones([])] {
        let expected = tensor.cast(to: dtype)
        let copy = try NPY.decode(NPY.encode(expected), name: "copy")
        #expect(copy.shape == expected.shape && copy.dtype == dtype)
        #expect(copy.bytes() == expected.bytes())
      }
    }
    let long = Tensor.zeros([1, 1, 1, 1, 1, 1, 1, 123_456], dtype: .uint8)
    let bytes = NPY.encode(long)
    #expect((bytes.count - 123_456) % 64 == 0)
    #expect(try NPY.decode(bytes, name: "long").shape == long.shape)
  }

  @Test("Spellings of the header that NumPy reads are read")
  func spellings() throws {
    for header in [
      "{\"shape\":(2,),\"fortran_order\":False,\"descr\":\"|u1\"}",
      "{ 'descr' : '|u1' , 'fortran_order' : False , 'shape' : ( 2L , ) }  \n",
      Self.header("'|u1'", "True"),
    ] {
      #expect(try NPY.decode(Self.file(header, [1, 2]), name: "spelling").bytes() == [1, 2])
      #expect(
        try NPY.decode(Self.file(header, [1, 2], version: 3), name: "spelling").bytes() == [1, 2])
    }
  }

  private static let headers: [(text: String, message: String)] = [
    ("", "'{' expected"),
    ("{", "a string expected"),
    ("[]", "'{' expected"),
    ("{}", "the keys 'descr', 'fortran_order' and 'shape' expected"),
    ("{'descr': '|u1', 'fortran_order': False}", "the keys"),
    ("\(header())x", "the header goes on after its dictionary"),
    ("{'descr': '|u1', 'descr': '|u1'}", "the key 'descr' occurs twice"),
    ("{'order': 1}", "unknown key 'order'"),
    ("{'descr", "the header ends within a string"),
    ("{'des\\x63r': '|u1'}", "another character than plain ASCII"),
    ("{'descré': '|u1'}", "another character than plain ASCII"),
    (header("|u1"), "a string expected"),
    (header("'|O'"), "Python objects can hold code"),
    (header("'<c8'"), "there are no complex tensors"),
    (header("'<f16'"), "the element type '<f16' is not supported"),
    (header("'<U5'"), "the element type '<U5' is not supported"),
    (header("'|V8'"), "the element type '|V8' is not supported"),
    (header("'<M8[ns]'"), "is not supported"),
    (header("''"), "the element type '' is not supported"),
    (header("'=i4'"), "has no byte order"),
    (header("'|i4'"), "has no byte order"),
    (header("'<u1'"), "has no byte order"),
    (header("[('a', '<f4')]"), "structured element types are not supported"),
    (header("'|u1'", "1"), "True or False expected"),
    (header("'|u1'", "Trueish"), "'}' expected"),
    (header("'|u1'", "False", "2"), "'(' expected"),
    (header("'|u1'", "False", "(2)"), "',' expected"),
    (header("'|u1'", "False", "(-2,)"), "a whole number expected"),
    (header("'|u1'", "False", "(2.0,)"), "',' expected"),
    (header("'|u1'", "False", "(02,)"), "a whole number expected"),
    (header("'|u1'", "False", "(1,,)"), "a whole number expected"),
    (header("'|u1'", "False", "(2,"), "a whole number expected"),
    (header("'|u1'", "False", "((2,),)"), "a whole number expected"),
    (header("'|u1'", "False", "(9223372036854775808,)"), "the number exceeds"),
    (header("'|u1'", "False", "(4294967296, 4294967296)"), "more elements than"),
    (header("'|u1'", "False", "(1, 1, 1, 1, 1, 1, 1, 1, 2)"), "more than 8 axes"),
    (header("'<f8'", "False", "(1152921504606846976,)"), "the header announces"),
    (
      header("'|u1'", "False", "(1152921504606846976,)"), "1152921504606846976 bytes, there are 2"
    ),
    (header("'|u1'", "False", "(3,)"), "the header announces 3 bytes, there are 2"),
    (header("'|u1'", "False", "(1,)"), "the header announces 1 bytes, there are 2"),
    (header("'|b1'"), "a BOOL is 0 or 1, found 7"),
    ("{\(String(repeating: " ", count: 10_000))}", "at most 10000 are allowed"),
  ]

  @Test("What a header may not say is refused", arguments: headers)
  func refused(header: String, message: String) throws {
    let error = try formatError {
      _ = try NPY.decode(Self.file(header, [0, 7]), name: "bad.npy")
    }
    #expect(error?.message.contains(message) == true, "\(String(describing: error))")
    #expect(error?.file == "bad.npy" && error?.offset != nil)
  }

  @Test("The magic number, the version and the length are checked first")
  func start() throws {
    func message(_ bytes: [UInt8]) throws -> String? {
      try formatError { _ = try NPY.decode(bytes, name: "x") }?.description
    }
    #expect(
      try message(Array("not NumPy's".utf8))
        == "x: magic number at byte 0: an npy file starts with the byte 93 (hexadecimal) and"
        + " \"NUMPY\"")
    #expect(
      try message(Self.file(Self.header(), [1, 2], version: 4))
        == "x: version at byte 6: version 4.0 is none of 1.0, 2.0, 3.0")
    #expect(
      try message([0x93] + Array("NUMPY".utf8) + [2, 0, 255, 255, 255, 255])
        == "x: header length at byte 8: 4294967295 bytes announced, at most 10000 are allowed")
  }

  @Test("Nesting costs nothing")
  func depth() throws {
    for opening in ["(", "[", "{'a':"] {
      let text = "{'shape': " + String(repeating: opening, count: 9_000 / opening.count)
      #expect(throws: FormatError.self) { try NPY.decode(Self.file(text), name: "deep") }
    }
  }

  @Test("A file cut short anywhere is refused, changed bytes are refused or read")
  func truncationAndMutations() throws {
    let whole = try fixture("version1.npy")
    for count in 0..<whole.count {
      #expect(throws: FormatError.self) {
        try NPY.decode(Array(whole[..<count]), name: "cut after \(count) bytes")
      }
    }
    for place in whole.indices {
      for change: UInt8 in 1...255 {
        var bytes = whole
        bytes[place] ^= change
        _ = try formatError { _ = try NPY.decode(bytes, name: "byte \(place)") }
      }
    }
  }
}
