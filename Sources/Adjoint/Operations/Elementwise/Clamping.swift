// Bounds for elements, and numbers in place of NaN and infinities.

/// Each element, but not below `min` nor above `max`; either bound may be missing.
///
/// NaN stays; where `min` is above `max` the result is `max`. The derivative is 1 between the
/// bounds and 0 at them and beyond, as that of `relu`.
public func clamp(
  _ x: Tensor, min: Double? = nil, max: Double? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  checkBounds(x, min == nil && max == nil, file, line)
  let lower = min.map { matched("clamp", x, Tensor(floatLiteral: $0), file, line).1 }
  let upper = max.map { matched("clamp", x, Tensor(floatLiteral: $0), file, line).1 }
  var result = x.detached
  if let lower { result = maximum(result, lower) }
  if let upper { result = minimum(result, upper) }
  return result.recorded("clamp", x) { g in
    var g = g
    // Asked for the outside, a comparison with NaN lets the gradient through.
    if let lower { g = `where`(x .<= lower, 0, g) }
    if let upper { g = `where`(x .>= upper, 0, g) }
    return g
  }
}

/// Each element between bounds that are tensors, all three broadcast; either may be missing.
///
/// This is minimum(maximum(x, min), max), with the derivatives of `minimum` and `maximum`: at a
/// bound, element and bound get half the gradient each.
@_disfavoredOverload  // literals are numbers
public func clamp(
  _ x: Tensor, min: Tensor? = nil, max: Tensor? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  checkBounds(x, min == nil && max == nil, file, line)
  var result = x
  if let min { result = maximum(result, min, file: file, line: line) }
  if let max { result = minimum(result, max, file: file, line: line) }
  return result
}

private func checkBounds(
  _ x: Tensor, _ areMissing: Bool, _ file: StaticString, _ line: UInt
) {
  if areMissing { programmingError("clamp", "needs min, max or both", file: file, line: line) }
  if x.dtype == .bool {
    programmingError("clamp", "is not defined for bool", file: file, line: line)
  }
}

/// Each element, or the given number for NaN and infinities.
///
/// Infinities become the largest finite numbers of the dtype unless said otherwise. Integers stay
/// as they are. The derivative is 1 for finite elements, else 0.
public func nanToNum(
  _ x: Tensor, nan: Double = 0, positiveInfinity: Double? = nil, negativeInfinity: Double? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  if !x.dtype.isFloatingPoint { return x }
  let largest =
    x.dtype == .float32
    ? Double(Float.greatestFiniteMagnitude) : Double.greatestFiniteMagnitude
  func number(_ value: Double) -> Tensor { Tensor(floatLiteral: value) }
  let lower = `where`(x .== number(-.infinity), number(negativeInfinity ?? -largest), x)
  let upper = `where`(x .== number(.infinity), number(positiveInfinity ?? largest), lower)
  return `where`(isNaN(x), number(nan), upper, file: file, line: line)
}
