import Adjoint
import Testing

/// Transforms of functions against JAX; see Fixtures/generate_transforms.py for the functions.
@Suite("Transforms")
struct TransformValuesTests {
  private static let reference = ReferenceValues.load("transforms.json")

  private static func layer(_ x: Tensor, _ w: Tensor, _ b: Tensor) -> Tensor {
    softmax(tanh(matmul(x, w)) + b)
  }

  private static func energy(_ inputs: [Tensor]) -> Tensor {
    let (x, w) = (inputs[0], inputs[1])
    return matmul(x, w).logSumExp() + (sin(x) * pow(x, 3)).sum() / square(w).sum()
  }

  private static func tall(_ x: Tensor) -> Tensor {
    let points = Tensor.linspace(0, 2, count: 12, dtype: x.dtype)
    return exp(-points * x[0]) * cos(points * x[1])
  }

  private static let operations: [String: @Sendable ([Tensor], [Int]) -> Tensor] = [
    "vjp": { x, at in
      vjp(at: Array(x[..<3])) { layer($0[0], $0[1], $0[2]) }.pullback(x[3])[at[0]]
    },
    "jvp": { x, _ in
      jvp(at: Array(x[..<3]), tangents: Array(x[3...])) { layer($0[0], $0[1], $0[2]) }.tangent
    },
    "jacobian": { x, at in jacobian(at: x) { layer($0[0], $0[1], $0[2]) }[at[0]] },
    "hessian": { x, at in hessian(at: x, energy)[at[0]][at[1]] },
    "hessianVectorProduct": { x, at in
      hessianVectorProduct(at: Array(x[..<2]), vectors: Array(x[2...]), energy)[at[0]]
    },
    "jacobian of 12 results for 2 inputs": { x, _ in jacobian(at: x[0], tall) },
    "jacobian of a jacobian": { x, _ in jacobian(at: x[0]) { jacobian(at: $0, tall) } },
    "perExampleGradients": { x, at in
      perExampleGradients(at: Array(x[..<2]), batch: Array(x[2...])) { parameters, example in
        -(example[1] * log(layer(example[0], parameters[0], parameters[1]))).sum()
      }[at[0]]
    },
  ]

  @Test("are JAX's", arguments: [DType.float64, .float32])
  func agree(_ dtype: DType) throws {
    let reference = try Self.reference.get()
    var tried: Set<String> = []
    for item in reference.cases {
      let operation = try #require(Self.operations[item.operation])
      let inputs = item.inputs.map { reference.arrays[$0].tensor.cast(to: dtype) }
      let found = operation(inputs, item.arguments)
      let tolerance = dtype == .float64 ? 1e-12 : 2e-5
      expectClose(
        found, reference.arrays[item.output].tensor.cast(to: dtype), absolute: tolerance,
        relative: tolerance, "\(item.operation) \(item.arguments)")
      #expect(!found.isTracked)
      tried.insert(item.operation)
    }
    #expect(tried == Set(Self.operations.keys))
  }
}
