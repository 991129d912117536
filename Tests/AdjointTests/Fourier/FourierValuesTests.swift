import Adjoint
import Testing

@Suite("Fourier transforms")
struct FourierValuesTests {
  private static let reference = ReferenceValues.load("fourier.json")

  /// The arguments of a case: normalization, axes and lengths.
  private struct Arguments {
    let normalization: FourierNormalization
    let axes: [Int]
    let counts: [Int]?

    init(_ numbers: [Int]) {
      normalization = [.backward, .ortho, .forward][numbers[0]]
      let count = numbers.count > 1 ? numbers[1] : 0
      axes = Array(numbers.dropFirst(2).prefix(count))
      let rest = Array(numbers.dropFirst(2 + count))
      counts = rest.isEmpty ? nil : rest
    }
  }

  private func run(_ name: String, _ x: Tensor, _ arguments: Arguments) -> Tensor {
    let (axes, counts, norm) = (arguments.axes, arguments.counts, arguments.normalization)
    func planes(_ z: ComplexTensor) -> Tensor { stacked([z.real, z.imaginary]) }
    let isComplex = ["fft", "ifft", "irfft", "hfft"].contains(name)
    let z = isComplex ? ComplexTensor(real: x[0], imaginary: x[1]) : ComplexTensor(x)
    let (axis, count) = (axes.first ?? 0, counts?.first)
    if axes.count == 1 {
      switch name {
      case "fft": return planes(fft(z, count: count, axis: axis, normalization: norm))
      case "ifft": return planes(ifft(z, count: count, axis: axis, normalization: norm))
      case "rfft": return planes(rfft(x, count: count, axis: axis, normalization: norm))
      case "irfft": return irfft(z, count: count, axis: axis, normalization: norm)
      case "hfft": return hfft(z, count: count, axis: axis, normalization: norm)
      case "ihfft": return planes(ihfft(x, count: count, axis: axis, normalization: norm))
      default: break
      }
    }
    switch name {
    case "fft": return planes(fft(z, counts: counts, axes: axes, normalization: norm))
    case "ifft": return planes(ifft(z, counts: counts, axes: axes, normalization: norm))
    case "rfft": return planes(rfft(x, counts: counts, axes: axes, normalization: norm))
    case "irfft": return irfft(z, counts: counts, axes: axes, normalization: norm)
    case "fftFrequencies": return fftFrequencies(x.shape[0], spacing: 0.25, dtype: .float64)
    case "rfftFrequencies": return rfftFrequencies(x.shape[0], spacing: 0.25, dtype: .float64)
    case "fftShifted": return x.fftShifted(axes: axes.isEmpty ? nil : axes)
    default: return x.ifftShifted(axes: axes.isEmpty ? nil : axes)
    }
  }

  @Test(
    "are NumPy's for every length, axis, normalization and layout",
    arguments: [
      "fft", "ifft", "rfft", "irfft", "hfft", "ihfft", "fftFrequencies", "rfftFrequencies",
      "fftShifted", "ifftShifted",
    ])
  func agrees(_ name: String) throws {
    for (inputs, expected, numbers) in try Self.reference.get().examples(of: name) {
      let x = inputs[0]
      let epsilon = x.dtype == .float32 ? 1.2e-7 : 2.3e-16
      // The error is relative to the largest elements.
      let size = expected.elementCount == 0 ? 0 : abs(expected).max().scalar
      let arguments = Arguments(numbers)
      for (layout, input) in [
        ("row-major", x), ("transposed", x.asTransposedView), ("sliced", x.asSlicedView),
      ] {
        expectClose(
          run(name, input, arguments), expected, absolute: 10 * epsilon * size,
          relative: 4 * epsilon,
          "\(name) of \(x.dtype) \(x.shape) with \(numbers), \(layout)")
      }
    }
  }

  @Test("every reference value is compared")
  func isComplete() throws {
    let names: Set = [
      "fft", "ifft", "rfft", "irfft", "hfft", "ihfft", "fftFrequencies", "rfftFrequencies",
      "fftShifted", "ifftShifted",
    ]
    let found = Set(try Self.reference.get().cases.map(\.operation))
    #expect(found == names)
  }

  // MARK: Long and many

  /// The transform of x_j = exp(2 pi i j f / n), which is n at frequency f and 0 elsewhere.
  @Test(
    "of a pure frequency is one line, for lengths of every kind",
    arguments: [
      64, 1000, 1024, 1920, 2047, 2048, 4099, 4096, 5040, 10_007, 8192, 19 * 53, 32_768, 61 * 64,
      100_003, 1 << 17, 3 * 5 * 7 * 11 * 13,
    ])
  func pureFrequency(_ count: Int) {
    let frequency = count / 3
    let steps = (0..<count).map { Double($0 * frequency % count) / Double(count) }
    for dtype in [DType.float32, .float64] {
      let angle = Tensor(steps, dtype: .float64) * (2 * Double.pi)
      let x = ComplexTensor(
        real: cos(angle).cast(to: dtype), imaginary: sin(angle).cast(to: dtype))
      let y = fft(x)
      let largest = y.magnitude
      #expect(largest.argMax().scalar == Double(frequency))
      let error = (largest.sum() - largest.max()).scalar / Double(count)
      let epsilon = dtype == .float32 ? 6e-8 : 1.1e-16
      // Rounding the input alone adds noise of about eps * sqrt(n) to each element.
      let noise = error / Double(count).squareRoot() / epsilon
      #expect(noise < 12, "\(dtype), length \(count)")
      let back = ifft(y)
      expectClose(back.real, x.real, absolute: 30 * epsilon)
      expectClose(back.imaginary, x.imaginary, absolute: 30 * epsilon)
    }
  }

  @Test(
    "of real lines are those of complex lines, and the inverse leads back",
    arguments: [6, 7, 31, 128, 1000, 2310, 4097, 16_384])
  func realLines(_ count: Int) {
    var generator = Generator(seed: 1)
    let x = Tensor.normal([3, count], dtype: .float64, using: &generator)
    let (half, whole) = (rfft(x), fft(ComplexTensor(x)))
    let scale = Double(count).squareRoot() * 1e-15
    expectClose(half.real, whole.real.sliced(...(count / 2), axis: 1), absolute: 10 * scale)
    expectClose(
      half.imaginary, whole.imaginary.sliced(...(count / 2), axis: 1), absolute: 10 * scale)
    expectClose(irfft(half, count: count), x, absolute: 1e-14)
    #expect(abs(half.imaginary.sliced(..<1, axis: 1)).max().scalar == 0)
  }

  @Test("of many lines along any axis are those of each line")
  func manyLines() {
    var generator = Generator(seed: 2)
    for (shape, axis) in [
      ([300, 17] as Shape, 1), ([17, 300], 0), ([5, 24, 33], 1), ([40, 2, 3], 0),
      ([2, 2048, 19], 1),
      ([70, 64], 1),
    ] {
      let x = ComplexTensor(
        real: Tensor.normal(shape, dtype: .float64, using: &generator),
        imaginary: Tensor.normal(shape, dtype: .float64, using: &generator))
      let y = fft(x, axis: axis)
      let lines = ComplexTensor(
        real: x.real.transposed(axis, -1).reshaped(-1, shape[axis]),
        imaginary: x.imaginary.transposed(axis, -1).reshaped(-1, shape[axis]))
      let found = y.real.transposed(axis, -1).reshaped(-1, shape[axis])
      for index in [0, 1, lines.shape[0] - 1] {
        let single = fft(ComplexTensor(real: lines.real[index], imaginary: lines.imaginary[index]))
        expectClose(found[index], single.real, absolute: 1e-13)
      }
    }
  }

  @Test("give the same bits for 1, 2 and 4 threads")
  func threads() {
    var generator = Generator(seed: 3)
    let x = Tensor.normal([40, 37, 64], using: &generator)
    let long = ComplexTensor(
      real: Tensor.normal([70_000], using: &generator),
      imaginary: Tensor.normal([70_000], using: &generator))
    func results() -> [Tensor] {
      let y = rfft(x, axes: [0, 1, 2])
      let (z, chirp) = (ifft(long), fft(long, count: 65_537))
      return [
        y.real, y.imaginary, irfft(y, axes: [0, 1, 2]), fft(ComplexTensor(x), axis: 1).real,
        z.real, z.imaginary, chirp.real, chirp.imaginary,
      ]
    }
    let before = Adjoint.threads
    defer { Adjoint.threads = before }
    Adjoint.threads = 1
    let first = results()
    for count in [2, 4] {
      Adjoint.threads = count
      for (a, b) in zip(first, results()) { expectIdentical(a, b) }
    }
  }

  @Test("keep NaN and infinity in their own line")
  func notNumbers() {
    let x = Tensor([[1, .nan, 0, 2], [1, 2, 3, 4], [.infinity, 0, 0, 0]])
    let y = rfft(x)
    #expect(y.real[0].scalars.allSatisfy { $0.isNaN })
    #expect(y.real[1].scalars == [10, -2, -2] && y.imaginary[1].scalars == [0, 2, 0])
    #expect(y.real[2].scalars.allSatisfy { !$0.isFinite })
  }

  // MARK: What goes with them

  @Test("convolve as sums do")
  func convolution() {
    var generator = Generator(seed: 4)
    for (n, m) in [(1, 1), (5, 3), (3, 5), (50, 20), (7, 1)] {
      let a = Tensor.normal([2, n], dtype: .float64, using: &generator)
      let b = Tensor.normal([m], dtype: .float64, using: &generator)
      let found = fftConvolve(a, b)
      #expect(found.shape == [2, n + m - 1])
      for row in 0..<2 {
        var expected = [Double](repeating: 0, count: n + m - 1)
        let (x, y) = (a[row].scalars, b.scalars)
        for i in 0..<n { for j in 0..<m { expected[i + j] += x[i] * y[j] } }
        expectClose(found[row], expected, absolute: 1e-13)
      }
    }
    let column = Tensor.ones([3, 1], dtype: .float64)
    #expect(fftConvolve(column, Tensor.ones([2, 1], dtype: .float64), axis: 0).shape == [4, 1])
  }

  @Test("complex arithmetic is that of complex numbers")
  func arithmetic() {
    let (a, b) = (complex([3, 0, -1], [4, -2, 0]), complex([1, 2, 3], [-1, 0, 0.5]))
    func expect(_ z: ComplexTensor, _ real: [Double], _ imaginary: [Double]) {
      expectClose(z.real, real, absolute: 1e-15)
      expectClose(z.imaginary, imaginary, absolute: 1e-15)
    }
    expect(a + b, [4, 2, 2], [3, -2, 0.5])
    expect(a - b, [2, -2, -4], [5, -2, -0.5])
    expect(a * b, [7, 0, -3], [1, -4, -0.5])
    expect(a / b, [-0.5, 0, -0.32432432432432434], [3.5, -1, 0.05405405405405406])
    expect(-a, [-3, 0, 1], [-4, 2, 0])
    expect(a.conjugate, [3, 0, -1], [-4, 2, 0])
    expect(a * Tensor([2, 3, 4], dtype: .float64), [6, 0, -4], [8, -6, 0])
    let powers = exp(complex([0, 1], [Double.pi, 0.5]))
    expectClose(powers.real, [-1, 2.38551673095913], absolute: 1e-13)
    expectClose(powers.imaginary, [0, 1.3032137296869952], absolute: 1e-13)
    let m = matmul(
      complex([[1, 0], [2, 1]], [[0, 1], [1, 0]]), complex([[1], [3]], [[2], [0]]))
    expectClose(m.real, [1, 3], absolute: 0)
    expectClose(m.imaginary, [5, 5], absolute: 0)
    let polar = ComplexTensor(magnitude: a.magnitude, phase: a.phase)
    expect(polar, [3, 0, -1], [4, -2, 0])
  }

  private func complex(_ real: [Double], _ imaginary: [Double]) -> ComplexTensor {
    ComplexTensor(
      real: Tensor(real, dtype: .float64), imaginary: Tensor(imaginary, dtype: .float64))
  }

  private func complex(_ real: [[Double]], _ imaginary: [[Double]]) -> ComplexTensor {
    ComplexTensor(
      real: Tensor(real, dtype: .float64), imaginary: Tensor(imaginary, dtype: .float64))
  }

  @Test("magnitude and phase hold at the axes, at zero and at extremes")
  func polar() {
    let inf = Double.infinity
    let z = complex(
      [3, 0, -2, 0, 0, 1e300, 1e-300, inf, 0, -1, -1],
      [4, 2, 0, -3, 0, 1e300, 1e-300, 1, -inf, 1, -1])
    let root = 2.0.squareRoot()
    let pi = Double.pi
    expectClose(
      z.magnitude, [5, 2, 2, 3, 0, root * 1e300, root * 1e-300, inf, inf, root, root],
      relative: 1e-15)
    expectClose(
      z.phase,
      [
        0.9272952180016122, pi / 2, pi, -pi / 2, 0, pi / 4, pi / 4, 0, -pi / 2, 3 * pi / 4,
        -3 * pi / 4,
      ], relative: 1e-15)
    let x = Tensor([0, 3], dtype: .float64)
    let g = gradient(at: x) { x in
      let z = ComplexTensor(real: x, imaginary: Tensor([0, 4], dtype: .float64))
      return (z.magnitude + z.phase).sum()
    }
    expectClose(g, [0, 0.6 - 4.0 / 25], absolute: 1e-15)
  }
}
