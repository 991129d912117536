import Adjoint

// Rows for short-time spectra, sampling at grids and systems of tensors. Results are bent, so that
// order 2 finds something.

extension GradientTable {
  static let signal: [GradientRow] = shortTime + sampling + tensorSystems

  private static func bent(_ z: ComplexTensor) -> Tensor { sin(z.real) + square(z.imaginary) }

  private static func row(
    _ name: String, _ operation: String, _ shapes: [Shape], fixed: Set<Int>,
    _ domain: Domain = .everywhere, _ f: @escaping @Sendable ([Tensor]) -> Tensor
  ) -> GradientRow {
    GradientRow(
      name: name, operations: [operation], shapes: shapes, domain: domain, fixedSizes: fixed,
      function: f)
  }

  private static let shortTime: [GradientRow] = [
    row("stft with a window", "rfft", [[2, 6], [3]], fixed: [6, 3]) {
      bent(stft($0[0], size: 4, hop: 2, window: $0[1]))
    },
    row("stft of pieces as they are, both sides", "fft", [[2, 7]], fixed: [7]) {
      bent(stft($0[0], size: 3, hop: 2, centered: false, oneSided: false, normalization: .ortho))
    },
    row(
      "istft with a window", "folded", [[2, 3, 4], [2, 3, 4], [5]], fixed: [3, 4, 5], .positive
    ) {
      let z = ComplexTensor(real: $0[0], imaginary: $0[1])
      return sin(istft(z, size: 5, hop: 2, window: $0[2]))
    },
    row("istft of both sides to a length", "folded", [[2, 3, 4], [2, 3, 4]], fixed: [3, 4]) {
      let z = ComplexTensor(real: $0[0], imaginary: $0[1])
      return sin(istft(z, size: 3, hop: 1, centered: false, oneSided: false, length: 7))
    },
    row("a filter of short-time spectra", "irfft", [[2, 9], [3, 1]], fixed: [9, 3]) {
      let z = stft($0[0], size: 4, hop: 2)
      return sin(istft(z * $0[1], size: 4, hop: 2, length: 9))
    },
    row("hfft along two axes", "irfft", [[2, 3], [2, 3]], fixed: []) {
      sin(hfft(ComplexTensor(real: $0[0], imaginary: $0[1]), counts: [3, 4], axes: [0, 1]))
    },
    row("ihfft along two axes", "rfft", [[2, 3]], fixed: []) {
      bent(ihfft($0[0], counts: [3, 4], axes: [0, 1]))
    },
  ]

  /// Places between the elements of four along each axis, inside and outside.
  private static func places(_ x: Tensor, aligning: Bool = false) -> Tensor {
    // Elements of four are at odd multiples of 1/4, or at multiples of 2/3.
    let places = 1.5 + 2.6 * sin(x).detached
    let between = floor(places) + 0.5 + 0.3 * sin(3 * x)
    return aligning ? between / 1.5 - 1 : (between + 0.5) * 0.5 - 1
  }

  private static func sampled(
    _ name: String, _ mode: GridSamplingMode, _ padding: GridSamplingPadding, _ aligning: Bool,
    of shapes: [Shape] = [[2, 3, 4, 4], [2, 5, 1, 2]]
  ) -> GradientRow {
    // The last size of a grid is the number of spatial axes.
    row("gridSample, \(name)", "gathering", shapes, fixed: Set([1, 2, 4, 5, shapes[1].rank - 2])) {
      square(
        gridSample(
          $0[0], places($0[1], aligning: aligning), mode: mode, padding: padding,
          aligningCorners: aligning))
    }
  }

  private static let sampling: [GradientRow] = [
    sampled("linear with zeros", .linear, .zeros, false),
    sampled("linear with a border, corners aligned", .linear, .border, true),
    sampled("linear with a border", .linear, .border, false),
    sampled("linear with reflection", .linear, .reflection, false),
    sampled("linear with reflection, corners aligned", .linear, .reflection, true),
    // Of the image alone: the places are rounded.
    row("gridSample, nearest", "gathering", [[2, 3, 4, 4]], fixed: [2, 4]) {
      var generator = Generator(seed: 3)
      let grid = Tensor.uniform([2, 5, 1, 2], in: -1...1, dtype: .float64, using: &generator)
      return square(gridSample($0[0], grid.cast(to: $0[0].dtype), mode: .nearest))
    },
    sampled("of lines", .linear, .zeros, true, of: [[2, 3, 4], [2, 5, 1]]),
    sampled(
      "of volumes", .linear, .reflection, false, of: [[1, 5, 4, 4, 4], [1, 5, 1, 1, 3]]),
    row("affineGrid", "matmul", [[4, 2, 3]], fixed: [2, 3]) {
      sin(affineGrid($0[0], size: [2, 1]))
    },
    row(
      "affineGrid and gridSample", "gathering", [[1, 3, 4, 4], [1, 2, 3]], fixed: [1, 2, 3, 4]
    ) {
      gridSample($0[0], affineGrid(0.2 * sin($0[1]), size: [3, 2]), padding: .border)
    },
  ]

  private static func dominant(_ x: Tensor) -> Tensor {
    sin(x) + 4 * Tensor.eye(x.shape[x.rank - 1], dtype: x.dtype)
  }

  private static let tensorSystems: [GradientRow] = [
    row("luSolve", "triangularSolve", [[3, 3], [3, 2]], fixed: []) {
      sin(luSolve(lu(dominant($0[0]).flipped(axes: [0])), $0[1]))
    },
    row("luSolve of a batch for one side", "lu", [[2, 3, 3], [3, 4]], fixed: []) {
      sin(luSolve(lu(dominant($0[0]).flipped(axes: [1])), $0[1]))
    },
    row("tensorSolve", "solve", [[2, 3, 6], [2, 3]], fixed: [2, 3, 6]) {
      sin(tensorSolve(dominant($0[0].reshaped(6, 6)).reshaped(2, 3, 6), $0[1]))
    },
    row("tensorSolve with axes moved", "solve", [[3, 4, 4], [4]], fixed: [3, 4]) {
      let a = dominant($0[0][0]).reshaped(2, 4, 2)
      return sin(tensorSolve(a, $0[1], axes: [0, 2]))
    },
    row("tensorInverse", "inverse", [[2, 3, 6]], fixed: [2, 3, 6]) {
      sin(tensorInverse(dominant($0[0].reshaped(6, 6)).reshaped(2, 3, 6)))
    },
  ]
}
