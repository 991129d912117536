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

/// The logarithm to base 10 of each element.
public func log10(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("log10", ADJ_LOG10, x, file, line, dx: { $0 / (x * 2.302585092994046) })
}

/// The square root of each element; NaN below 0.
///
/// The derivative at 0 is infinite.
public func sqrt(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("sqrt", ADJ_SQRT, x, file, line, dx: { g, y in g / (2 * y) })
}

/// The cube root of each element, negative for negative ones.
///
/// The derivative at 0 is infinite.
public func cbrt(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("cbrt", ADJ_CBRT, x, file, line, dx: { g, y in g / (3 * y * y) })
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

/// The inverse hyperbolic sine of each element.
public func asinh(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("asinh", ADJ_ASINH, x, file, line, dx: { $0 / hypot(x, 1) })
}

/// The inverse hyperbolic cosine of each element, not negative; NaN below 1.
///
/// The derivative at 1 is infinite.
public func acosh(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("acosh", ADJ_ACOSH, x, file, line, dx: { $0 * rsqrt((x - 1) * (x + 1)) })
}

/// The inverse hyperbolic tangent of each element; infinite at -1 and 1, NaN beyond.
public func atanh(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("atanh", ADJ_ATANH, x, file, line, dx: { $0 / ((1 - x) * (1 + x)) })
}

/// The angle in [-pi, pi] from the positive x axis to the point (x, y), element by element.
///
/// Note the order: `y` comes first. The signs of zeros count, as in C. The derivatives at the
/// origin are 0.
public func atan2(
  _ y: Tensor, _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (y, x) = matched("atan2", y, x, file, line)
  // Divided twice by the radius: its square could overflow.
  func slope(_ g: Tensor, _ side: Tensor) -> Tensor {
    let radius = hypot(x, y)
    let safe = `where`(radius .== 0, 1, radius)
    return g * (side / safe / safe)
  }
  return binary(
    "atan2", ADJ_ATAN2, y, x, file, line, da: { slope($0, x) }, db: { -slope($0, y) })
}

/// sqrt(x^2 + y^2) of two elements, without overflow on the way.
///
/// Infinite if either is, even beside NaN. The derivatives at the origin are 0.
public func hypot(
  _ x: Tensor, _ y: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (x, y) = matched("hypot", x, y, file, line)
  func slope(_ g: Tensor, _ side: Tensor) -> Tensor {
    let radius = hypot(x, y)
    return g * (side / `where`(radius .== 0, 1, radius))
  }
  return binary("hypot", ADJ_HYPOT, x, y, file, line, da: { slope($0, x) }, db: { slope($0, y) })
}

/// Each element of `x` to the power of the element of `y`, broadcast.
///
/// C's conventions: `pow(x, 0)` is 1 even for NaN, a negative base has a power only for integer
/// exponents, else NaN. Powers of integers wrap around; a negative exponent leaves the integer
/// part, 0 for all bases but 1 and -1. The derivative with respect to `x` is 0 where `y` is 0; with
/// respect to `y` it is 0 where `x` is 0 and `y` is not negative.
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
