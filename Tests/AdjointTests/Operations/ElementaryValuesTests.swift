import Adjoint
import Testing

/// An operation under the name it has in Fixtures/elementary.json.
struct ElementaryOperation: Sendable, CustomStringConvertible {
  let name: String
  /// The tolerances for float32 and float64: relative to the element, and in units of 1.
  var relative = (2.4e-7, 1.2e-15)
  var absolute = (1e-44, 0.0)
  var repeats = true
  let function: @Sendable (_ inputs: [Tensor], _ arguments: [Int]) -> Tensor

  var description: String { name }

  /// An instruction of its own: two units in the last place of float32, four of float64.
  static func unary(_ name: String, _ f: @escaping @Sendable (Tensor) -> Tensor) -> Self {
    Self(name: name) { x, _ in f(x[0]) }
  }

  /// A formula: a few roundings, each of the size of the largest part.
  static func formula(_ name: String, _ f: @escaping @Sendable (Tensor) -> Tensor) -> Self {
    Self(name: name, relative: (1e-6, 2e-15), absolute: (2e-7, 4e-16)) { x, _ in f(x[0]) }
  }

  /// An instruction with zeros, near which the error is bounded absolutely.
  static func cancelling(_ name: String, _ f: @escaping @Sendable (Tensor) -> Tensor) -> Self {
    Self(name: name, absolute: (1e-44, 1e-14)) { x, _ in f(x[0]) }
  }

  static func exact(_ name: String, _ f: @escaping @Sendable (Tensor) -> Tensor) -> Self {
    Self(name: name, relative: (0, 0), absolute: (0, 0)) { x, _ in f(x[0]) }
  }

  static func exact(_ name: String, _ f: @escaping @Sendable (Tensor, Tensor) -> Tensor) -> Self {
    Self(name: name, relative: (0, 0), absolute: (0, 0)) { x, _ in f(x[0], x[1]) }
  }

  static func binary(_ name: String, _ f: @escaping @Sendable (Tensor, Tensor) -> Tensor) -> Self {
    Self(name: name) { x, _ in f(x[0], x[1]) }
  }

  static let all = functions + classes + activations + pairs + integers

  private static let functions: [Self] = [
    unary("log10") { log10($0) }, unary("cbrt") { cbrt($0) }, unary("asinh") { asinh($0) },
    unary("acosh") { acosh($0) }, unary("atanh") { atanh($0) }, exact("trunc") { trunc($0) },
    exact("frac") { frac($0) }, unary("erfc") { erfc($0) }, unary("erfinv") { erfinv($0) },
    unary("lgamma") { lgamma($0) }, cancelling("digamma") { digamma($0) },
    unary("polygamma1") { polygamma(1, $0) }, cancelling("polygamma2") { polygamma(2, $0) },
    unary("polygamma5") { polygamma(5, $0) }, formula("sinc") { sinc($0) },
    formula("logit") { logit($0) },
  ]

  private static let classes: [Self] = [
    exact("isNaN") { isNaN($0) }, exact("isInfinite") { isInfinite($0) },
    exact("isFinite") { isFinite($0) }, exact("nanToNum") { nanToNum($0) },
    exact("nanToNumGiven") {
      nanToNum($0, nan: 2, positiveInfinity: 3, negativeInfinity: -4)
    },
    exact("isClose") { isClose($0, $1) },
    exact("isCloseNaN") { isClose($0, $1, absolute: 0, relative: 0.2, equalNaN: true) },
  ]

  private static let activations: [Self] = [
    formula("logSigmoid") { logSigmoid($0) }, formula("leakyReLU") { leakyReLU($0) },
    formula("elu") { elu($0) }, formula("celu") { celu($0, alpha: 1.5) },
    formula("selu") { selu($0) }, formula("silu") { silu($0) }, formula("gelu") { gelu($0) },
    formula("geluApproximate") { gelu($0, approximate: true) }, formula("mish") { mish($0) },
    formula("softsign") { softsign($0) }, exact("relu6") { relu6($0) },
    exact("hardtanh") { hardtanh($0) }, formula("hardsigmoid") { hardsigmoid($0) },
    formula("hardswish") { hardswish($0) }, formula("softshrink") { softshrink($0) },
    exact("hardshrink") { hardshrink($0) }, formula("tanhshrink") { tanhshrink($0) },
    exact("threshold") { threshold($0, above: 0.5, otherwise: -3) },
    exact("clamp") { clamp($0, min: -0.5, max: 1.5) },
    exact("clampBelow") { clamp($0, min: 0.25) },
    exact("clampInteger") { clamp($0, min: 1, max: 5) },
    Self(name: "clampTensors", relative: (0, 0), absolute: (0, 0)) { x, _ in
      clamp(x[0], min: x[1], max: x[2])
    },
    Self(name: "lerp") { x, _ in lerp(x[0], x[1], weight: x[2]) },
    Self(name: "glu", relative: (1e-6, 2e-15), repeats: false) { glu($0[0], axis: $1[0]) },
  ]

  private static let pairs: [Self] = [
    exact("floorDivide") { floorDivide($0, $1) }, exact("remainder") { remainder($0, $1) },
    exact("fmod") { fmod($0, $1) }, exact("copysign") { copysign($0, $1) },
    binary("atan2") { atan2($0, $1) }, binary("hypot") { hypot($0, $1) },
    binary("xlogy") { xlogy($0, $1) }, binary("xlog1py") { xlog1py($0, $1) },
    binary("logAddExp") { logAddExp($0, $1) },
  ]

  private static let integers: [Self] = [
    exact("pow") { pow($0, $1) }, exact("bitAnd") { $0 & $1 }, exact("bitOr") { $0 | $1 },
    exact("bitXor") { $0 ^ $1 }, exact("bitNot") { ~$0 }, exact("shiftLeft") { $0 << $1 },
    exact("shiftRight") { $0 >> $1 }, exact("xor") { $0 .^ $1 },
  ]
}

@Suite("Elementary values are those of mpmath, NumPy, SciPy and PyTorch")
struct ElementaryValuesTests {
  static let reference = ReferenceValues.load("elementary.json")

  @Test(
    "for whole arrays, row-major, as views or many times over", arguments: ElementaryOperation.all)
  func agrees(_ operation: ElementaryOperation) throws {
    for (inputs, expected, arguments) in try Self.reference.get().examples(of: operation.name) {
      let isSingle = expected.dtype == .float32
      func expect(_ inputs: [Tensor], _ expected: Tensor, _ layout: String) {
        expectClose(
          operation.function(inputs, arguments), expected,
          absolute: isSingle ? operation.absolute.0 : operation.absolute.1,
          relative: isSingle ? operation.relative.0 : operation.relative.1,
          "\(operation) of \(inputs) with \(arguments), \(layout)")
      }
      expect(inputs, expected, "row-major")
      expect(inputs.map(\.asTransposedView), expected, "transposed")
      expect(inputs.map(\.asSlicedView), expected, "sliced")
      if !operation.repeats { continue }
      // Large tensors are computed by another path: all copied, or one of them broadcast.
      let shape = expected.shape
      let many = inputs.map { stacked(Array(repeating: $0.broadcast(to: shape), count: 70)) }
      let copies = stacked(Array(repeating: expected, count: 70))
      expect(many, copies, "many copies")
      if many.count > 1 { expect([inputs[0]] + many.dropFirst(), copies, "the first broadcast") }
    }
  }

  @Test("every reference value is compared")
  func isComplete() throws {
    let names = Set(try Self.reference.get().cases.map(\.operation))
    #expect(names.subtracting(ElementaryOperation.all.map(\.name)) == [])
  }

  @Test("one number on either side of a large tensor is the same as a tensor full of it")
  func numbers() {
    var generator = Generator(seed: 8)
    let x = Tensor.uniform([300], in: -9...9, dtype: .float64, using: &generator)
    let full = Tensor.full([300], 2.5, dtype: .float64) + 0 * x
    let operations: [(String, (Tensor, Tensor) -> Tensor)] = [
      ("floorDivide", { floorDivide($0, $1) }), ("remainder", { remainder($0, $1) }),
      ("fmod", { fmod($0, $1) }), ("copysign", { copysign($0, $1) }), ("atan2", { atan2($0, $1) }),
      ("hypot", { hypot($0, $1) }),
    ]
    for (name, f) in operations {
      expectIdentical(f(x, 2.5), f(x, full), name)
      expectIdentical(f(2.5, x), f(full, x), name)
    }
    let n = Tensor.arange(300) - 150
    let five = Tensor.full([300], 5, dtype: .int64) + 0 * n
    let onIntegers: [(String, (Tensor, Tensor) -> Tensor)] = [
      ("floorDivide", { floorDivide($0, $1) }), ("remainder", { remainder($0, $1) }),
      ("pow", { pow($0, $1) }), ("&", { $0 & $1 }), ("|", { $0 | $1 }), ("^", { $0 ^ $1 }),
      ("<<", { $0 << $1 }), (">>", { $0 >> $1 }),
    ]
    for (name, f) in onIntegers {
      expectIdentical(f(n, 5), f(n, five), name)
      expectIdentical(f(5, n), f(five, n), name)
    }
  }

  @Test("floor division and remainder of any size give the dividend back")
  func divisionIsExact() {
    var generator = Generator(seed: 9)
    let a = Tensor.uniform([4000], in: -1e6...1e6, dtype: .float64, using: &generator)
    let b = Tensor.uniform([4000], in: 1...1000, dtype: .float64, using: &generator)
    let rest = remainder(a, b)
    #expect((rest .>= 0).min().scalar == 1 && (rest .< b).min().scalar == 1)
    expectClose(floorDivide(a, b) * b + rest, a, absolute: 1e-9)
    // One element that needs the slow way changes nothing about the others.
    let mixed = concatenated([a, Tensor([1e300], dtype: .float64)])
    let divisors = concatenated([b, Tensor([0.7], dtype: .float64)])
    expectIdentical(remainder(mixed, divisors)[..<4000], rest)
    expectIdentical(fmod(mixed, divisors)[..<4000], fmod(a, b))
    expectIdentical(floorDivide(mixed, divisors)[..<4000], floorDivide(a, b))
  }

  @Test("operators on bits leave Swift's own alone")
  func integersStayIntegers() {
    let shifted = 1 << 20
    let masked = 6 & 3 | 8
    #expect(type(of: shifted) == Int.self && shifted == 1_048_576)
    #expect(type(of: masked) == Int.self && masked == 10)
  }

  @Test("allClose is true for equal, empty and near tensors only")
  func allCloseAnswers() {
    let x = Tensor([1, 2, 3])
    #expect(allClose(x, x))
    #expect(allClose(x, x + 1e-6))
    #expect(!allClose(x, x + 1e-3))
    #expect(allClose(x, x + 1e-3, absolute: 0.01))
    #expect(allClose(Tensor.zeros([0, 3]), x))
    #expect(!allClose(x, Tensor([1, 2, .nan])))
    #expect(allClose(Tensor([1 as Int]), Tensor([1 as Int])))
  }
}
