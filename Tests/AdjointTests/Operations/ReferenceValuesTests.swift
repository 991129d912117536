import Adjoint
import Testing

/// An operation under the name it has in Fixtures/values.json.
struct ReferenceOperation: Sendable, CustomStringConvertible {
  let name: String
  /// Whether elements are computed one by one, so that any number of copies gives copies.
  let isElementwise: Bool
  /// The tolerances for float32 and float64, relative to the element.
  let tolerance: (Double, Double)
  let function: @Sendable (_ inputs: [Tensor], _ arguments: [Int]) -> Tensor

  var description: String { name }

  /// Two units in the last place of float32, four (and NumPy's own) of float64.
  static func unary(_ name: String, _ f: @escaping @Sendable (Tensor) -> Tensor) -> Self {
    Self(name: name, isElementwise: true, tolerance: (2.4e-7, 1.2e-15)) { x, _ in f(x[0]) }
  }

  static func exact(
    _ name: String, _ f: @escaping @Sendable (_ inputs: [Tensor], _ arguments: [Int]) -> Tensor
  ) -> Self {
    Self(name: name, isElementwise: false, tolerance: (0, 0), function: f)
  }

  static func binary(_ name: String, _ f: @escaping @Sendable (Tensor, Tensor) -> Tensor) -> Self {
    Self(name: name, isElementwise: true, tolerance: (0, 0)) { x, _ in f(x[0], x[1]) }
  }

  static func cast(to dtype: DType) -> Self {
    Self(name: "cast_\(dtype)", isElementwise: true, tolerance: (0, 0)) { x, _ in
      x[0].cast(to: dtype)
    }
  }

  static func sums(
    _ name: String, _ f: @escaping @Sendable (_ inputs: [Tensor], _ arguments: [Int]) -> Tensor
  ) -> Self {
    Self(name: name, isElementwise: false, tolerance: (1e-6, 1e-14), function: f)
  }

  /// The arguments of reductions: keepingDimensions, then the axes.
  private static func reduction(
    _ name: String, _ f: @escaping @Sendable (Tensor, [Int]?, Bool) -> Tensor
  ) -> Self {
    sums(name) { x, arguments in
      let axes = Array(arguments.dropFirst())
      return f(x[0], axes.isEmpty ? nil : axes, arguments[0] == 1)
    }
  }

  static let all: [Self] =
    [
      unary("exp") { exp($0) }, unary("expm1") { expm1($0) }, unary("exp2") { exp2($0) },
      unary("log") { log($0) }, unary("log1p") { log1p($0) }, unary("log2") { log2($0) },
      unary("sqrt") { sqrt($0) }, unary("rsqrt") { rsqrt($0) },
      unary("reciprocal") { reciprocal($0) }, unary("sin") { sin($0) }, unary("cos") { cos($0) },
      unary("tan") { tan($0) }, unary("asin") { asin($0) }, unary("acos") { acos($0) },
      unary("atan") { atan($0) }, unary("sinh") { sinh($0) }, unary("cosh") { cosh($0) },
      unary("tanh") { tanh($0) }, unary("sigmoid") { sigmoid($0) },
      unary("softplus") { softplus($0) }, unary("erf") { erf($0) }, unary("floor") { floor($0) },
      unary("ceil") { ceil($0) }, unary("round") { round($0) }, unary("abs") { abs($0) },
      unary("sign") { sign($0) }, unary("square") { square($0) }, unary("negate") { -$0 },
      unary("relu") { relu($0) }, unary("not") { .!$0 },
    ]
    + [
      binary("add") { $0 + $1 }, binary("subtract") { $0 - $1 }, binary("multiply") { $0 * $1 },
      binary("divide") { $0 / $1 }, binary("maximum") { maximum($0, $1) },
      binary("minimum") { minimum($0, $1) }, binary("equal") { $0 .== $1 },
      binary("notEqual") { $0 .!= $1 }, binary("less") { $0 .< $1 },
      binary("lessEqual") { $0 .<= $1 }, binary("greater") { $0 .> $1 },
      binary("greaterEqual") { $0 .>= $1 }, binary("and") { $0 .& $1 }, binary("or") { $0 .| $1 },
      Self(name: "pow", isElementwise: true, tolerance: (2.4e-7, 1.2e-15)) { x, _ in
        pow(x[0], x[1])
      },
      exact("where") { x, _ in `where`(x[0], x[1], x[2]) },
    ]
    + DType.allCases.map { cast(to: $0) }
    + [
      reduction("sum") { $0.sum(axes: $1, keepingDimensions: $2) },
      reduction("mean") { $0.mean(axes: $1, keepingDimensions: $2) },
      reduction("max") { $0.max(axes: $1, keepingDimensions: $2) },
      reduction("min") { $0.min(axes: $1, keepingDimensions: $2) },
      reduction("logSumExp") { $0.logSumExp(axes: $1, keepingDimensions: $2) },
      reduction("argMax") { $0.argMax(axis: $1?[0], keepingDimensions: $2) },
      reduction("argMin") { $0.argMin(axis: $1?[0], keepingDimensions: $2) },
      sums("softmax") { softmax($0[0], axis: $1[0]) },
      sums("logSoftmax") { logSoftmax($0[0], axis: $1[0]) },
      sums("crossEntropy") { x, _ in softmaxCrossEntropy(logits: x[0], labels: x[1]) },
      sums("matmul") { x, _ in matmul(x[0], x[1]) },
    ]
    + [
      exact("reshaped") { x, sizes in
        sizes.contains(-1) ? x[0].reshaped(sizes[0], sizes[1]) : x[0].reshaped(Shape(sizes))
      },
      exact("permuted") { $0[0].permuted($1) },
      exact("transposed") { x, _ in x[0].transposed() },
      exact("sliced") { $0[0].sliced($1[1]..<$1[2], axis: $1[0]) },
      exact("row") { $0[0][$1[0]] },
      exact("broadcast") { $0[0].broadcast(to: Shape($1)) },
      exact("concatenated") { concatenated($0, axis: $1[0]) },
      exact("stacked") { stacked($0, axis: $1[0]) },
      exact("gathering") { $0[0].gathering($0[1], axis: $1[0]) },
      exact("oneHot") { oneHot($0[0], count: $1[0]) },
    ]
}

@Suite("Values are those of NumPy, SciPy and PyTorch")
struct ReferenceValuesTests {
  @Test("for whole arrays, row-major or as views", arguments: ReferenceOperation.all)
  func agrees(_ operation: ReferenceOperation) throws {
    for (inputs, expected, arguments) in try ReferenceValues.shared.get().examples(
      of: operation.name)
    {
      func expect(_ actual: Tensor, _ expected: Tensor, _ layout: String) {
        let relative = expected.dtype == .float32 ? operation.tolerance.0 : operation.tolerance.1
        // Sums cancel and shifted logarithms pass zero: there the inputs' size counts.
        let absolute = operation.isElementwise ? (relative > 0 ? 1e-44 : 0) : relative * 5
        expectClose(
          actual, expected, absolute: absolute, relative: relative,
          "\(operation) of \(inputs) with \(arguments), \(layout)")
      }
      let f = operation.function
      expect(f(inputs, arguments), expected, "row-major")
      expect(f(inputs.map(\.asTransposedView), arguments), expected, "transposed")
      expect(f(inputs.map(\.asSlicedView), arguments), expected, "sliced")
      if operation.isElementwise {
        // Large tensors are computed by another path.
        var copies = inputs
        let widest = inputs.indices.max { inputs[$0].rank < inputs[$1].rank } ?? 0
        if inputs[widest].rank == 8 { continue }
        copies[widest] = stacked(Array(repeating: inputs[widest], count: 70))
        expect(
          f(copies, []), stacked(Array(repeating: expected, count: 70)), "many copies")
      }
    }
  }

  @Test("every reference value is compared")
  func isComplete() throws {
    let names = Set(try ReferenceValues.shared.get().cases.map(\.operation))
    #expect(names.subtracting(ReferenceOperation.all.map(\.name)) == [])
  }
}
