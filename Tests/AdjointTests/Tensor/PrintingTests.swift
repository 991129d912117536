import Adjoint
import Testing

/// The texts of arrays are NumPy's for
/// `array2string(x, precision=4, floatmode="maxprec_equal", separator=", ", max_line_width=10**6)`.
@Suite("Printing")
struct PrintingTests {
  private func expect(
    _ x: Tensor, prints lines: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(x.description == lines.joined(separator: "\n"), sourceLocation: sourceLocation)
  }

  @Test("vectors and matrices are aligned, with as many decimals as needed")
  func aligned() {
    expect(Tensor([1, 2, 3]), prints: "[1., 2., 3.]", "(shape [3], float32)")
    expect(
      Tensor([[1.5, -2, 3], [0.25, 10, 100]]),
      prints: "[[  1.50,  -2.00,   3.00],", " [  0.25,  10.00, 100.00]]", "(shape [2, 3], float32)")
    expect(
      Tensor([1.0 / 3, 2.0 / 3, 1]), prints: "[0.3333, 0.6667, 1.0000]", "(shape [3], float32)")
    expect(
      Tensor([-0.5, 0.25, -1], dtype: .float64), prints: "[-0.50,  0.25, -1.00]",
      "(shape [3], float64)")
    expect(Tensor([0.99999, 9.99996]), prints: "[ 1., 10.]", "(shape [2], float32)")
    expect(Tensor.zeros([2, 2]), prints: "[[0., 0.],", " [0., 0.]]", "(shape [2, 2], float32)")
  }

  @Test("integers and bools")
  func integers() {
    expect(
      Tensor([[1, -20], [300, 4]] as [[Int]]), prints: "[[  1, -20],", " [300,   4]]",
      "(shape [2, 2], int64)")
    expect(Tensor([0, 255] as [UInt8]), prints: "[  0, 255]", "(shape [2], uint8)")
    expect(Tensor([true, false]), prints: "[ true, false]", "(shape [2], bool)")
    expect(
      Tensor([Int.min, Int.max]), prints: "[-9223372036854775808,  9223372036854775807]",
      "(shape [2], int64)")
  }

  @Test("NaN and infinities keep the columns")
  func nonFinite() {
    expect(
      Tensor([Float.nan, .infinity, -.infinity, 1.5]), prints: "[ nan,  inf, -inf,  1.5]",
      "(shape [4], float32)")
    expect(Tensor([Float.nan]), prints: "[nan]", "(shape [1], float32)")
  }

  @Test("three axes have a blank line between matrices")
  func cube() {
    expect(
      Tensor.arange(12).reshaped(2, 3, 2),
      prints: "[[[ 0,  1],", "  [ 2,  3],", "  [ 4,  5]],", "", " [[ 6,  7],", "  [ 8,  9],",
      "  [10, 11]]]", "(shape [2, 3, 2], int64)")
  }

  @Test("a single number and empty tensors")
  func small() {
    expect(Tensor(2.5), prints: "2.5  (shape [], float32)")
    expect(Tensor([] as [Float]), prints: "[]", "(shape [0], float32)")
    expect(Tensor.zeros([0, 3]), prints: "[]", "(shape [0, 3], float32)")
    #expect(Tensor.zeros([2, 0]).description.hasSuffix("(shape [2, 0], float32)"))
  }

  @Test("large and tiny numbers are scientific, always with four decimals")
  func scientific() {
    expect(
      Tensor([1e-9, 1, -1e9], dtype: .float64), prints: "[ 1.0000e-09,  1.0000e+00, -1.0000e+09]",
      "(shape [3], float64)")
    expect(
      Tensor([1.23456e-300, 0, 9.99999e300], dtype: .float64),
      prints: "[1.2346e-300,  0.0000e+00, 1.0000e+301]", "(shape [3], float64)")
  }

  @Test("more than 1,000 elements are summarised")
  func summarised() {
    expect(
      Tensor.arange(2000), prints: "[   0,    1,    2, ..., 1997, 1998, 1999]",
      "(shape [2000], int64)")
    expect(
      Tensor.arange(1200).reshaped(30, 40),
      prints: "[[   0,    1,    2, ...,   37,   38,   39],",
      " [  40,   41,   42, ...,   77,   78,   79],", " [  80,   81,   82, ...,  117,  118,  119],",
      " ...,", " [1080, 1081, 1082, ..., 1117, 1118, 1119],",
      " [1120, 1121, 1122, ..., 1157, 1158, 1159],",
      " [1160, 1161, 1162, ..., 1197, 1198, 1199]]", "(shape [30, 40], int64)")
    // A short axis is shown whole.
    expect(
      Tensor.arange(1200).reshaped(600, 2),
      prints: "[[   0,    1],", " [   2,    3],", " [   4,    5],", " ...,", " [1194, 1195],",
      " [1196, 1197],", " [1198, 1199]]", "(shape [600, 2], int64)")
    let cube = Tensor.arange(11 * 11 * 11).reshaped(11, 11, 11).description
    #expect(cube.split(separator: "\n", omittingEmptySubsequences: false).count == 50)
    #expect(cube.contains("\n\n ...,\n\n [[ 968,"))
    #expect(Tensor.arange(1000).description.contains("499"), "1,000 elements are shown")
  }

  @Test("the value shows, whatever the layout and the graph")
  func views() {
    let x = Tensor([[1, 2], [3, 4]]).tracked()
    expect(x.transposed() * 1, prints: "[[1., 3.],", " [2., 4.]]", "(shape [2, 2], float32)")
  }
}
