// Transforms of real numbers. Their spectrum mirrors itself, y_(n - k) = conj(y_k), so only the
// elements 0 ... n / 2 are computed, in half the time.

/// The Fourier transform of real numbers along one axis: the first n / 2 + 1 elements.
///
/// Shapes: `[..., n]` gives `[..., n / 2 + 1]`. Parameters are those of `fft`.
public func rfft(
  _ x: Tensor, count: Int? = nil, axis: Int = -1,
  normalization: FourierNormalization = .backward, file: StaticString = #fileID,
  line: UInt = #line
) -> ComplexTensor {
  let axes = fourierAxes("rfft", x, count.map { [$0] }, [axis], file, line)
  return ComplexTensor(
    planes: transformOfReal(x, axes[0], scale: normalization.scale(axes, inverse: false)))
}

/// The real numbers whose transform begins with these elements: the inverse of `rfft`.
///
/// The imaginary part of element 0 counts as zero, and that of element n / 2 where n is even.
///
/// Shapes: `[..., m]` gives `[..., n]`, by default n = 2 (m - 1): an odd length must be given.
public func irfft(
  _ x: ComplexTensor, count: Int? = nil, axis: Int = -1,
  normalization: FourierNormalization = .backward, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  let size = x.shape.normalized(axis: axis).map { 2 &* (x.shape[$0] &- 1) }
  let axes = fourierAxes(
    "irfft", x.real, count.map { [$0] }, [axis], last: size, file, line)
  return transformToReal(x, axes[0], scale: normalization.scale(axes, inverse: true))
}

/// The Fourier transform of real numbers along several axes; the last one named is halved.
///
/// Shapes: `[a, b]` gives `[a, b / 2 + 1]` for axes 0 and 1.
public func rfft(
  _ x: Tensor, counts: [Int]? = nil, axes: [Int],
  normalization: FourierNormalization = .backward, file: StaticString = #fileID,
  line: UInt = #line
) -> ComplexTensor {
  let all = fourierAxes("rfft", x, counts, axes, file, line)
  guard let last = all.last else { noAxes("rfft", file, line) }
  let half = transformOfReal(x, last, scale: normalization.scale(all, inverse: false))
  return complexTransform(
    ComplexTensor(planes: half), Array(all.dropLast()), inverse: false, scale: 1)
}

/// The inverse of `rfft` along several axes.
///
/// By default the last one gets an even length; see the variant for one axis.
public func irfft(
  _ x: ComplexTensor, counts: [Int]? = nil, axes: [Int],
  normalization: FourierNormalization = .backward, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  let size = axes.last.flatMap { x.shape.normalized(axis: $0) }.map { 2 &* (x.shape[$0] &- 1) }
  let all = fourierAxes("irfft", x.real, counts, axes, last: size, file, line)
  guard let last = all.last else { noAxes("irfft", file, line) }
  let lines = complexTransform(x, Array(all.dropLast()), inverse: true, scale: 1)
  return transformToReal(lines, last, scale: normalization.scale(all, inverse: true))
}

/// The Fourier transform of numbers that mirror themselves, x_(n - j) = conj(x_j): it is real.
///
/// Shapes: `[..., m]` gives `[..., n]`, by default n = 2 (m - 1).
public func hfft(
  _ x: ComplexTensor, count: Int? = nil, axis: Int = -1,
  normalization: FourierNormalization = .backward, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  irfft(
    x.conjugate, count: count, axis: axis, normalization: normalization.exchanged, file: file,
    line: line)
}

/// The inverse of `hfft`: the first n / 2 + 1 elements of the inverse transform of real numbers.
public func ihfft(
  _ x: Tensor, count: Int? = nil, axis: Int = -1,
  normalization: FourierNormalization = .backward, file: StaticString = #fileID,
  line: UInt = #line
) -> ComplexTensor {
  rfft(
    x, count: count, axis: axis, normalization: normalization.exchanged, file: file, line: line
  ).conjugate
}

/// The Fourier transform along several axes of numbers that mirror themselves; see the variant for one.
///
/// By default the last one gets an even length.
public func hfft(
  _ x: ComplexTensor, counts: [Int]? = nil, axes: [Int],
  normalization: FourierNormalization = .backward, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  irfft(
    x.conjugate, counts: counts, axes: axes, normalization: normalization.exchanged, file: file,
    line: line)
}

/// The inverse of `hfft` along several axes; the last one named is halved.
public func ihfft(
  _ x: Tensor, counts: [Int]? = nil, axes: [Int],
  normalization: FourierNormalization = .backward, file: StaticString = #fileID,
  line: UInt = #line
) -> ComplexTensor {
  rfft(
    x, counts: counts, axes: axes, normalization: normalization.exchanged, file: file, line: line
  ).conjugate
}

private func noAxes(_ name: String, _ file: StaticString, _ line: UInt) -> Never {
  programmingError(name, "names no axis; at least one is needed", file: file, line: line)
}

// MARK: The pair of adjoint transforms

/// Real lines to the planes [2, ...] of their spectra.
private func transformOfReal(_ x: Tensor, _ axis: FourierAxis, scale: Double) -> Tensor {
  let result = Tensor(x.detached.payload.fourierOfReal(along: axis, scale: scale))
  guard x.isTracked else { return result }
  let size = x.shape[axis.axis]
  return result.recorded("rfft", x) { g in
    // The way back counts each element of the spectrum as often as its mirror images.
    let weighted = ComplexTensor(planes: g / multiplicities(axis, in: g))
    return transformToReal(weighted, axis, scale: scale).resized(axis: axis.axis, to: size)
  }
}

/// Spectra to real lines.
private func transformToReal(_ x: ComplexTensor, _ axis: FourierAxis, scale: Double) -> Tensor {
  if !x.real.isTracked && !x.imaginary.isTracked {
    return Tensor(
      Payload.fourierToReal(x.real.payload, x.imaginary.payload, along: axis, scale: scale))
  }
  let planes = stacked([x.real, x.imaginary])
  let parts = ComplexTensor(planes: planes.detached)
  let result = Tensor(
    Payload.fourierToReal(
      parts.real.payload, parts.imaginary.payload, along: axis, scale: scale))
  let size = x.shape[axis.axis]
  return result.recorded("irfft", planes) { g in
    let back = transformOfReal(g, axis, scale: scale)
    return (back * multiplicities(axis, in: back)).resized(axis: axis.axis + 1, to: size)
  }
}

/// How often each element of half a spectrum occurs in the whole: once at its ends, else twice.
private func multiplicities(_ axis: FourierAxis, in planes: Tensor) -> Tensor {
  let half = axis.count / 2 + 1
  let counts = (0..<half).map { $0 == 0 || 2 * $0 == axis.count ? 1.0 : 2.0 }
  var shape = Shape(repeating: 1, count: planes.rank)
  shape[axis.axis + 1] = half
  return Tensor(counts, shape: shape, dtype: planes.dtype)
}
