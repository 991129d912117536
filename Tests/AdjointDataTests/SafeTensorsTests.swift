import Adjoint
import AdjointData
import Foundation
import Testing

@Suite("Safetensors files")
struct SafeTensorsTests {
  /// The contents of the file that the reference writer made, in an order of our own.
  private let contents = SafeTensors(
    [
      ("Bias", Tensor([0.1, -2] as [Float])),
      ("counts", Tensor([.min, .max] as [Int32], shape: [1, 1, 2])),
      ("empty", Tensor([] as [Float], shape: [2, 0, 3])),
      ("mask", Tensor([true, false, true])),
      ("pixels", Tensor([0, 127, 255] as [UInt8])),
      ("precise", Tensor([.pi, -.leastNonzeroMagnitude] as [Double], dtype: .float64)),
      ("steps", Tensor([1 << 62, -1] as [Int64], shape: [2, 1])),
      (
        "weight",
        Tensor(
          [1.5, -0.0, .infinity, .nan, .leastNonzeroMagnitude, -3.4e38] as [Float], shape: [2, 3])
      ),
      ("étage", Tensor([7] as [Float], shape: [])),
    ],
    metadata: ["note": "quote \" backslash \\ tab \t newline \n bell \u{7} é 🙂"])

  @Test("A file of the reference writer is read exactly")
  func readsReference() throws {
    let file = try SafeTensors.decode(fixture("reference.safetensors"), name: "reference")
    #expect(file.metadata == contents.metadata)
    #expect(file.tensors.count == contents.tensors.count)
    for (name, expected) in contents.tensors {
      let tensor = try #require(file[name])
      #expect(tensor.shape == expected.shape, "\(name)")
      #expect(tensor.dtype == expected.dtype, "\(name)")
      #expect(tensor.bytes() == expected.bytes(), "\(name)")
    }
    #expect(file["nothing"] == nil)
  }

  @Test("The same contents are written as the reference writer writes them, byte for byte")
  func writesReference() throws {
    var shuffled = contents
    shuffled.tensors.reverse()
    #expect(try contents.encode() == fixture("reference.safetensors"))
    #expect(try shuffled.encode() == fixture("reference.safetensors"))
  }

  @Test("Sixteen-bit floats become float32 without a change of value")
  func halfPrecision() throws {
    let file = try SafeTensors.decode(fixture("half.safetensors"), name: "half")
    let half = try #require(file["half"]).scalars(as: Float.self)
    #expect(half == [1, -2.5, 65504, Float(0x1p-24), .infinity, 0] && half[5].sign == .minus)
    let brain = try #require(file["brain"]).scalars(as: Float.self)
    #expect(brain[..<2] == [1, -2.5] && brain[4] == -.infinity && brain[5].sign == .minus)
    #expect(abs(brain[2] / 3e38 - 1) < 1 / 256 && brain[3].isSubnormal)
  }

  @Test("Narrow types become the smallest dtype that has all their values, as in PyTorch")
  func narrowTypes() throws {
    let file = try SafeTensors.decode(fixture("narrow.safetensors"), name: "narrow")
    for name in ["I8", "I16", "U16", "U32", "U64"] {
      let (tensor, expected) = (try #require(file[name]), try #require(file["\(name) widened"]))
      #expect(tensor.dtype == (name.hasPrefix("I") || name == "U16" ? .int32 : .int64))
      #expect(tensor.scalars(as: Int64.self) == expected.scalars(as: Int64.self), "\(name)")
    }
    for name in ["F8_E4M3", "F8_E4M3FNUZ", "F8_E5M2", "F8_E5M2FNUZ", "F8_E8M0"] {
      let (tensor, expected) = (try #require(file[name]), try #require(file["\(name) widened"]))
      #expect(tensor.dtype == .float32 && tensor.elementCount == 256)
      for (one, other) in zip(tensor.scalars(as: Float.self), expected.scalars(as: Float.self)) {
        #expect(one.bitPattern == other.bitPattern || (one.isNaN && other.isNaN), "\(name)")
      }
    }
  }

  @Test("Other dtypes are refused with the names of the tensor and the dtype")
  func unsupportedDType() throws {
    let error = try formatError {
      _ = try SafeTensors.decode(fixture("complex.safetensors"), name: "waves.safetensors")
    }
    #expect(error?.kind == .unsupported)
    #expect(
      error?.description == "waves.safetensors: tensor \"waves\" at byte 17: dtype C64 is none of"
        + " BOOL, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, I16, U16, F16, BF16,"
        + " I32, U32, F32, F64, I64, U64")
  }

  @Test("A value that no dtype has is refused with its place")
  func largeNumber() throws {
    let error = try formatError {
      _ = try SafeTensors.decode(fixture("large.safetensors"), name: "large")
    }
    #expect(
      error?.description
        == "large: tensor \"ids\" at byte 64: 9223372036854775808 does not fit into int64")
  }

  @Test("A file without tensors or metadata is a file")
  func empty() throws {
    let bytes = try SafeTensors().encode()
    #expect(bytes == [8, 0, 0, 0, 0, 0, 0, 0] + Array("{}      ".utf8))
    #expect(try SafeTensors.decode(bytes, name: "empty").tensors.isEmpty)
  }

  @Test("Any text survives as a name and as metadata")
  func text() throws {
    let texts = ["", "a.b/c", "\0\u{1f}\u{7f}", "\u{2028}\u{ffff}", "𝕏 \\u0041", "__metadata"]
    let file = SafeTensors(
      texts.enumerated().map { ($1, Tensor([Int32($0)])) },
      metadata: Dictionary(uniqueKeysWithValues: texts.map { ($0, $0) }))
    let copy = try SafeTensors.decode(file.encode(), name: "copy")
    #expect(copy.metadata == file.metadata)
    for (index, text) in texts.enumerated() {
      #expect(copy[text]?.scalars(as: Int32.self) == [Int32(index)])
    }
  }

  @Test("A written file is read back, and nothing else is left in the folder")
  func roundTrip() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try SafeTensors([("old", Tensor([1] as [Float]))]).write(to: url)
      try contents.write(to: url)
      #expect([UInt8](try Data(contentsOf: url)) == (try contents.encode()))
      #expect(try SafeTensors.read(url).tensors.count == contents.tensors.count)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path())
      #expect(names == ["model.safetensors"])
    }
  }

  @Test("A failed save throws and leaves the older file as it was")
  func failedSave() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try contents.write(to: url)
      let one = Tensor([1] as [Float])
      for names in [["a", "b", "a"], ["__metadata__"]] {
        let error = try formatError { try SafeTensors(names.map { ($0, one) }).write(to: url) }
        #expect(error?.kind == .malformed)
        #expect(error?.field == "tensor \"\(names.last!)\"")
      }
      #expect([UInt8](try Data(contentsOf: url)) == (try contents.encode()))
      let nowhere = folder.appending(path: "missing/model.safetensors")
      let error = try formatError { try contents.write(to: nowhere) }
      #expect(error?.kind == .inaccessible)
      #expect(error?.message == "cannot be written: No such file or directory")
      #expect(try formatError { try contents.write(to: folder) }?.kind == .inaccessible)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path())
      #expect(names == ["model.safetensors"])
    }
  }

  @Test("Saving through a link replaces the file that it points to")
  func link() throws {
    try withTemporaryFolder { folder in
      let (url, link) = (folder.appending(path: "first"), folder.appending(path: "best"))
      try SafeTensors().write(to: url)
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: url)
      try contents.write(to: link)
      #expect(try SafeTensors.read(url).tensors.count == contents.tensors.count)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path()) == url.path())
    }
  }
}
