/// A tensor of complex numbers: its real and its imaginary part.
///
/// It is a pair of ordinary tensors and not a seventh dtype, so every operation, gradient, file
/// format and optimizer there is works on the parts, and a derivative is what it is everywhere else:
/// with respect to real numbers. Spectra are its purpose; beside them it has the arithmetic that
/// filters need. For a loss L the gradient with respect to `real` and `imaginary` together,
/// dL/da + i dL/db, is what PyTorch calls the gradient of a complex tensor.
public struct ComplexTensor: Sendable {
  /// The real part.
  public let real: Tensor
  /// The imaginary part, of the same shape and dtype.
  public let imaginary: Tensor

  /// A complex tensor of two parts of one shape and one floating dtype.
  public init(
    real: Tensor, imaginary: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) {
    if real.shape != imaginary.shape || real.dtype != imaginary.dtype
      || !real.dtype.isFloatingPoint
    {
      programmingError(
        "ComplexTensor",
        "the parts must have one shape and one floating dtype, not \(real.dtype) \(real.shape) and "
          + "\(imaginary.dtype) \(imaginary.shape)", file: file, line: line)
    }
    (self.real, self.imaginary) = (real, imaginary)
  }

  /// A real tensor as a complex one.
  public init(_ real: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    self.init(
      real: real, imaginary: Tensor.zeros(real.shape, dtype: real.dtype), file: file, line: line)
  }

  /// A complex tensor of magnitudes and phases in radians.
  public init(
    magnitude: Tensor, phase: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      real: magnitude * cos(phase, file: file, line: line), imaginary: magnitude * sin(phase),
      file: file, line: line)
  }

  /// The two planes [2, ...] of one tensor.
  init(planes: Tensor) { (real, imaginary) = (planes[0], planes[1]) }

  /// The sizes of the dimensions.
  public var shape: Shape { real.shape }
  /// The type of both parts.
  public var dtype: DType { real.dtype }
  /// The same value without its place in the graph.
  public var detached: ComplexTensor {
    ComplexTensor(real: real.detached, imaginary: imaginary.detached)
  }

  /// a - ib.
  public var conjugate: ComplexTensor { ComplexTensor(real: real, imaginary: -imaginary) }

  /// a^2 + b^2: the power of a spectrum, with a derivative at 0 too.
  public var squaredMagnitude: Tensor { square(real) + square(imaginary) }

  /// sqrt(a^2 + b^2), without overflow.
  ///
  /// The derivative at 0 is 0.
  public var magnitude: Tensor {
    let (a, b) = (abs(real), abs(imaginary))
    let size = maximum(a, b).detached
    let isOrdinary = (size .> 0) .& (size .< .infinity)
    let scale = `where`(isOrdinary, size, 1)
    // An infinite part makes an infinite magnitude, and no square root meets a zero.
    let scaled = square(real / scale) + square(imaginary / scale)
    let ordinary = scale * sqrt(`where`(isOrdinary, scaled, 1))
    return `where`(isOrdinary, ordinary, `where`(size .== 0, 0, a + b))
  }

  /// The angle to the positive real axis in (-pi, pi]; 0 for zero.
  ///
  /// The derivative at 0 is 0.
  public var phase: Tensor {
    // The half-angle would cancel near the negative axis; so the quotient of the smaller by the
    // larger part, turned into the right eighth of the circle.
    let isSteep = abs(imaginary) .> abs(real)
    let larger = `where`(isSteep, imaginary, real)
    let smaller = `where`(isSteep, -real, imaginary)
    let angle = atan(smaller / `where`(larger .== 0, 1, larger))
    let quarter = Tensor(Double.pi / 2, dtype: dtype)
    let half = Tensor(Double.pi, dtype: dtype)
    let steep = angle + `where`(imaginary .< 0, -quarter, quarter)
    let flat = angle + `where`(real .< 0, `where`(imaginary .< 0, -half, half), 0)
    return `where`(isSteep, steep, flat)
  }
}

extension ComplexTensor: CustomStringConvertible {
  /// Both parts, as tensors are printed.
  public var description: String { "real\n\(real)\nimaginary\n\(imaginary)" }
}

extension ComplexTensor {
  /// The sum of two complex tensors, element by element.
  public static func + (a: ComplexTensor, b: ComplexTensor) -> ComplexTensor {
    ComplexTensor(real: a.real + b.real, imaginary: a.imaginary + b.imaginary)
  }

  /// The difference of two complex tensors, element by element.
  public static func - (a: ComplexTensor, b: ComplexTensor) -> ComplexTensor {
    ComplexTensor(real: a.real - b.real, imaginary: a.imaginary - b.imaginary)
  }

  /// The product of two complex tensors, element by element.
  public static func * (a: ComplexTensor, b: ComplexTensor) -> ComplexTensor {
    ComplexTensor(
      real: a.real * b.real - a.imaginary * b.imaginary,
      imaginary: a.real * b.imaginary + a.imaginary * b.real)
  }

  /// The product with real numbers.
  public static func * (a: ComplexTensor, b: Tensor) -> ComplexTensor {
    ComplexTensor(real: a.real * b, imaginary: a.imaginary * b)
  }

  /// The quotient of two complex tensors, element by element.
  ///
  /// The divisor's squares must neither overflow nor vanish.
  public static func / (a: ComplexTensor, b: ComplexTensor) -> ComplexTensor {
    let product = a * b.conjugate
    let size = b.squaredMagnitude
    return ComplexTensor(real: product.real / size, imaginary: product.imaginary / size)
  }

  /// The negative of each element.
  public static prefix func - (x: ComplexTensor) -> ComplexTensor {
    ComplexTensor(real: -x.real, imaginary: -x.imaginary)
  }
}

/// The exponential e^a (cos b + i sin b) of each element a + ib.
public func exp(
  _ x: ComplexTensor, file: StaticString = #fileID, line: UInt = #line
) -> ComplexTensor {
  ComplexTensor(magnitude: exp(x.real, file: file, line: line), phase: x.imaginary)
}

/// The matrix product of complex tensors; shapes as for real ones.
public func matmul(
  _ a: ComplexTensor, _ b: ComplexTensor, file: StaticString = #fileID, line: UInt = #line
) -> ComplexTensor {
  func product(_ x: Tensor, _ y: Tensor) -> Tensor { matmul(x, y, file: file, line: line) }
  return ComplexTensor(
    real: product(a.real, b.real) - product(a.imaginary, b.imaginary),
    imaginary: product(a.real, b.imaginary) + product(a.imaginary, b.real))
}
