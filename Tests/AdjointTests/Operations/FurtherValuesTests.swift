import Adjoint
import Testing

/// An operation under the name it has in Fixtures/further.json.
struct FurtherOperation: Sendable, CustomStringConvertible {
  let name: String
  /// The relative tolerances for float32 and float64.
  var relative = (0.0, 0.0)
  var absolute = (0.0, 0.0)
  let function: @Sendable (_ inputs: [Tensor], _ arguments: [Int]) -> Tensor

  var description: String { name }

  static func exact(
    _ name: String, _ f: @escaping @Sendable (_ x: [Tensor], _ arguments: [Int]) -> Tensor
  ) -> Self {
    Self(name: name, function: f)
  }

  static func rounded(
    _ name: String, _ f: @escaping @Sendable (_ x: [Tensor], _ arguments: [Int]) -> Tensor
  ) -> Self {
    Self(name: name, relative: (1e-6, 4e-15), absolute: (1e-6, 2e-15), function: f)
  }

  /// To be right relative to the size of the result, however small it is.
  static func relative(
    _ name: String, _ f: @escaping @Sendable (_ x: [Tensor], _ arguments: [Int]) -> Tensor
  ) -> Self {
    Self(name: name, relative: (1e-6, 4e-15), absolute: (1e-44, 0), function: f)
  }

  static let all = floats + pairs + integers + shapes

  private static let floats: [Self] = [
    // exp(-x^2 / 2) magnifies the rounding of x / sqrt(2) by x^2.
    Self(name: "normalCDF", relative: (5e-5, 4e-13), absolute: (1e-43, 1e-307)) { x, _ in
      normalCDF(x[0])
    },
    Self(name: "logNormalCDF", relative: (5e-5, 4e-13), absolute: (1e-43, 1e-307)) { x, _ in
      logNormalCDF(x[0])
    },
    relative("normalQuantile") { x, _ in normalQuantile(x[0]) },
    relative("entr") { x, _ in entr(x[0]) },
    relative("degrees") { x, _ in degrees(x[0]) },
    relative("radians") { x, _ in radians(x[0]) },
    rounded("multigammaln") { multigammaln($0[0], dimension: $1[0]) },
    exact("frexpMantissa") { x, _ in frexp(x[0]).mantissa },
    exact("frexpExponent") { x, _ in frexp(x[0]).exponent },
    exact("signBit") { x, _ in signBit(x[0]) },
    rounded("softmin") { softmin($0[0], axis: $1[0]) },
  ]

  private static let pairs: [Self] = [
    exact("fmax") { x, _ in fmax(x[0], x[1]) },
    exact("fmin") { x, _ in fmin(x[0], x[1]) },
    exact("heaviside") { x, _ in heaviside(x[0], atZero: x[1]) },
    exact("ldexp") { x, _ in ldexp(x[0], x[1]) },
    rounded("logAddExp2") { x, _ in logAddExp2(x[0], x[1]) },
    exact("prelu") { x, _ in prelu(x[0], slopes: x[1]) },
  ]

  private static let integers: [Self] = [
    exact("gcd") { x, _ in gcd(x[0], x[1]) },
    exact("lcm") { x, _ in lcm(x[0], x[1]) },
    exact("isIn") { x, _ in x[0].isIn(x[1]) },
    exact("unravelled") { x, _ in x[0].unravelled(in: [2, 3, 4]) },
    exact("combinations") { combinations($0[0], size: $1[0], replacing: $1[1] == 1) },
    exact("modeValue") { $0[0].mode(axis: $1[0]).value },
    exact("modeIndex") { $0[0].mode(axis: $1[0]).index },
    exact("consecutive") { x, _ in x[0].uniqueConsecutive().values },
    exact("inverse") { x, _ in x[0].uniqueConsecutive().inverse },
    exact("counts") { x, _ in x[0].uniqueConsecutive().counts },
  ]

  private static let shapes: [Self] = [
    rounded("sampledSlope") { $0[0].sampledSlope(spacing: 0.5, axis: $1[0]) },
    rounded("sampledSlopeAt") { $0[0].sampledSlope(x: $0[1], axis: $1[0]) },
    rounded("pdist") { pairwiseDistances(within: $0[0], order: Double($1[0])) },
    rounded("renormalized") { $0[0].renormalized(axis: $1[0], maximum: 1.5) },
    rounded("embeddingBag") {
      embeddingBag($0[0], weight: $0[1], mode: BagMode.allCases[$1[0]])
    },
    exact("minimum") { x, _ in x[0].minimumAndMaximum(axes: [1]).minimum },
    exact("maximum") { x, _ in x[0].minimumAndMaximum(axes: [1]).maximum },
  ]
}

@Suite("Values of rarer functions are those of mpmath, NumPy, SciPy and PyTorch")
struct FurtherValuesTests {
  static let reference = ReferenceValues.load("further.json")

  @Test("for whole arrays, row-major or as views", arguments: FurtherOperation.all)
  func agrees(_ operation: FurtherOperation) throws {
    for (inputs, expected, arguments) in try Self.reference.get().examples(of: operation.name) {
      let isSingle = expected.dtype == .float32
      let layouts = [inputs, inputs.map(\.asTransposedView), inputs.map(\.asSlicedView)]
      for (number, inputs) in layouts.enumerated() {
        expectClose(
          operation.function(inputs, arguments), expected,
          absolute: isSingle ? operation.absolute.0 : operation.absolute.1,
          relative: isSingle ? operation.relative.0 : operation.relative.1,
          "\(operation) of \(inputs) with \(arguments), layout \(number)")
      }
    }
  }

  @Test("every reference value is compared")
  func isComplete() throws {
    let names = Set(try Self.reference.get().cases.map(\.operation))
    #expect(names.subtracting(FurtherOperation.all.map(\.name)) == [])
  }

  @Test("variance and standard deviation come with the mean of the same axes")
  func withMean() {
    let x = Tensor([[1, 2, 6], [3, 3, 3]], dtype: .float64)
    let (variance, mean) = x.varianceAndMean(axes: [1])
    expectIdentical(variance, x.variance(axes: [1]))
    expectIdentical(mean, x.mean(axes: [1]))
    let (deviation, center) = x.standardDeviationAndMean(
      axes: [0], correction: 0, keepingDimensions: true)
    expectClose(deviation, Tensor([[1, 0.5, 1.5]], dtype: .float64), absolute: 1e-15)
    expectClose(center, Tensor([[2, 2.5, 4.5]], dtype: .float64))
  }

  @Test("normalQuantile undoes normalCDF over the whole range")
  func inverse() {
    let x = Tensor.linspace(-37, 5, count: 2000, dtype: .float64)
    expectClose(normalQuantile(normalCDF(x)), x, absolute: 1e-9)
    let left = Tensor.linspace(-37, 0.5, count: 2000, dtype: .float64)
    expectClose(normalQuantile(normalCDF(left)), left, absolute: 1e-12, relative: 1e-13)
  }

  @Test("fmax and fmin give a number beside NaN the whole gradient")
  func missing() {
    let a = Tensor([1, .nan, .nan, 2]).tracked()
    let b = Tensor([.nan, 3, .nan, 2]).tracked()
    for f in [{ fmax($0, $1) }, { fmin($0, $1) }] as [(Tensor, Tensor) -> Tensor] {
      let found = gradients(of: f(a, b).sum(), withRespectTo: [a, b])
      expectClose(found[0][..<2], [1, 0])
      expectClose(found[1][..<2], [0, 1])
      expectClose(found[0][3...], [0.5])
    }
  }

  @Test("heaviside lets the gradient through to the value at zero only")
  func step() {
    let x = Tensor([-1, 0, 2, 0]).tracked()
    let value = Tensor([5, 6, 7, .nan]).tracked()
    let y = heaviside(x, atZero: value)
    expectClose(y, Tensor([0, 6, 1, .nan]))
    let found = gradients(of: y.sum(), withRespectTo: [x, value])
    expectClose(found[0], [0, 0, 0, 0])
    expectClose(found[1], [0, 1, 0, 1])
  }

  @Test("the slope of prelu at 0 and the derivative of entr at and below 0 are as documented")
  func kinks() {
    let x = Tensor([0, -2, 3]).tracked()
    let y = prelu(x, slopes: Tensor([0.25]))
    expectClose(gradients(of: y.sum(), withRespectTo: [x])[0], [0.25, 0.25, 1])
    let p = Tensor([0, -1, 1]).tracked()
    expectClose(gradients(of: entr(p).sum(), withRespectTo: [p])[0], [0, 0, -1])
  }
}
