import Adjoint
import AdjointNN
import Foundation
import Testing

/// What PyTorch's optimizers, and formulas of papers in NumPy, give; see Fixtures/make_optimizers.py.
struct OptimizerReference: Decodable {
  struct Run: Decodable {
    let losses: [Double]
    let end: [String: [Double]]
  }
  struct Clipping: Decodable {
    let before, after: [[Double]]
    let norm: Double?
  }

  let x, target: [Double]
  let start: [String: [Double]]
  let runs: [String: Run]
  let clippings: [String: Clipping]
  let moments, equalAverages, exponentialAverages: [[Double]]

  static let shared: OptimizerReference? = {
    // The fixtures lie beside the folder of these tests.
    let folder = URL(filePath: #filePath).deletingLastPathComponent().path(percentEncoded: false)
    return (try? Data(contentsOf: fixture("optimizers.json", file: folder))).flatMap {
      try? JSONDecoder().decode(OptimizerReference.self, from: $0)
    }
  }()
}

/// A small problem with parameters of rank 0 to 3, whose loss is not convex.
final class WavyProblem: Module {
  let weight, bias, scale, kernel: Parameter
  private let x: Tensor
  private let target: Tensor

  init() throws {
    let reference = try #require(OptimizerReference.shared)
    func parameter(_ name: String, _ shape: Shape) throws -> Parameter {
      Parameter(Tensor(try #require(reference.start[name]), shape: shape, dtype: .float64))
    }
    weight = try parameter("weight", [4, 3])
    bias = try parameter("bias", [4])
    scale = try parameter("scale", [])
    kernel = try parameter("kernel", [2, 3, 4])
    x = Tensor(reference.x, shape: [6, 3], dtype: .float64)
    target = Tensor(reference.target, shape: [6, 4], dtype: .float64)
  }

  func loss() -> Tensor {
    let y = tanh(matmul(x, weight.value.transposed()) + bias.value) * scale.value
    let k = kernel.value
    let waves = sin(3 * k) * k + 0.5 * square(k)
    return square(y - target).mean() + waves.mean()
  }

  /// The loss before a step of the optimizer for the parameters of these names.
  func step(_ optimizer: any Optimizer, _ names: Set<String>? = nil) -> Double {
    let trained = namedParameters.filter { names?.contains($0.name) ?? true }.map(\.parameter)
    if let optimizer = optimizer as? LBFGS, case .strongWolfe = optimizer.lineSearch {
      return optimizer.update(trained) { loss() }
    }
    if let optimizer = optimizer as? LBFGS, optimizer.maximumIterations > 1 {
      return optimizer.update(trained) { loss() }
    }
    let (value, gradients) = valueWithGradients(of: trained) { loss() }
    optimizer.update(trained, gradients)
    return value.scalar
  }

  /// All parameters as numbers.
  var numbers: [[Double]] { parameters.map { $0.value.scalars } }
}
