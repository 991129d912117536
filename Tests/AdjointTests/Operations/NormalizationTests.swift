import Adjoint
import Testing

/// A kind of normalisation for one shape, with sizes around those where the kernels cut.
struct Normalized: CustomTestStringConvertible {
  let name: String
  let shape: Shape
  /// The operand as an array, and the axes of it that a group extends over.
  let view: Shape
  let axes: [Int]
  /// The shape of weight and bias, and the one that broadcasts against the operand.
  let weights: (shape: Shape, view: Shape)
  let isCentred: Bool
  let function: @Sendable (_ x: Tensor, _ weight: Tensor?, _ bias: Tensor?) -> Tensor

  var testDescription: String { "\(name) of \(shape)" }

  static func layer(_ shape: Shape) -> Normalized {
    let last: Shape = [shape[1]]
    return Normalized(
      name: "layerNorm", shape: shape, view: shape, axes: [1], weights: (last, last),
      isCentred: true, function: { layerNorm($0, weight: $1, bias: $2) })
  }

  static func rootMeanSquare(_ shape: Shape) -> Normalized {
    let last: Shape = [shape[1]]
    return Normalized(
      name: "rmsNorm", shape: shape, view: shape, axes: [1], weights: (last, last),
      isCentred: false,
      function: { x, weight, bias in
        let y = rmsNorm(x, weight: weight, epsilon: 1e-5)
        return bias.map { y + $0 } ?? y
      })
  }

  static func group(_ shape: Shape, _ groups: Int) -> Normalized {
    Normalized(
      name: "groupNorm", shape: shape, view: [shape[0], groups, shape[1] / groups * area(shape)],
      axes: [2],
      weights: channels(shape), isCentred: true,
      function: { groupNorm($0, groups: groups, weight: $1, bias: $2) })
  }

  static func instance(_ shape: Shape) -> Normalized {
    Normalized(
      name: "instanceNorm", shape: shape, view: [shape[0], shape[1], area(shape)], axes: [2],
      weights: channels(shape), isCentred: true,
      function: { instanceNorm($0, weight: $1, bias: $2) })
  }

  static func batch(_ shape: Shape) -> Normalized {
    Normalized(
      name: "batchNorm", shape: shape, view: [shape[0], shape[1], area(shape)], axes: [0, 2],
      weights: channels(shape), isCentred: true,
      function: { batchNorm($0, weight: $1, bias: $2).result })
  }

  private static func area(_ shape: Shape) -> Int { Shape(shape.dropFirst(2)).elementCount }

  private static func channels(_ shape: Shape) -> (Shape, Shape) {
    ([shape[1]], Shape([1, shape[1]] + [Int](repeating: 1, count: shape.rank - 2)))
  }

  /// The same in words of the textbook.
  func formula(_ x: Tensor, _ weight: Tensor?, _ bias: Tensor?) -> Tensor {
    var y = x.reshaped(view)
    if isCentred { y = y - y.mean(axes: axes, keepingDimensions: true) }
    let variance = square(y).mean(axes: axes, keepingDimensions: true)
    y = (y / sqrt(variance + Tensor(1e-5, dtype: x.dtype))).reshaped(shape)
    if let weight { y = y * weight.reshaped(weights.view) }
    if let bias { y = y + bias.reshaped(weights.view) }
    return y
  }

  static let all: [Normalized] = [
    .layer([5, 1]), .layer([1, 40]), .layer([3, 15]), .layer([3, 16]), .layer([3, 17]),
    .layer([1024, 16]), .layer([1025, 16]), .layer([4100, 33]), .layer([35, 16384]),
    .layer([17, 20000]), .rootMeanSquare([3, 33]), .rootMeanSquare([1025, 16]),
    .rootMeanSquare([100, 700]), .group([3, 6], 2), .group([3, 6, 1, 1], 2), .group([1, 6, 3], 3),
    .group([40, 8, 13, 13], 4), .group([97, 12, 4], 3), .group([2, 4, 91, 93], 1),
    .instance([2, 3, 2]), .instance([50, 7, 100]), .instance([1, 300, 64]), .batch([3, 2]),
    .batch([300, 63]), .batch([300, 64]), .batch([300, 65]), .batch([20, 700]), .batch([1, 3, 2]),
    .batch([9, 5, 40, 41]), .batch([64, 33, 5]),
  ]
}

@Suite("Normalisation in one pass")
struct NormalizationTests {
  /// Value and gradients of `f`, whose operands are `tensors`; bias or weight are nil unless wanted.
  private func sweep(
    _ f: (Tensor, Tensor?, Tensor?) -> Tensor, _ tensors: [Tensor], _ hasWeight: Bool = true,
    _ hasBias: Bool = true
  ) -> [Tensor] {
    let variables = tensors.map { $0.tracked() }
    let y = f(variables[0], hasWeight ? variables[1] : nil, hasBias ? variables[2] : nil)
    return [y] + gradients(of: y, withRespectTo: variables, cotangent: tensors[3])
  }

  private func operands(_ kind: Normalized, _ dtype: DType) -> [Tensor] {
    var generator = Generator(seed: 2)
    let weights = kind.weights.shape
    return [kind.shape, weights, weights, kind.shape].map { shape in
      Tensor.normal(shape, mean: 0.3, dtype: .float32, using: &generator).cast(to: dtype)
    }
  }

  @Test("values and gradients are those of the formula", arguments: Normalized.all)
  func isTheFormula(_ kind: Normalized) {
    let tensors = operands(kind, .float64)
    for (weight, bias) in [(true, true), (true, false), (false, true), (false, false)] {
      let found = sweep(kind.function, tensors, weight, bias)
      let expected = sweep(kind.formula, tensors, weight, bias)
      for (index, (a, b)) in zip(found, expected).enumerated() {
        // What cancels is as large as the gradient times the scale, which is 300 for equal elements.
        expectClose(
          a, b, absolute: 1e-9, relative: 1e-9,
          "result \(index) of \(kind), weight \(weight), bias \(bias)")
      }
    }
  }

  @Test("float32 results are those in float64, rounded", arguments: Normalized.all)
  func single(_ kind: Normalized) {
    let found = sweep(kind.function, operands(kind, .float32))
    let expected = sweep(kind.function, operands(kind, .float64))
    for (index, (a, b)) in zip(found, expected).enumerated() {
      expectClose(
        a.cast(to: .float64), b, absolute: 2e-4, relative: 1e-5, "result \(index) of \(kind)")
    }
  }

  @Test("results do not depend on the number of threads", arguments: [DType.float32, .float64])
  func threadsDoNotMatter(_ dtype: DType) {
    for kind in Normalized.all where kind.shape.elementCount > 1 << 14 {
      let tensors = operands(kind, dtype)
      func results() -> [[UInt8]] { sweep(kind.function, tensors).map { $0.bytes() } }
      let before = threads
      defer { threads = before }
      threads = 1
      let one = results()
      for count in [2, 3, 5] {
        threads = count
        #expect(results() == one, "\(kind) with \(count) threads")
      }
    }
  }

  @Test("operands that are views give the bits of copies")
  func views() {
    var generator = Generator(seed: 4)
    let x = Tensor.normal([70, 30], using: &generator).transposed()
    let w = Tensor.normal([70, 2], using: &generator).transposed()[0]
    let g = Tensor.normal([70, 30], using: &generator).transposed()
    func bits(_ tensors: [Tensor]) -> [[UInt8]] {
      sweep({ layerNorm($0, weight: $1, bias: $2) }, tensors).map { $0.bytes() }
    }
    func copied(_ x: Tensor) -> Tensor { Tensor(x.scalars, shape: x.shape).cast(to: .float32) }
    #expect(bits([x, w, w, g]) == bits([x, w, w, g].map(copied)))
  }

  @Test("gradients of weights are summed in double precision, over all groups")
  func longSums() {
    let rows = 40_000
    var gradient = [Double](repeating: 0, count: rows)
    (gradient[0], gradient[20_000], gradient[rows - 1]) = (1e8, 1, -1e8)
    let bias = Tensor.zeros([1]).tracked()
    let y = layerNorm(Tensor.zeros([rows, 1]), bias: bias)
    let g = Tensor(gradient, shape: [rows, 1]).cast(to: .float32)
    #expect(gradients(of: y, withRespectTo: [bias], cotangent: g)[0].scalars == [1])
  }

  @Test("the variance keeps its digits far from 0 and beside an outlier")
  func variance() {
    for first in [1e4, 3e7] {
      for shape in [[501, 4], [1, 4, 2003]] as [Shape] {
        var generator = Generator(seed: 6)
        let x = Tensor.normal(shape, mean: 1e4, using: &generator)
        let places = Tensor.arange(shape.elementCount).reshaped(shape)
        let all = `where`(places .== 0, Tensor(first, dtype: .float32), x)
        let axes = shape.rank == 2 ? [0] : [0, 2]
        let wide = all.cast(to: .float64)
        let mean = wide.mean(axes: axes, keepingDimensions: true)
        let expected = square(wide - mean).mean(axes: axes)
        let found = batchNorm(all)
        expectClose(found.variance.cast(to: .float64), expected, relative: 1e-6)
        expectClose(
          found.mean.cast(to: .float64), mean.reshaped([4]), relative: 1e-6, "first \(first)")
      }
    }
  }

  @Test("a NaN stays in its group, and reaches the gradients of its weights")
  func notANumber() {
    var values = [Double](repeating: 0, count: 3 * 20).enumerated().map { Double($0.offset % 7) }
    values[25] = .nan
    let x = Tensor(values, shape: [3, 20])
    let weight = Tensor.ones([20], dtype: .float64)
    let found = sweep(
      { layerNorm($0, weight: $1, bias: $2) },
      [x, weight, weight, Tensor.ones([3, 20], dtype: .float64)])
    for result in found[...1] {
      for (index, value) in result.scalars.enumerated() {
        #expect(value.isNaN == (index / 20 == 1))
      }
    }
    #expect(found[2].scalars.filter(\.isNaN).count == 20)
    #expect(found[3].scalars == [Double](repeating: 3, count: 20))
  }

  @Test("nothing to normalise gives weights the gradient 0")
  func empty() {
    for shape in [[0, 4, 3], [2, 4, 0], [0, 4]] as [Shape] {
      let kinds: [Normalized] = [.batch(shape), .group(shape, 2)]
      for kind in kinds {
        let ones = Tensor.ones([4])
        let found = sweep(kind.function, [Tensor.ones(shape), ones, ones, Tensor.ones(shape)])
        #expect(found[1].shape == shape)
        #expect(found[2].scalars == [0, 0, 0, 0] && found[3].scalars == [0, 0, 0, 0])
      }
    }
  }
}
