// Windows that fade a piece of a signal in and out, so that its spectrum leaks little.

/// The Hann window: 0.5 - 0.5 cos(2 pi j / n).
///
/// A periodic window is for spectra: moved copies add up evenly. A symmetric one, with n - 1 in place
/// of n, is for the design of filters.
public func hannWindow(
  _ count: Int, periodic: Bool = true, dtype: DType = .float32, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  cosines("hannWindow", [0.5, 0.5], count, periodic, dtype, file, line)
}

/// The Hamming window: 0.54 - 0.46 cos(2 pi j / n); see `hannWindow`.
public func hammingWindow(
  _ count: Int, periodic: Bool = true, dtype: DType = .float32, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  cosines("hammingWindow", [0.54, 0.46], count, periodic, dtype, file, line)
}

/// The Blackman window: 0.42 - 0.5 cos(2 pi j / n) + 0.08 cos(4 pi j / n); see `hannWindow`.
public func blackmanWindow(
  _ count: Int, periodic: Bool = true, dtype: DType = .float32, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  cosines("blackmanWindow", [0.42, 0.5, 0.08], count, periodic, dtype, file, line)
}

/// The sum of cosines of more and more periods, with alternating signs.
private func cosines(
  _ name: String, _ terms: [Double], _ count: Int, _ periodic: Bool, _ dtype: DType,
  _ file: StaticString, _ line: UInt
) -> Tensor {
  if count < 0 || !dtype.isFloatingPoint {
    programmingError(
      name, "needs a count of at least 0 and a floating dtype, not \(count) and \(dtype)",
      file: file, line: line)
  }
  if count == 1 { return Tensor.ones([1], dtype: dtype) }
  let period = Double(periodic ? count : count - 1)
  let angle = Tensor.arange(count, dtype: .float64) * (2 * Double.pi / period)
  let sum = terms.enumerated().reduce(Tensor.zeros([count], dtype: .float64)) { sum, term in
    sum + cos(Double(term.offset) * angle) * (term.offset % 2 == 0 ? term.element : -term.element)
  }
  return sum.cast(to: dtype)
}
