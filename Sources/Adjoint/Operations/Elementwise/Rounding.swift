import CAdjoint

// Rounding to integers, which stay floats. The derivatives are 0, also at the steps.

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

/// The integer part of each element: rounded towards zero.
///
/// The derivative is 0.
public func trunc(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("trunc", ADJ_TRUNC, x, file, line, dx: { Tensor.zeros($0.shape, dtype: $0.dtype) })
}

/// What `trunc` cuts off: x - trunc(x), with the sign of x.
///
/// The derivative is 1.
public func frac(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  x - trunc(x, file: file, line: line)
}
