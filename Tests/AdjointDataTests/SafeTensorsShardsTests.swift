import Adjoint
import AdjointData
import Foundation
import Testing

@Suite("Checkpoints in several safetensors files")
struct SafeTensorsShardsTests {
  /// Opens a checkpoint of two files, with this text as its index.
  private func open(_ index: String) throws -> SafeTensorsShards {
    try withTemporaryFolder { folder in
      try SafeTensors([("a", Tensor([1, 2] as [Float])), ("b", Tensor([3] as [Int64]))]).write(
        to: folder.appending(path: "1.safetensors"))
      try SafeTensors([("c", Tensor.ones([3, 2]))]).write(
        to: folder.appending(path: "2.safetensors"))
      let url = folder.appending(path: "model.safetensors.index.json")
      try Data(index.utf8).write(to: url)
      return try SafeTensorsShards(url)
    }
  }

  private static let map =
    "{\"a\": \"1.safetensors\", \"b\": \"1.safetensors\", \"c\": \"2.safetensors\"}"

  @Test("Each tensor comes from its file")
  func tensors() throws {
    let checkpoint = try open(
      """
      {"metadata": {"total_size": 1.5e3, "x": [true, null, {"y": "]"}]}, "weight_map": \(Self.map)}

      """)
    #expect(checkpoint.names == ["a", "b", "c"])
    #expect(try checkpoint["a"]?.scalars == [1, 2])
    #expect(try checkpoint["b"]?.scalars(as: Int64.self) == [3])
    #expect(checkpoint.shape(of: "c").map(Array.init) == [3, 2])
    #expect(checkpoint.dtype(of: "b") == .int64)
    #expect(try checkpoint["d"] == nil)
  }

  @Test(
    "An index that is broken, or does not fit its files, is refused",
    arguments: [
      ("", "the header ends too early"),
      ("{}", "the index has none"),
      ("{\"weight_map\": \(map)} x", "goes on after its object"),
      ("{\"weight_map\": {\"a\": 1}}", "'\"' expected"),
      ("{\"weight_map\": {\"a\": \"../1.safetensors\"}}", "is no plain name of a file"),
      ("{\"weight_map\": {\"a\": \"/etc/passwd\"}}", "is no plain name of a file"),
      ("{\"weight_map\": {\"a\": \"..\"}}", "is no plain name of a file"),
      ("{\"weight_map\": {\"a\": \"1.safetensors\\u0000\"}}", "is no plain name of a file"),
      ("{\"weight_map\": {\"a\": \"3.safetensors\"}}", "there is no such file"),
      ("{\"weight_map\": {\"a\": \"model.safetensors.index.json\"}}", "bytes announced"),
      ("{\"weight_map\": {\"a\": \"2.safetensors\"}}", "it is not in 2.safetensors"),
      ("{\"weight_map\": {\"a\": \"1.safetensors\"}}", "where the index does not have it"),
      ("{\"metadata\": [}", "a value expected"),
      ("{\"metadata\": ,}", "a value expected"),
      ("{\"metadata\": [", "the header ends too early"),
      ("{\"metadata\": \(String(repeating: "[", count: 100_000))", "the header ends too early"),
      (
        "{\"metadata\": \(String(repeating: "[", count: 100_000))"
          + "\(String(repeating: "]", count: 100_000))}", "the index has none"
      ),
    ])
  func refused(index: String, message: String) throws {
    let error = try formatError { _ = try open(index) }
    #expect(error?.message.contains(message) == true, "\(String(describing: error))")
  }
}
