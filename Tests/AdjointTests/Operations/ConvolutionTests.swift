import Adjoint
import Testing

/// A convolution computed in the plainest way, with random sizes.
private struct Example: CustomStringConvertible {
  var batch: Int
  var groups: Int
  /// Channels per group.
  var inputs: Int
  var outputs: Int
  var sizes: [Int]
  var kernel: [Int]
  var stride: [Int]
  var padding: [Int]
  var dilation: [Int]

  init(axes: Int, using generator: inout Generator) {
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    func numbers(_ range: ClosedRange<Int>) -> [Int] { (0..<axes).map { _ in number(range) } }
    batch = number(1...3)
    groups = number(1...3) == 1 ? number(2...4) : 1
    (inputs, outputs) = (number(1...5), number(1...19))
    let (taps, spread) = (numbers(1...4), numbers(1...2))
    let extent = axes == 1 ? 90 : axes == 2 ? 17 : 7
    sizes = zip(taps, spread).map { number(($0 - 1) * $1 + 1...extent) }
    (kernel, dilation, stride, padding) = (taps, spread, numbers(1...3), numbers(0...2))
  }

  var outputSizes: [Int] {
    sizes.indices.map {
      (sizes[$0] + 2 * padding[$0] - dilation[$0] * (kernel[$0] - 1) - 1) / stride[$0] + 1
    }
  }
  var inputShape: [Int] { [batch, groups * inputs] + sizes }
  var weightShape: [Int] { [groups * outputs, inputs] + kernel }
  var outputShape: [Int] { [batch, groups * outputs] + outputSizes }
  var description: String {
    "\(inputShape) by \(weightShape) in \(groups) groups, stride \(stride), padding \(padding), "
      + "dilation \(dilation)"
  }

  func convolve(_ x: Tensor, _ w: Tensor) -> Tensor {
    convolution(
      x, w, stride: PerAxis(stride), padding: .zeros(PerAxis(padding)),
      dilation: PerAxis(dilation), groups: groups)
  }

  /// Calls `body` with the positions of each product: in the input, the weights and the output.
  func forEachProduct(_ body: (_ x: Int, _ w: Int, _ y: Int) -> Void) {
    func count(_ shape: [Int]) -> Int { shape.reduce(1, *) }
    let outputSizes = outputSizes
    for n in 0..<batch {
      for o in 0..<groups * outputs {
        for c in 0..<inputs {
          for t in 0..<count(outputSizes) {
            for k in 0..<count(kernel) {
              var (rest, tap, at, step, isInside) = (t, k, 0, 1, true)
              for axis in sizes.indices.reversed() {
                let place =
                  rest % outputSizes[axis] * stride[axis] + tap % kernel[axis] * dilation[axis]
                  - padding[axis]
                rest /= outputSizes[axis]
                tap /= kernel[axis]
                if !(0..<sizes[axis]).contains(place) { isInside = false }
                at += place * step
                step *= sizes[axis]
              }
              let channel = o / outputs * inputs + c
              if isInside {
                body(
                  (n * groups * inputs + channel) * step + at, (o * inputs + c) * count(kernel) + k,
                  (n * groups * outputs + o) * count(outputSizes) + t)
              }
            }
          }
        }
      }
    }
  }
}

@Suite("Convolution, pooling and attention of larger sizes")
struct ConvolutionTests {
  @Test(
    "results and gradients of random sizes are those of plain loops",
    arguments: [DType.float64, .float32])
  func agreesWithLoops(_ dtype: DType) {
    var generator = Generator(seed: 21)
    for index in 0..<90 {
      let example = Example(axes: index % 3 + 1, using: &generator)
      func random(_ shape: [Int]) -> Tensor {
        Tensor.uniform(Shape(shape), in: -1...1, dtype: dtype, using: &generator)
      }
      let x = random(example.inputShape).tracked()
      let w = random(example.weightShape).tracked()
      let g = random(example.outputShape)
      let y = example.convolve(x, w)
      let found = gradients(of: y, withRespectTo: [x, w], cotangent: g)
      let (xs, ws, gs) = (x.scalars, w.scalars, g.scalars)
      var ys = [Double](repeating: 0, count: gs.count)
      var dx = [Double](repeating: 0, count: xs.count)
      var dw = [Double](repeating: 0, count: ws.count)
      example.forEachProduct { a, b, c in
        ys[c] += xs[a] * ws[b]
        dx[a] += gs[c] * ws[b]
        dw[b] += gs[c] * xs[a]
      }
      let tolerance = dtype == .float64 ? 1e-11 : 1e-3
      #expect(y.shape == Shape(example.outputShape))
      expectClose(y, ys, absolute: tolerance, "\(example)")
      expectClose(found[0], dx, absolute: tolerance, "input gradient, \(example)")
      expectClose(found[1], dw, absolute: tolerance, "weight gradient, \(example)")
    }
  }

  @Test("images that are cut into rows have the same results as small ones")
  func cutImages() {
    var generator = Generator(seed: 3)
    let x = Tensor.uniform([1, 3, 150, 90], in: -1...1, dtype: .float64, using: &generator)
    let w = Tensor.uniform([10, 3, 3, 2], in: -1...1, dtype: .float64, using: &generator)
    let whole = convolution(x, w, stride: [2, 1])
    // Rows 40 up to 61 of the result see rows 80 up to 122 of the input.
    let part = convolution(x.sliced(80..<123, axis: 2), w, stride: [2, 1])
    expectClose(whole.sliced(40..<61, axis: 2), part, absolute: 1e-12)
    let a = x.tracked()
    let g = Tensor.uniform(whole.shape, in: -1...1, dtype: .float64, using: &generator)
    let dw = gradients(
      of: convolution(a, w.tracked(), stride: [2, 1]), withRespectTo: [a],
      cotangent: g)[0]
    // <convolution(x), g> = <x, transpose(g)>
    let (left, right) = ((whole * g).sum().scalar, (x * dw).sum().scalar)
    #expect(Swift.abs(left - right) < 1e-9 * Swift.abs(left))
  }

  @Test("results do not depend on the number of threads", arguments: [DType.float32, .float64])
  func threadsDoNotMatter(_ dtype: DType) {
    var generator = Generator(seed: 5)
    let x = Tensor.normal([9, 6, 31, 33], dtype: dtype, using: &generator)
    let w = Tensor.normal([20, 6, 3, 3], dtype: dtype, using: &generator)
    func results() -> [[UInt8]] {
      let (a, b) = (x.tracked(), w.tracked())
      let y = convolution(a, b, padding: 1)
      let (z, indices) = maxPoolingWithIndices(y, size: 3, stride: 2)
      let n = batchNorm(averagePooling(z, size: 2, stride: 1)).result
      let found = gradients(of: square(n).sum(), withRespectTo: [a, b])
      return ([y, z, indices, n] + found).map { $0.bytes() }
    }
    let before = threads
    defer { threads = before }
    threads = 1
    let one = results()
    for count in [2, 3, 5] {
      threads = count
      #expect(results() == one)
    }
  }

  @Test("a stride beyond the input has a gradient")
  func hugeStride() {
    let x = (Tensor.arange(8, dtype: .float64) + 1).reshaped([1, 1, 2, 4]).tracked()
    let w = Tensor([2, 3], dtype: .float64).reshaped([1, 1, 1, 2]).tracked()
    let y = convolution(x, w, stride: 1_000_000_000)
    #expect(y.scalars == [8])
    let (ofX, ofW) = (
      gradients(of: y.sum(), withRespectTo: [x])[0], gradients(of: y.sum(), withRespectTo: [w])[0]
    )
    #expect(ofX.scalars == [2, 3, 0, 0, 0, 0, 0, 0])
    #expect(ofW.scalars == [1, 2])
  }

  @Test("a NaN spreads no further than the windows that see it")
  func staysLocal() {
    var values = [Double](repeating: 1, count: 2 * 40)
    values[7] = .nan
    let x = Tensor(values, shape: [1, 2, 40])
    let y = convolution(x, Tensor.ones([3, 2, 3], dtype: .float64), padding: 1).scalars
    for (index, value) in y.enumerated() { #expect(value.isNaN == (6...8).contains(index % 40)) }
    let mean = averagePooling(x, size: 2).scalars
    for (index, value) in mean.enumerated() { #expect(value.isNaN == (index == 3)) }
  }

  @Test("attention in blocks is attention")
  func attentionInBlocks() {
    var generator = Generator(seed: 8)
    func random(_ shape: Shape) -> Tensor {
      Tensor.normal(shape, dtype: .float64, using: &generator).tracked()
    }
    let (q, k, v) = (random([2, 700, 4]), random([2, 600, 4]), random([600, 3]))
    let allowed = Tensor.bernoulli([700, 600], probability: 0.01, using: &generator)
    let added = Tensor.normal([1, 600], dtype: .float64, using: &generator)
    let g = Tensor.normal([2, 700, 3], dtype: .float64, using: &generator)
    let causal = Tensor.arange(700).expandingDimension(at: 1) .>= Tensor.arange(600)
    for mask in [AttentionMask.none, .causal, .allowed(allowed), .added(added)] {
      let scores = matmul(q, k.transposed()) / 2
      let plain: Tensor
      switch mask {
      case .none: plain = softmax(scores)
      case .added(let added): plain = softmax(scores + added)
      case .causal: plain = softmax(`where`(causal, scores, Tensor(-1e30, dtype: .float64)))
      case .allowed(let allowed):
        let weights = exp(scores) * allowed.cast(to: .float64)
        let total = weights.sum(axes: [-1], keepingDimensions: true)
        plain = weights / `where`(total .== 0, 1, total)
      }
      let expected = matmul(plain, v)
      let y = scaledDotProductAttention(query: q, key: k, value: v, mask: mask)
      expectClose(y, expected, absolute: 1e-12)
      let found = gradients(of: y, withRespectTo: [q, k, v], cotangent: g)
      let wanted = gradients(of: expected, withRespectTo: [q, k, v], cotangent: g)
      for (a, b) in zip(found, wanted) { expectClose(a, b, absolute: 1e-10) }
    }
  }

  @Test("a padding index of an embedding gets no gradient")
  func paddingIndex() {
    let table = Tensor([[1, 2], [3, 4], [5, 6]]).tracked()
    let rows = embedding(Tensor([[0, 1], [1, 2]] as [[Int]]), weight: table, paddingIndex: 1)
    expectClose(rows, [1, 2, 3, 4, 3, 4, 5, 6])
    expectClose(gradients(of: rows.sum(), withRespectTo: [table])[0], [1, 1, 0, 0, 1, 1])
  }
}
