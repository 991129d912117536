// Discrete Fourier transforms. They are linear, and the derivative of each is another one of them, so
// derivatives of every order follow.

/// Which direction of a transform is divided by the number of elements n.
public enum FourierNormalization: Sendable {
  /// The inverse by n, so that it undoes the unscaled transform; the default.
  case backward
  /// Both by sqrt(n): lengths stay, the transform is a rotation.
  case ortho
  /// The forward transform by n.
  case forward

  func scale(_ axes: [FourierAxis], inverse: Bool) -> Double {
    let count = axes.reduce(1.0) { $0 * Double($1.count) }
    return switch self {
    case .backward: inverse ? 1 / count : 1
    case .ortho: 1 / count.squareRoot()
    case .forward: inverse ? 1 : 1 / count
    }
  }

  /// The one that scales the other direction.
  var exchanged: FourierNormalization {
    switch self {
    case .backward: .forward
    case .ortho: .ortho
    case .forward: .backward
    }
  }
}

/// The discrete Fourier transform along one axis: y_k = sum over j of x_j exp(-2 pi i j k / n).
///
/// Any length n is fast, O(n log n), primes too; products of small primes are the fastest. The error
/// grows with log n.
///
/// Source: Stockham's autosort algorithm; Bluestein's for large primes.
/// - Parameters:
///   - x: the numbers to transform.
///   - count: n; the input is cut or filled up with zeros to it. By default the size of the axis.
///   - axis: the axis, from the end if negative.
///   - normalization: which direction is divided by n.
public func fft(
  _ x: ComplexTensor, count: Int? = nil, axis: Int = -1,
  normalization: FourierNormalization = .backward, file: StaticString = #fileID,
  line: UInt = #line
) -> ComplexTensor {
  let axes = fourierAxes("fft", x.real, count.map { [$0] }, [axis], file, line)
  return complexTransform(x, axes, inverse: false, normalization)
}

/// The inverse discrete Fourier transform along one axis.
///
/// `x_j = 1/n sum over k of y_k exp(2 pi i j k / n)`
///
/// Parameters are those of `fft`.
public func ifft(
  _ x: ComplexTensor, count: Int? = nil, axis: Int = -1,
  normalization: FourierNormalization = .backward, file: StaticString = #fileID,
  line: UInt = #line
) -> ComplexTensor {
  let axes = fourierAxes("ifft", x.real, count.map { [$0] }, [axis], file, line)
  return complexTransform(x, axes, inverse: true, normalization)
}

/// The discrete Fourier transform along several axes, such as `axes: [-2, -1]` of images.
///
/// `counts` has a length for each axis; see the variant for one axis.
public func fft(
  _ x: ComplexTensor, counts: [Int]? = nil, axes: [Int],
  normalization: FourierNormalization = .backward, file: StaticString = #fileID,
  line: UInt = #line
) -> ComplexTensor {
  let axes = fourierAxes("fft", x.real, counts, axes, file, line)
  return complexTransform(x, axes, inverse: false, normalization)
}

/// The inverse discrete Fourier transform along several axes; see `fft`.
public func ifft(
  _ x: ComplexTensor, counts: [Int]? = nil, axes: [Int],
  normalization: FourierNormalization = .backward, file: StaticString = #fileID,
  line: UInt = #line
) -> ComplexTensor {
  let axes = fourierAxes("ifft", x.real, counts, axes, file, line)
  return complexTransform(x, axes, inverse: true, normalization)
}

// MARK: One rule for all

private func complexTransform(
  _ x: ComplexTensor, _ axes: [FourierAxis], inverse: Bool, _ normalization: FourierNormalization
) -> ComplexTensor {
  complexTransform(
    x, axes, inverse: inverse, scale: normalization.scale(axes, inverse: inverse))
}

/// The transform of a complex tensor: one node for both parts, so that the gradient is one transform.
func complexTransform(
  _ x: ComplexTensor, _ axes: [FourierAxis], inverse: Bool, scale: Double
) -> ComplexTensor {
  if axes.isEmpty { return x }
  if x.real.isTracked || x.imaginary.isTracked {
    let planes = stacked([x.real, x.imaginary])
    return ComplexTensor(
      planes: complexTransform(planes: planes, axes, inverse: inverse, scale: scale))
  }
  return ComplexTensor(
    planes: Tensor(
      Payload.fourier(
        x.real.payload, x.imaginary.payload, along: axes, inverse: inverse, scale: scale)))
}

/// The same of two planes [2, ...].
private func complexTransform(
  planes: Tensor, _ axes: [FourierAxis], inverse: Bool, scale: Double
) -> Tensor {
  let x = ComplexTensor(planes: planes.detached)
  let result = Tensor(
    Payload.fourier(
      x.real.payload, x.imaginary.payload, along: axes, inverse: inverse, scale: scale))
  guard planes.isTracked else { return result }
  let shape = x.shape
  return result.recorded("fft", planes) { g in
    // The adjoint is the transform in the other direction with the same factor.
    let back = complexTransform(planes: g, axes, inverse: !inverse, scale: scale)
    return axes.reduce(back) { $0.resized(axis: $1.axis + 1, to: shape[$1.axis]) }
  }
}

extension Tensor {
  /// The axis cut off, or filled up with zeros, at its end.
  func resized(axis: Int, to count: Int) -> Tensor {
    let size = shape[axis]
    if count == size { return self }
    if count < size { return sliced(..<count, axis: axis) }
    let others = Array(repeating: (before: 0, after: 0), count: rank - 1 - axis)
    return padded([(before: 0, after: count - size)] + others)
  }
}

/// The axes and lengths of a transform, checked.
func fourierAxes(
  _ name: String, _ x: Tensor, _ counts: [Int]?, _ axes: [Int], last: Int? = nil,
  _ file: StaticString, _ line: UInt
) -> [FourierAxis] {
  func fail(_ message: String) -> Never {
    programmingError(name, message, file: file, line: line)
  }
  if !x.dtype.isFloatingPoint { fail("needs a floating dtype, not \(x.dtype); cast first") }
  if let counts, counts.count != axes.count {
    fail("\(counts.count) counts \(counts) for \(axes.count) axes \(axes)")
  }
  let found = axes.enumerated().map { index, axis in
    guard let at = x.shape.normalized(axis: axis) else {
      fail("axis \(axis) is out of range for shape \(x.shape)")
    }
    let size = index == axes.count - 1 ? last ?? x.shape[at] : x.shape[at]
    let count = counts?[index] ?? size
    if count < 1 {
      fail("the length along axis \(axis) of shape \(x.shape) is \(count); at least 1 is needed")
    }
    return FourierAxis(axis: at, count: count)
  }
  if Set(found.map(\.axis)).count != found.count { fail("axes \(axes) name an axis twice") }
  return found
}
