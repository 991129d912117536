import CAdjoint

// Division with a rest, of floats and of integers. `floorDivide` and `remainder` belong together,
// as Python's // and %: a = floorDivide(a, b) * b + remainder(a, b).
//
// Integers: division by zero gives 0, as in NumPy; the smallest number divided by -1 wraps around.

/// The largest integer not above the quotient of two elements.
///
/// Floats give floats. The derivatives are 0.
public func floorDivide(
  _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  binary(
    "floorDivide", ADJ_FLOOR_DIVIDE, a, b, file, line,
    da: { Tensor.zeros($0.shape, dtype: $0.dtype) }, db: { Tensor.zeros($0.shape, dtype: $0.dtype) }
  )
}

/// What floor division leaves: a - floor(a / b) b, with the sign of `b`, as in Python and NumPy.
///
/// Exact where `a` and `b` have the same sign. NaN for `b` = 0, except for integers, which give 0.
/// The derivatives are 1 and -floor(a / b), also at the steps.
public func remainder(
  _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (a, b) = matched("remainder", a, b, file, line)
  return binary(
    "remainder", ADJ_REMAINDER, a, b, file, line, da: { $0 }, db: { -$0 * floorDivide(a, b) })
}

/// What division towards zero leaves: a - trunc(a / b) b, with the sign of `a`, as in C.
///
/// Exact. NaN for `b` = 0, except for integers, which give 0. The derivatives are 1 and
/// -trunc(a / b), also at the steps.
public func fmod(
  _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (a, b) = matched("fmod", a, b, file, line)
  return binary(
    "fmod", ADJ_FMOD, a, b, file, line, da: { $0 },
    db: { -$0 * (sign(a) * sign(b) * floorDivide(abs(a), abs(b))) })
}
