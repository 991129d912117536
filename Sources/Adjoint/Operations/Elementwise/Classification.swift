// What kind of number an element is, and whether two are close. The results are bools.

/// Where elements are not a number; nowhere in integers.
public func isNaN(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  x .!= x
}

/// Where elements are infinite, of either sign; nowhere in integers.
public func isInfinite(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  if !x.dtype.isFloatingPoint { return Tensor.zeros(x.shape, dtype: .bool) }
  return abs(x.detached) .== Tensor(floatLiteral: .infinity)
}

/// Where elements are neither infinite nor NaN; everywhere in integers.
public func isFinite(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  if !x.dtype.isFloatingPoint { return Tensor.ones(x.shape, dtype: .bool) }
  return abs(x.detached) .< Tensor(floatLiteral: .infinity)
}

/// Where |a - b| <= absolute + relative |b|, element by element.
///
/// Infinities are close to themselves, NaN to NaN only if `equalNaN` says so. Note that `a` and `b`
/// do not play the same part.
public func isClose(
  _ a: Tensor, _ b: Tensor, absolute: Double = 1e-8, relative: Double = 1e-5,
  equalNaN: Bool = false, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  var (a, b) = matched("isClose", a, b, file, line)
  broadcastShape("isClose", a, b, file, line)
  if !a.dtype.isFloatingPoint { (a, b) = (a.cast(to: .float64), b.cast(to: .float64)) }
  (a, b) = (a.detached, b.detached)
  let near = (abs(a - b) .<= absolute + relative * abs(b)) .& isFinite(b)
  let close = near .| (a .== b)
  return equalNaN ? close .| (isNaN(a) .& isNaN(b)) : close
}

/// Whether all elements are close, as `isClose` tells; true for empty tensors.
public func allClose(
  _ a: Tensor, _ b: Tensor, absolute: Double = 1e-8, relative: Double = 1e-5,
  equalNaN: Bool = false, file: StaticString = #fileID, line: UInt = #line
) -> Bool {
  let close = isClose(
    a, b, absolute: absolute, relative: relative, equalNaN: equalNaN, file: file, line: line)
  return (.!close).sum().scalar == 0
}
