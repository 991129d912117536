import Adjoint
import Testing

@Suite("Windows, short-time spectra, sampling at grids and systems of tensors")
struct SignalValuesTests {
  private static let reference = ReferenceValues.load("signal.json")

  private static let names = [
    "hannWindow", "hammingWindow", "blackmanWindow", "stft", "istft", "hfft", "ihfft", "gridSample",
    "affineGrid", "luSolve", "tensorSolve", "tensorInverse",
  ]

  private func planes(_ z: ComplexTensor) -> Tensor { stacked([z.real, z.imaginary]) }

  private func run(_ name: String, _ x: [Tensor], _ numbers: [Int]) -> Tensor {
    switch name {
    case "hannWindow": return hannWindow(numbers[0], periodic: numbers[1] == 1, dtype: .float64)
    case "hammingWindow":
      return hammingWindow(numbers[0], periodic: numbers[1] == 1, dtype: .float64)
    case "blackmanWindow":
      return blackmanWindow(numbers[0], periodic: numbers[1] == 1, dtype: .float64)
    case "stft":
      return planes(
        stft(
          x[0], size: numbers[0], hop: numbers[1] == 0 ? nil : numbers[1],
          window: x.count > 1 ? x[1] : nil, centered: numbers[2] == 1,
          oneSided: numbers[3] == 1, normalization: numbers[4] == 1 ? .ortho : .backward))
    case "istft":
      return istft(
        ComplexTensor(real: x[0][0], imaginary: x[0][1]), size: numbers[0],
        hop: numbers[1] == 0 ? nil : numbers[1], window: x.count > 1 ? x[1] : nil,
        centered: numbers[2] == 1, oneSided: numbers[3] == 1,
        length: numbers[5] < 0 ? nil : numbers[5],
        normalization: numbers[4] == 1 ? .ortho : .backward)
    case "hfft", "ihfft":
      let norm = [FourierNormalization.backward, .ortho, .forward][numbers[0]]
      let axes = Array(numbers.dropFirst())
      if name == "ihfft" { return planes(ihfft(x[0], axes: axes, normalization: norm)) }
      let z = ComplexTensor(real: x[0][0], imaginary: x[0][1])
      return hfft(z, axes: axes, normalization: norm)
    case "gridSample":
      return gridSample(
        x[0], x[1], mode: [.nearest, .linear][numbers[0]],
        padding: [.zeros, .border, .reflection][numbers[1]], aligningCorners: numbers[2] == 1)
    case "affineGrid":
      return affineGrid(
        x[0], size: Array(numbers.dropFirst()), aligningCorners: numbers[0] == 1)
    case "luSolve": return luSolve(lu(x[0]), x[1])
    case "tensorSolve": return tensorSolve(x[0], x[1], axes: numbers)
    default: return tensorInverse(x[0], leadingAxes: numbers[0])
    }
  }

  @Test("are PyTorch's for every option, size and layout", arguments: names)
  func agrees(_ name: String) throws {
    for (inputs, expected, arguments) in try Self.reference.get().examples(of: name) {
      let epsilon = expected.dtype == .float32 ? 1.2e-7 : 2.3e-16
      // The error is relative to the largest elements; systems have their condition as well.
      let finite = nanToNum(expected, positiveInfinity: 0, negativeInfinity: 0)
      let size = expected.elementCount == 0 ? 0 : abs(finite).max().scalar
      let digits = ["luSolve", "tensorSolve", "tensorInverse"].contains(name) ? 3000.0 : 30
      for (layout, views) in [
        ("row-major", inputs), ("transposed", inputs.map(\.asTransposedView)),
        ("sliced", inputs.map(\.asSlicedView)),
      ] {
        expectClose(
          run(name, views, arguments), expected,
          absolute: digits * epsilon * Swift.max(size, 1), relative: 4 * epsilon,
          "\(name) of \(inputs.map(\.shape)) with \(arguments), \(layout)")
      }
    }
  }

  @Test("every reference value is compared")
  func isComplete() throws {
    #expect(Set(try Self.reference.get().cases.map(\.operation)) == Set(Self.names))
  }

  @Test("the inverse of a short-time transform leads back, for many kinds of pieces")
  func leadsBack() {
    var generator = Generator(seed: 5)
    let x = Tensor.normal([2, 3, 50], dtype: .float64, using: &generator)
    for (size, hop) in [(16, 4), (9, 2), (8, 3), (20, 5)] {
      for normalization in [FourierNormalization.backward, .ortho, .forward] {
        let window = hammingWindow(size, dtype: .float64)
        let z = stft(x, size: size, hop: hop, window: window, normalization: normalization)
        #expect(z.shape == [2, 3, size / 2 + 1, (50 + size / 2 * 2 - size) / hop + 1])
        let back = istft(
          z, size: size, hop: hop, window: window, length: 50, normalization: normalization)
        expectClose(back, x, absolute: 1e-13)
      }
    }
  }

  @Test("windows of float32 are those of float64, rounded")
  func singlePrecision() {
    expectIdentical(hannWindow(33), hannWindow(33, dtype: .float64).cast(to: .float32))
  }

  @Test("a place that is NaN or infinitely far from zeros gives 0 and no gradient that is NaN")
  func nowhere() {
    let places = Tensor(
      [[Double.nan, 0], [0, .nan], [.infinity, 0], [0, -.infinity], [5, 5]], dtype: .float64
    ).reshaped(1, 1, 5, 2)
    let x = Tensor([Double.nan, 1, 2, 3], dtype: .float64).reshaped(1, 1, 2, 2)
    for mode in GridSamplingMode.allCases {
      expectClose(gridSample(x, places, mode: mode), [0, 0, 0, 0, 0])
      let g = gradient(at: x) { gridSample($0, places, mode: mode).sum() }
      expectClose(g, [0, 0, 0, 0])
    }
    let g = gradient(at: places) { gridSample(x, $0).sum() }
    expectClose(g.flattened(), [Double](repeating: 0, count: 10))
  }

  @Test("the derivative of a place is that to the right of an element, and 0 at a border")
  func kinks() {
    let x = Tensor([0, 1, 4, 9, 16], dtype: .float64).reshaped(1, 1, 5)
    // The places 0, 1, 5 and -2, where the reflection finds 3 and 2; 1 is two elements.
    let grid = Tensor([-1, -0.5, 1.5, -2], dtype: .float64).reshaped(1, 4, 1)
    func slopes(_ padding: GridSamplingPadding) -> Tensor {
      gradient(at: grid) {
        gridSample(x, $0, padding: padding, aligningCorners: true).sum()
      }.flattened()
    }
    expectClose(slopes(.zeros), [2, 6, 0, 0])
    expectClose(slopes(.border), [0, 6, 0, 0])
    expectClose(slopes(.reflection), [0, 6, -14, -10])
  }

  @Test("an identity map samples the image itself, in the order x, y")
  func identity() {
    let x = Tensor.arange(12, dtype: .float64).reshaped(1, 1, 3, 4)
    let map = Tensor([1, 0, 0, 0, 1, 0], dtype: .float64).reshaped(1, 2, 3)
    let transposing = Tensor([0, 1, 0, 1, 0, 0], dtype: .float64).reshaped(1, 2, 3)
    for aligning in [false, true] {
      let same = affineGrid(map, size: [3, 4], aligningCorners: aligning)
      expectClose(gridSample(x, same, aligningCorners: aligning), x, absolute: 1e-13)
      let turned = affineGrid(transposing, size: [4, 3], aligningCorners: aligning)
      expectClose(
        gridSample(x, turned, aligningCorners: aligning), x.transposed(), absolute: 1e-13)
    }
  }

  @Test("factors solve for vectors, and singular ones give infinities or NaN")
  func factors() {
    let a = Tensor([[0, 2, 1], [4, 1, 0], [1, 1, 3]] as [[Double]], dtype: .float64)
    let b = Tensor([1, 2, 3], dtype: .float64)
    expectClose(luSolve(lu(a), b), solve(a, b), absolute: 1e-15)
    let singular = Tensor([[1, 2], [2, 4]] as [[Double]], dtype: .float64)
    let x = luSolve(lu(singular), Tensor([1, 1], dtype: .float64))
    #expect(x.scalars.allSatisfy { !$0.isFinite })
  }
}
