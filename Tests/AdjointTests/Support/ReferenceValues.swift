import Adjoint
import Foundation
import Testing

/// Inputs and outputs that NumPy, SciPy and PyTorch computed; see Fixtures/generate.py.
struct ReferenceValues: Decodable, Sendable {
  struct Case: Decodable, Sendable {
    let operation: String
    let inputs: [Int]
    let output: Int
    let arguments: [Int]

    init(from decoder: any Decoder) throws {
      var fields = try decoder.unkeyedContainer()
      operation = try fields.decode(String.self)
      inputs = try fields.decode([Int].self)
      output = try fields.decode(Int.self)
      arguments = try fields.decode([Int].self)
    }
  }

  /// A tensor, decoded from its dtype, shape and elements as text.
  struct Array: Decodable, Sendable {
    let tensor: Tensor

    init(from decoder: any Decoder) throws {
      var fields = try decoder.unkeyedContainer()
      let name = try fields.decode(String.self)
      let shape = Shape(try fields.decode([Int].self))
      let texts = try fields.decode(String.self).split(separator: " ")
      let dtype = DType.allCases.first { $0.description == name }
      switch dtype {
      case .float32: tensor = Tensor(texts.compactMap { Float($0) }, shape: shape)
      case .float64: tensor = Tensor(texts.compactMap { Double($0) }, shape: shape)
      default: tensor = Tensor(texts.compactMap { Int($0) }, shape: shape, dtype: dtype)
      }
    }
  }

  let arrays: [Array]
  let cases: [Case]

  /// Inputs, result and arguments of every case of an operation, of which there must be one.
  func examples(
    of operation: String, sourceLocation: SourceLocation = #_sourceLocation
  ) -> [(inputs: [Tensor], expected: Tensor, arguments: [Int])] {
    let found = cases.filter { $0.operation == operation }
    #expect(!found.isEmpty, "\(operation)", sourceLocation: sourceLocation)
    return found.map { example in
      (
        example.inputs.map { arrays[$0].tensor }, arrays[example.output].tensor, example.arguments
      )
    }
  }

  static let shared = load("values.json")

  /// The values in a file of the folder Fixtures.
  static func load(_ file: String) -> Result<ReferenceValues, any Error> {
    Result {
      let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Fixtures").appending(path: file).standardizedFileURL
      return try JSONDecoder().decode(ReferenceValues.self, from: Data(contentsOf: file))
    }
  }
}
