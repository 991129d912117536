import CAdjoint

// Elementary functions of floating-point tensors. At poles and outside the domain values and
// derivatives are those of IEEE 754: infinities and NaN, no errors.

/// The exponential e^x of each element.
public func exp(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("exp", ADJ_EXP, x, file, line, dx: { g, y in g * y })
}

/// e^x - 1 of each element, exact for small x.
public func expm1(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("expm1", ADJ_EXPM1, x, file, line, dx: { g, y in g * (y + 1) })
}

/// 2^x of each element.
public func exp2(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("exp2", ADJ_EXP2, x, file, line, dx: { g, y in g * (y * 0.6931471805599453) })
}

/// The natural logarithm of each element; -infinity at 0, NaN below.
public func log(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("log", ADJ_LOG, x, file, line, dx: { $0 / x })
}

/// log(1 + x) of each element, exact for small x.
public func log1p(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("log1p", ADJ_LOG1P, x, file, line, dx: { $0 / (1 + x) })
}

/// The logarithm to base 2 of each element.
public func log2(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("log2", ADJ_LOG2, x, file, line, dx: { $0 / (x * 0.6931471805599453) })
}

/// The square root of each element; NaN below 0.
///
/// The derivative at 0 is infinite.
public func sqrt(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("sqrt", ADJ_SQRT, x, file, line, dx: { g, y in g / (2 * y) })
}

/// 1 / sqrt(x) of each element.
public func rsqrt(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("rsqrt", ADJ_RSQRT, x, file, line, dx: { g, y in g * (-0.5 * y * y * y) })
}

/// 1 / x of each element.
public func reciprocal(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("reciprocal", ADJ_RECIPROCAL, x, file, line, dx: { g, y in -g * (y * y) })
}

/// The sine of each element, in radians.
public func sin(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("sin", ADJ_SIN, x, file, line, dx: { $0 * cos(x) })
}

/// The cosine of each element, in radians.
public func cos(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("cos", ADJ_COS, x, file, line, dx: { -$0 * sin(x) })
}

/// The tangent of each element, in radians.
public func tan(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("tan", ADJ_TAN, x, file, line, dx: { g, y in g * (1 + y * y) })
}

/// The inverse sine of each element, in [-pi/2, pi/2]; NaN outside [-1, 1].
public func asin(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("asin", ADJ_ASIN, x, file, line, dx: { $0 * rsqrt((1 - x) * (1 + x)) })
}

/// The inverse cosine of each element, in [0, pi]; NaN outside [-1, 1].
public func acos(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("acos", ADJ_ACOS, x, file, line, dx: { -$0 * rsqrt((1 - x) * (1 + x)) })
}

/// The inverse tangent of each element, in [-pi/2, pi/2].
public func atan(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("atan", ADJ_ATAN, x, file, line, dx: { $0 / (1 + x * x) })
}

/// The hyperbolic sine of each element.
public func sinh(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("sinh", ADJ_SINH, x, file, line, dx: { $0 * cosh(x) })
}

/// The hyperbolic cosine of each element.
public func cosh(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("cosh", ADJ_COSH, x, file, line, dx: { $0 * sinh(x) })
}

/// The hyperbolic tangent of each element.
public func tanh(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("tanh", ADJ_TANH, x, file, line, dx: { g, y in g * (1 - y * y) })
}

/// The logistic function 1 / (1 + e^-x) of each element, accurate in both tails.
public func sigmoid(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("sigmoid", ADJ_SIGMOID, x, file, line, dx: { g, y in g * (y * (1 - y)) })
}

/// log(1 + e^x) of each element, without overflow: x for large x.
public func softplus(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("softplus", ADJ_SOFTPLUS, x, file, line, dx: { $0 * sigmoid(x) })
}

/// The error function 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x.
public func erf(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("erf", ADJ_ERF, x, file, line, dx: { $0 * (1.1283791670955126 * exp(-(x * x))) })
}

/// The largest integer not above each element.
///
/// The derivative is 0.
public func floor(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("floor", ADJ_FLOOR, x, file, line, dx: { Tensor.zeros($0.shape, dtype: $0.dtype) })
}

/// The smallest integer not below each element.
///
/// The derivative is 0.
public func ceil(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("ceil", ADJ_CEIL, x, file, line, dx: { Tensor.zeros($0.shape, dtype: $0.dtype) })
}

/// The nearest integer to each element, halves to even.
///
/// The derivative is 0.
public func round(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("round", ADJ_ROUND, x, file, line, dx: { Tensor.zeros($0.shape, dtype: $0.dtype) })
}

/// The rectifier max(x, 0) of each element; NaN stays.
///
/// The derivative at 0 is 0.
public func relu(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("relu", ADJ_RELU, x, file, line, dx: { `where`(x .<= 0, 0, $0) })
}

/// Each element of `x` to the power of the element of `y`, broadcast.
///
/// C's conventions: `pow(x, 0)` is 1 even for NaN, a negative base has a power only for integer
/// exponents, else NaN. The derivative with respect to `x` is 0 where `y` is 0; with respect to `y`
/// it is 0 where `x` is 0 and `y` is not negative.
public func pow(
  _ x: Tensor, _ y: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (x, y) = matched("pow", x, y, file, line)
  return binary(
    "pow", ADJ_POW, x, y, file, line,
    da: { g in `where`(y .== 0, 0, g * (y * pow(x, y - 1))) },
    db: { g in
      // Not log(x) in the branch not taken: its own derivative would be infinite there.
      let vanishes = (x .== 0) .& (y .>= 0)
      return g * `where`(vanishes, 0, pow(x, y) * log(`where`(vanishes, 1, x)))
    })
}
