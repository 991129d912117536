import Adjoint
import AdjointNN
import Foundation
import Testing

/// What PyTorch's layers compute; see Fixtures/make_layers.py.
struct LayerReference: Decodable, Sendable {
  /// The shapes of PyTorch's state dictionary.
  let state: [String: [Int]]
  let input: [Int]
  let shape: [Int]
  let y: [Double]
  let dx: [Double]?
  let gradients: [String: [Double]]
  let buffers: [String: [Double]]?

  static let shared = Result {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().path
    let file = fixture("layers.json", file: tests)
    return try JSONDecoder().decode([String: LayerReference].self, from: Data(contentsOf: file))
  }
}

/// Numbers between -1.2 and 1.2 without ties; the script has the same formula.
func wave(_ shape: Shape, seed: Int) -> Tensor {
  let values = (0..<shape.elementCount).map { i -> Double in
    let wobble: Double = 0.3 * Foundation.sin(0.77 * Double(i) * Double(seed + 1))
    let phase: Double = 1.7 * Double(i) + 0.9 * Double(seed) + wobble
    return 1.2 * Foundation.sin(phase)
  }
  return Tensor(values, shape: shape)
}

/// Up to 20 numbers as they are, more of them as 8 sums with different weights.
func digest(_ tensor: Tensor) -> [Double] {
  let values = tensor.scalars
  if values.count <= 20 { return values }
  return (0..<8).map { k -> Double in
    let frequency: Double = 0.37 * Double(k + 1)
    var sum = 0.0
    for (i, value) in values.enumerated() {
      sum += value * Foundation.cos(frequency * Double(i) + Double(k))
    }
    return sum
  }
}

/// Asserts that a tensor has the digest of PyTorch's.
func expectDigest(
  _ tensor: Tensor, _ expected: [Double], tolerance: Double,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let found = digest(tensor)
  try expectClose(
    Tensor(found, shape: [found.count]), expected, tolerance: tolerance,
    sourceLocation: sourceLocation)
}

/// Gives a model the state that the script gives PyTorch's.
func setState(_ module: some Module) throws {
  var state = module.stateDictionary
  for (index, name) in state.keys.sorted().enumerated() {
    guard let old = state[name] else { continue }
    let values = wave(old.shape, seed: index)
    if name.hasSuffix("num_batches_tracked") {
      state[name] = Tensor(3, dtype: .int64)
    } else if name.hasSuffix("running_var") {
      state[name] = abs(values) + 0.5
    } else {
      state[name] = values * 0.8
    }
  }
  try module.load(stateDictionary: state)
}

/// A layer that is compared with PyTorch, by the name of its case.
struct LayerRow: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let make: @Sendable () -> any Layer

  init(_ name: String, _ make: @escaping @Sendable () -> any Layer) {
    (testDescription, self.make) = (name, make)
  }

  var mode: Mode { testDescription.hasSuffix("training") ? .training : .inference }
  /// The number of indices, for layers that take some.
  var indices: Int? { testDescription.hasPrefix("embedding") ? 7 : nil }
  private var scale: Double {
    if testDescription.hasPrefix("activation hards") { return 4 }
    return testDescription.hasPrefix("activation") ? 3 : 1.5
  }

  func layer() throws -> any Layer {
    let layer = make()
    layer.convert(to: .float64)
    try setState(layer)
    return layer
  }

  func input(_ reference: LayerReference) -> Tensor {
    let shape = Shape(reference.input)
    guard let indices else { return wave(shape, seed: 11) * scale }
    return Tensor((0..<shape.elementCount).map { $0 % indices }).reshaped(shape)
  }

  static let all =
    activations + features + convolutions + pooling + normalizations + shapes
    + containers
}
