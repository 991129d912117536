import Adjoint
import AdjointData
import Foundation
import Testing

@Suite("Mapped safetensors files")
struct SafeTensorsFileTests {
  @Test(
    "They hold what reading them whole gives",
    arguments: ["reference.safetensors", "half.safetensors", "narrow.safetensors"])
  func sameContents(name: String) throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: name)
      try Data(fixture(name)).write(to: url)
      let (whole, file) = (try SafeTensors.read(url), try SafeTensorsFile(url))
      #expect(file.metadata == whole.metadata && file.names == whole.tensors.map(\.name))
      for (name, expected) in whole.tensors {
        #expect(file.shape(of: name).map(Array.init) == Array(expected.shape))
        #expect(file.dtype(of: name) == expected.dtype)
        let tensor = try #require(try file[name])
        #expect(tensor.shape == expected.shape && tensor.dtype == expected.dtype, "\(name)")
        #expect(tensor.bytes() == expected.bytes(), "\(name)")
      }
      #expect(try file["nothing"] == nil && file.shape(of: "nothing") == nil)
    }
  }

  /// Vectors of a million floats; the last one ends where the file's last page does.
  private func withFile(_ body: (URL, SafeTensorsFile) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "large.safetensors")
      let (ones, numbers) = (Tensor.ones([1 << 20]), Tensor.arange(1 << 20, dtype: .float32))
      var padding = ""
      repeat {
        let contents = SafeTensors(
          [("numbers", numbers), ("ones", ones)], metadata: ["padding": padding])
        try contents.write(to: url)
        let size = try Data(contentsOf: url, options: .alwaysMapped).count
        if size % 4096 == 0 { break }
        padding += String(repeating: "x", count: 4096 - size % 4096)
      } while true
      try body(url, SafeTensorsFile(url))
    }
  }

  @Test("Aligned tensors take no memory of their own, and compute like others")
  func withoutCopies() throws {
    try withFile { _, file in
      let before = MemoryStatistics.current.bytesInUse
      let ones = try #require(try file["ones"])
      let numbers = try #require(try file["numbers"])
      #expect(MemoryStatistics.current.bytesInUse - before < 1 << 20)
      #expect(ones.sum().scalar == 1_048_576)
      #expect(numbers[1_048_575].scalar == 1_048_575)
      #expect((numbers * ones + 1).max().scalar == 1_048_576)
    }
  }

  @Test("A tensor outlives the value that gave it, and the file's name")
  func lifetime() throws {
    var kept: Tensor?
    try withFile { url, file in kept = try file["numbers"] }
    #expect(kept?[3].scalar == 3)
  }

  @Test("Changing a tensor never changes the file or another tensor")
  func readOnly() throws {
    try withFile { url, file in
      let contents = try Data(contentsOf: url)
      var numbers = try #require(try file["numbers"])
      numbers[0] = Tensor(7)
      numbers[1..<1_048_576] = Tensor.zeros([1_048_575])
      var ones = try #require(try file["ones"])
      for _ in 0..<3 { ones = ones * 2 + 1 }
      #expect(numbers[0].scalar == 7 && numbers[5].scalar == 0 && ones[1_048_575].scalar == 15)
      #expect(try file["numbers"]?[5].scalar == 5 && file["ones"]?[0].scalar == 1)
      #expect(try Data(contentsOf: url) == contents)
    }
  }

  @Test("Replacing the file leaves open ones as they were")
  func replaced() throws {
    try withFile { url, file in
      try SafeTensors([("ones", Tensor.zeros([1]))]).write(to: url)
      #expect(try file["ones"]?[1_048_575].scalar == 1)
      #expect(try SafeTensorsFile(url)["ones"]?.scalar == 0)
    }
  }

  @Test("What reading refuses is refused when the file is opened, or its tensor asked for")
  func refused() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "bad.safetensors")
      let whole = try fixture("reference.safetensors")
      for count in 0..<whole.count {
        try Data(whole[..<count]).write(to: url)
        #expect(throws: FormatError.self) { try SafeTensorsFile(url) }
      }
      try Data(fixture("large.safetensors")).write(to: url)
      let file = try SafeTensorsFile(url)
      #expect(try formatError { _ = try file["ids"] }?.offset == 64)
      let missing = try formatError { _ = try SafeTensorsFile(folder.appending(path: "none")) }
      #expect(missing?.kind == .missing)
      #expect(try formatError { _ = try SafeTensorsFile(folder) }?.kind == .inaccessible)
      let device = URL(filePath: "/dev/zero")
      #expect(try formatError { _ = try SafeTensorsFile(device) }?.kind == .inaccessible)
    }
  }
}
