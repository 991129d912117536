import Adjoint
import AdjointData
import AdjointNN
import Foundation
import Testing

/// What PyTorch computes for layers of sequences; see Fixtures/make_sequence.py.
struct SequenceReference: Decodable, Sendable {
  struct Output: Decodable, Sendable {
    let shape: [Int]
    let values: [Double]
  }
  struct Case: Decodable, Sendable {
    let keys: [String: [Int]]
    let outputs: [Output]
    let gradients: [String: [Double]]
  }
  struct Model: Decodable, Sendable {
    let keys: [String: [Int]]
    let losses: [Double]
  }

  let cases: [String: Case]
  let models: [String: Model]

  static let shared = Swift.Result {
    try JSONDecoder().decode(
      SequenceReference.self, from: Data(contentsOf: fixture("sequence.json")))
  }

  /// Numbers that depend on a name and a shape alone, the same as in the script.
  static func made(_ name: String, _ shape: Shape, scale: Double = 1) -> Tensor {
    let start = name.utf8.reduce(0) { $0 + Int($1) } % 97
    let values = (0..<shape.elementCount).map { scale * sin(0.7 * Double($0) + Double(start)) }
    return Tensor(values, shape: shape, dtype: .float64)
  }
}

extension Module {
  /// Makes all parameters float64 and sets them by their names.
  func fillByName() {
    convert(to: .float64)
    for (name, parameter) in namedParameters {
      parameter.value = SequenceReference.made(name, parameter.shape, scale: 0.5)
    }
  }

  /// The state dictionary's keys and shapes.
  var stateShapes: [String: [Int]] { stateDictionary.mapValues { Array($0.shape) } }
}

/// Asserts that a module has the keys, the outputs and the gradients that PyTorch's has.
///
/// - Parameters:
///   - inputs: names and shapes; their values are made from them.
///   - run: the outputs for the inputs.
func expectLikePyTorch(
  _ name: String, _ module: some Module, _ inputs: [(name: String, shape: Shape)],
  sourceLocation: SourceLocation = #_sourceLocation, run: ([Tensor]) throws -> [Tensor]
) throws {
  let reference = try #require(
    try SequenceReference.shared.get().cases[name], sourceLocation: sourceLocation)
  #expect(module.stateShapes == reference.keys, sourceLocation: sourceLocation)
  module.fillByName()
  let points = inputs.map { SequenceReference.made($0.name, $0.shape).tracked() }
  let outputs = try run(points)
  try #require(outputs.count == reference.outputs.count, sourceLocation: sourceLocation)
  var loss = Tensor(0, dtype: .float64)
  for (index, (output, expected)) in zip(outputs, reference.outputs).enumerated() {
    try expectClose(
      output, expected.values, shape: Shape(expected.shape), tolerance: 1e-10,
      sourceLocation: sourceLocation)
    loss = loss + (output * SequenceReference.made("probe \(index)", output.shape)).sum()
  }
  let named = module.namedParameters
  let found = gradients(of: loss, withRespectTo: points + named.map(\.parameter.value))
  for (key, gradient) in zip(inputs.map(\.name) + named.map(\.name), found) {
    let expected = try #require(reference.gradients[key], sourceLocation: sourceLocation)
    #expect(gradient.elementCount == expected.count, sourceLocation: sourceLocation)
    let worst = zip(gradient.scalars, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? 0
    #expect(
      worst < 1e-10, "the gradient of \(key) is off by \(worst)", sourceLocation: sourceLocation)
  }
}

/// Asserts that ten steps of training have PyTorch's losses and weights, and that the model takes over
/// PyTorch's file of them.
///
/// - Parameters:
///   - fresh: a second model, which gets the weights of the file.
///   - loss: the loss of a model for the data.
func expectTrainedLikePyTorch<Model: Module>(
  _ model: Model, _ fresh: Model, _ optimizer: some Optimizer, loss: (Model) -> Tensor
) throws {
  let name = String(describing: Model.self)
  let reference = try #require(try SequenceReference.shared.get().models[name])
  #expect(model.stateShapes == reference.keys)
  model.fillByName()
  let losses = (0..<10).map { _ in
    let (value, gradients) = valueWithGradients(of: model) { loss(model) }
    optimizer.update(model, gradients)
    return value.scalar
  }
  try writeForPyTorch(model, name)
  let last = loss(model).scalar
  try expectClose(
    Tensor(losses + [last], dtype: .float64), reference.losses, tolerance: 1e-9)
  let file = try SafeTensors.read(fixture("\(name).safetensors"))
  let weights = Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.tensor) })
  for (name, value) in model.stateDictionary {
    try expectClose(value, try #require(weights[name]).scalars, tolerance: 1e-9)
  }
  fresh.convert(to: .float64)
  try fresh.load(stateDictionary: weights)
  #expect(abs(loss(fresh).scalar - last) < 1e-9)
}

/// A table of integers by row and column.
func integers(_ rows: Int, _ columns: Int, _ value: (_ row: Int, _ column: Int) -> Int) -> Tensor {
  var numbers: [Int] = []
  for row in 0..<rows {
    for column in 0..<columns { numbers.append(value(row, column)) }
  }
  return Tensor(numbers).reshaped([rows, columns])
}
