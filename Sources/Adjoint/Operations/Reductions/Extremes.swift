// Larger and smaller elements where a NaN stands for "missing", and both ends of a range.

/// The larger of two elements; of a number and NaN the number.
///
/// A number beside NaN gets the whole gradient; at a tie each input gets half. For a NaN that must
/// not be lost see `maximum`.
public func fmax(
  _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (a, b) = replacingNaN("fmax", a, b, file, line)
  return maximum(a, b, file: file, line: line)
}

/// The smaller of two elements; of a number and NaN the number.
///
/// See `fmax`.
public func fmin(
  _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (a, b) = replacingNaN("fmin", a, b, file, line)
  return minimum(a, b, file: file, line: line)
}

/// Each operand with the other's elements in place of its NaNs.
private func replacingNaN(
  _ name: StaticString, _ a: Tensor, _ b: Tensor, _ file: StaticString, _ line: UInt
) -> (Tensor, Tensor) {
  let (a, b) = matched("\(name)", a, b, file, line)
  broadcastShape("\(name)", a, b, file, line)
  if !a.dtype.isFloatingPoint { return (a, b) }
  return (`where`(isNaN(a), b, a), `where`(isNaN(b), a, b))
}

extension Tensor {
  /// The smallest and the largest element over the given axes: PyTorch's `aminmax`.
  ///
  /// See `min` and `max`.
  public func minimumAndMaximum(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> (minimum: Tensor, maximum: Tensor) {
    (
      min(axes: axes, keepingDimensions: keepingDimensions, file: file, line: line),
      max(axes: axes, keepingDimensions: keepingDimensions, file: file, line: line)
    )
  }
}

/// 0 below zero, 1 above, and `value` at 0: the unit step.
///
/// NaN stays. The derivative with respect to `x` is 0, at the step too; `value` gets the gradient
/// where `x` is 0.
public func heaviside(
  _ x: Tensor, atZero value: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (x, value) = matched("heaviside", x, value, file, line)
  broadcastShape("heaviside", x, value, file, line)
  return `where`(x .== 0, value, maximum(sign(x, file: file, line: line), 0))
}
