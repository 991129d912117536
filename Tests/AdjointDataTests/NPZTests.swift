import Adjoint
import AdjointData
import Foundation
import Testing

@Suite("Npz archives")
struct NPZTests {
  @Test(
    "Every element type of NumPy is read from both byte orders",
    arguments: ["arrays.npz", "deflated.npz"])
  func elementTypes(name: String) throws {
    let file = try NPZ.decode(fixture(name), name: name)
    func values<S: TensorScalar & Equatable>(_ kind: String, _ expected: [S]) throws {
      for order in ["|", "<", ">"] {
        guard let tensor = file[order + kind] else { continue }
        #expect(tensor.dtype == S.dtype && tensor.shape == [2, 3], "\(order)\(kind)")
        #expect(tensor.scalars(as: S.self) == expected, "\(order)\(kind)")
      }
    }
    try values("?", [false, true, true, false, false, true])
    try values("u1", [0, 0, 1, 2, 3, 255] as [UInt8])
    try values("i1", [-128, 0, 1, 2, 3, 127] as [Int32])
    try values("i2", [-32768, 0, 1, 2, 3, 32767] as [Int32])
    try values("u2", [0, 0, 1, 2, 3, 65535] as [Int32])
    try values("i4", [.min, 0, 1, 2, 3, .max] as [Int32])
    try values("u4", [0, 0, 1, 2, 3, 4_294_967_295] as [Int64])
    try values("i8", [.min, 0, 1, 2, 3, .max] as [Int64])
    try values("u8", [0, 0, 1, 2, 3, .max] as [Int64])
    for order in ["<", ">"] {
      let half = try #require(file["\(order)f2"]).scalars(as: Float.self)
      #expect(half[0] == Float(Float16(0.1)) && half[4] == 65504 && half[5] == 0x1p-24)
      let single = try #require(file["\(order)f4"]).scalars(as: Float.self)
      #expect(single[0] == 0.1 && single[5] == .leastNonzeroMagnitude)
      let double = try #require(file["\(order)f8"]).scalars(as: Double.self)
      #expect(double[0] == 0.1 && double[4] == .greatestFiniteMagnitude)
      for values in [half.map(Double.init), single.map(Double.init), double] {
        #expect(values[1].sign == .minus && values[2] == .infinity && values[3].isNaN)
      }
    }
    #expect(file.tensors.count == (name == "arrays.npz" ? 26 : 27))
  }

  @Test("Fortran's order, single numbers, empty arrays and strange names are read")
  func shapes() throws {
    let file = try NPZ.decode(fixture("arrays.npz"), name: "arrays")
    for name in ["fortran", "fortran big"] {
      let tensor = try #require(file[name])
      #expect(tensor.shape == [2, 3, 4] && tensor.dtype == .int32)
      #expect(tensor.scalars(as: Int.self) == Array(0..<24))
    }
    #expect(file["scalar"]?.shape == [] && file["scalar"]?.scalar == 7.5)
    #expect(file["empty"]?.shape == [2, 0, 3])
    #expect(file["étage/../x"]?.bytes() == [1, 2])
    #expect(file["nothing"] == nil)
  }

  @Test("Sizes behind the data and sizes of 64 bits are read", arguments: ["piped", "long"])
  func variants(name: String) throws {
    let file = try NPZ.decode(fixture("\(name).npz"), name: name)
    #expect(file.tensors.map(\.name) == ["a", "b"])
    #expect(file["a"]?.scalars == [0, 1, 2] && file["b"]?.scalars == [0, 1])
  }

  private let contents = NPZ([
    ("a", Tensor([1, 2, 3] as [Float])), ("../é", Tensor.zeros([50, 50], dtype: .int64)),
    ("", Tensor(7, dtype: .float64)), ("mask", Tensor([true, false])),
  ])

  @Test("What is written is read back, stored and compressed", arguments: [false, true])
  func roundTrip(compressed: Bool) throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "arrays.npz")
      try contents.write(to: url, compressed: compressed)
      let copy = try NPZ.read(url)
      #expect(copy.tensors.map(\.name) == contents.tensors.map(\.name))
      for (one, other) in zip(copy.tensors, contents.tensors) {
        #expect(one.tensor.shape == other.tensor.shape && one.tensor.dtype == other.tensor.dtype)
        #expect(one.tensor.bytes() == other.tensor.bytes())
      }
      let size = try contents.encode(compressed: compressed).count
      #expect(compressed ? size < 2_000 : size > 20_000)
    }
    #expect(try NPZ.decode(NPZ().encode(compressed: compressed), name: "empty").tensors.isEmpty)
  }

  @Test("More members than 16 bits count are written and read")
  func manyMembers() throws {
    let one = Tensor([1] as [UInt8])
    let bytes = try NPZ((0..<65_536).map { ("\($0)", one) }).encode()
    #expect(try NPZ.decode(bytes, name: "many").tensors.count == 65_536)
  }

  @Test("A name that occurs twice or is too long cannot be written")
  func badNames() throws {
    let one = Tensor([1] as [Float])
    let twice = try formatError { _ = try NPZ([("a", one), ("a", one)]).encode() }
    #expect(twice?.description == "npz: tensor \"a\": this name occurs twice")
    let long = String(repeating: "x", count: 65_532)
    let error = try formatError { _ = try NPZ([(long, one)]).encode() }
    #expect(error?.message == "the name takes 65532 bytes, 65531 are allowed")
    #expect(try NPZ([(String(long.dropLast()), one)]).encode().count > 65_531)
  }
}
