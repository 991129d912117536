// Floating numbers as sign, mantissa and exponent.

/// x times 2 to the power of an integer, element by element, rounded once.
///
/// 2 to the power alone may overflow or vanish where the product does not. The exponents are
/// integers of any dtype and have no derivative.
public func ldexp(
  _ x: Tensor, _ exponents: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkFloating("ldexp", x, file, line)
  if exponents.dtype == .bool || exponents.dtype.isFloatingPoint && exponents.payload.literal == nil
  {
    programmingError(
      "ldexp", "the exponents must be integers, not \(exponents.dtype)", file: file, line: line)
  }
  broadcastShape("ldexp", x, exponents, file, line)
  // Three powers that are normal numbers. The largest comes last, so that only its product can
  // round.
  let bound: Double = x.dtype == .float32 ? 120 : 1000
  func bounded(_ count: Tensor, _ bound: Double) -> Tensor { clamp(count, min: -bound, max: bound) }
  let all = bounded(exponents.detached.cast(to: x.dtype), 3 * bound)
  let last = bounded(all, bound)
  let middle = bounded(all - last, bound)
  return x * exp2(all - last - middle) * exp2(middle) * exp2(last)
}

/// Mantissas in [0.5, 1), with the sign of `x`, and exponents of 2.
///
/// `x` is `ldexp(mantissa, exponent)`.
///
/// Zeros, infinities and NaN are their own mantissas, with exponent 0. Exponents are `int32` and have
/// no derivative.
public func frexp(
  _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> (mantissa: Tensor, exponent: Tensor) {
  checkFloating("frexp", x, file, line)
  let isNumber = isFinite(x) .& (x .!= 0)
  let size = abs(`where`(isNumber, x.detached, 0.5))
  // The logarithm may be rounded to the integer beside it.
  let estimate = floor(log2(size)) + 1
  let mantissa = ldexp(size, (-estimate).cast(to: .int32))
  let correction = (mantissa .>= 1).cast(to: .int32) - (mantissa .< 0.5).cast(to: .int32)
  let exponent = estimate.cast(to: .int32) + correction
  return (ldexp(x, -exponent), exponent)
}

/// Where the sign is negative: that of zeros and NaN counts too.
public func signBit(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  if !x.dtype.isFloatingPoint { return x .< 0 }
  return copysign(Tensor(1, dtype: x.dtype), x, file: file, line: line) .< 0
}
