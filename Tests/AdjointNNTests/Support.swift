import Adjoint
import AdjointNN
import Foundation
import Testing

/// What PyTorch and Keras compute; see Fixtures/make_reference.py.
struct Reference: Decodable {
  struct Dense: Decodable { let y, dx, dweight, dbias: [Double] }
  struct Value: Decodable {
    let value: Double
    let gradient: [Double]
  }
  struct Run: Decodable { let losses, weight, bias: [Double] }

  let x, target, weight, bias, logits, soft, stack: [Double]
  let classes: [Int]
  let dense: Dense
  let crossEntropy, softCrossEntropy, squaredError: Value
  let runs: [String: Run]

  static func read() throws -> Reference {
    try JSONDecoder().decode(Reference.self, from: Data(contentsOf: fixture("reference.json")))
  }
}

/// A file kept beside the tests, with the script that made it.
func fixture(_ name: String, file: String = #filePath) -> URL {
  URL(filePath: file).deletingLastPathComponent().appending(path: "Fixtures").appending(path: name)
}

/// Runs `body` with a fresh folder, which is removed afterwards.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// The text that `body` throws, nil if it does not throw.
func thrown(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)"
  }
}

/// Asserts that a tensor has the shape and, element by element, the values.
func expectClose(
  _ tensor: Tensor?, _ values: [Double], shape: Shape? = nil, tolerance: Double = 1e-12,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let tensor = try #require(tensor, sourceLocation: sourceLocation)
  if let shape { #expect(tensor.shape == shape, sourceLocation: sourceLocation) }
  #expect(tensor.elementCount == values.count, sourceLocation: sourceLocation)
  let worst = zip(tensor.scalars, values).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? 0
  #expect(worst <= tolerance, "off by \(worst)", sourceLocation: sourceLocation)
}

/// Random numbers that are the same in every run.
func random(_ shape: Shape, seed: UInt64 = 1, dtype: DType = .float64) -> Tensor {
  var generator = Generator(seed: seed)
  return Tensor.normal(shape, dtype: dtype, using: &generator)
}

/// What a test process wrote to standard error before it stopped.
func errors(_ result: ExitTest.Result?) -> String {
  String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}
