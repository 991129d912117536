// What goes with spectra: their frequencies, their order, and convolution through them.

/// The frequencies of the elements of `fft`, in cycles per unit: 0, 1, ..., -2, -1 by n * spacing.
public func fftFrequencies(
  _ count: Int, spacing: Double = 1, dtype: DType = .float32, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  frequencies("fftFrequencies", count, spacing, dtype, file, line) { n in
    (0..<n).map { $0 < (n + 1) / 2 ? $0 : $0 - n }
  }
}

/// The frequencies of the elements of `rfft`: 0, 1, ..., n / 2 by n * spacing.
public func rfftFrequencies(
  _ count: Int, spacing: Double = 1, dtype: DType = .float32, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  frequencies("rfftFrequencies", count, spacing, dtype, file, line) { Array(0...$0 / 2) }
}

private func frequencies(
  _ name: String, _ count: Int, _ spacing: Double, _ dtype: DType, _ file: StaticString,
  _ line: UInt, _ order: (Int) -> [Int]
) -> Tensor {
  if count < 1 || spacing == 0 || !dtype.isFloatingPoint {
    programmingError(
      name,
      "needs at least one element, a spacing other than 0 and a floating dtype, not \(count), "
        + "\(spacing) and \(dtype)", file: file, line: line)
  }
  return Tensor(order(count).map { Double($0) / (Double(count) * spacing) }, dtype: dtype)
}

extension Tensor {
  /// The halves of each axis exchanged, so that frequency 0 of a spectrum is in the middle.
  public func fftShifted(
    axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    rotated("fftShifted", axes, file, line) { ($0 + 1) / 2 }
  }

  /// The inverse of `fftShifted`; it differs for odd sizes.
  public func ifftShifted(
    axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    rotated("ifftShifted", axes, file, line) { $0 / 2 }
  }

  /// Each axis starts with the element `start` of its size and goes on at its beginning.
  private func rotated(
    _ name: String, _ axes: [Int]?, _ file: StaticString, _ line: UInt, start: (Int) -> Int
  ) -> Tensor {
    (axes ?? Array(0..<rank)).reduce(self) { x, axis in
      guard let at = shape.normalized(axis: axis) else {
        programmingError(
          name, "axis \(axis) is out of range for shape \(shape)", file: file, line: line)
      }
      if shape[at] < 2 { return x }
      let from = start(shape[at])
      return concatenated([x.sliced(from..., axis: at), x.sliced(..<from, axis: at)], axis: at)
    }
  }
}

extension ComplexTensor {
  /// The halves of each axis exchanged; see `Tensor.fftShifted`.
  public func fftShifted(
    axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> ComplexTensor {
    ComplexTensor(
      real: real.fftShifted(axes: axes, file: file, line: line),
      imaginary: imaginary.fftShifted(axes: axes, file: file, line: line))
  }

  /// The inverse of `fftShifted`.
  public func ifftShifted(
    axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> ComplexTensor {
    ComplexTensor(
      real: real.ifftShifted(axes: axes, file: file, line: line),
      imaginary: imaginary.ifftShifted(axes: axes, file: file, line: line))
  }
}

/// The whole convolution along one axis, y_k = sum over j of a_j b_(k - j), through spectra.
///
/// Worth it for long `b`: O(n log n) for any length. Other axes are broadcast. The error is relative
/// to the largest elements, not to each.
///
/// Shapes: `[..., n]` and `[..., m]` give `[..., n + m - 1]`.
public func fftConvolve(
  _ a: Tensor, _ b: Tensor, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  guard let first = a.shape.normalized(axis: axis), let second = b.shape.normalized(axis: axis),
    a.shape[first] > 0, b.shape[second] > 0, a.dtype == b.dtype
  else {
    programmingError(
      "fftConvolve",
      "needs tensors of one dtype with elements along axis \(axis), not \(a.dtype) \(a.shape) and "
        + "\(b.dtype) \(b.shape)", file: file, line: line)
  }
  if a.rank - first != b.rank - second {
    programmingError(
      "fftConvolve", "axis \(axis) of \(a.shape) and \(b.shape) is not the same after broadcasting",
      file: file, line: line)
  }
  let count = a.shape[first] + b.shape[second] - 1
  let length = fastLength(atLeast: count)
  let (x, y) = (
    rfft(a, count: length, axis: first, file: file, line: line),
    rfft(b, count: length, axis: second)
  )
  let z = irfft(x * y, count: length, axis: first + Swift.max(b.rank - a.rank, 0))
  return z.sliced(..<count, axis: first + Swift.max(b.rank - a.rank, 0))
}

/// The least product of 2, 3 and 5 that is not below `count`.
private func fastLength(atLeast count: Int) -> Int {
  var length = count
  while true {
    var rest = length
    for factor in [2, 3, 5] { while rest % factor == 0 { rest /= factor } }
    if rest == 1 { return length }
    length += 1
  }
}
