// Arithmetic with Swift numbers. A number takes the tensor's dtype, as a literal does.

extension Tensor {
  /// Adds a number to each element.
  @_disfavoredOverload public static func + (a: Tensor, b: Double) -> Tensor {
    a + Tensor(floatLiteral: b)
  }
  /// Adds each element to a number.
  @_disfavoredOverload public static func + (a: Double, b: Tensor) -> Tensor {
    Tensor(floatLiteral: a) + b
  }
  /// Subtracts a number from each element.
  @_disfavoredOverload public static func - (a: Tensor, b: Double) -> Tensor {
    a - Tensor(floatLiteral: b)
  }
  /// Subtracts each element from a number.
  @_disfavoredOverload public static func - (a: Double, b: Tensor) -> Tensor {
    Tensor(floatLiteral: a) - b
  }
  /// Multiplies each element by a number.
  @_disfavoredOverload public static func * (a: Tensor, b: Double) -> Tensor {
    a * Tensor(floatLiteral: b)
  }
  /// Multiplies a number by each element.
  @_disfavoredOverload public static func * (a: Double, b: Tensor) -> Tensor {
    Tensor(floatLiteral: a) * b
  }
  /// Divides each element by a number.
  @_disfavoredOverload public static func / (a: Tensor, b: Double) -> Tensor {
    a / Tensor(floatLiteral: b)
  }
  /// Divides a number by each element.
  @_disfavoredOverload public static func / (a: Double, b: Tensor) -> Tensor {
    Tensor(floatLiteral: a) / b
  }
}

// Functions of two tensors of which one is often a number.

/// Each element to the power of a number.
@_disfavoredOverload
public func pow(
  _ x: Tensor, _ y: Double, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  pow(x, Tensor(floatLiteral: y), file: file, line: line)
}

/// A number to the power of each element.
@_disfavoredOverload
public func pow(
  _ x: Double, _ y: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  pow(Tensor(floatLiteral: x), y, file: file, line: line)
}

/// Each element, but at least a number.
@_disfavoredOverload
public func maximum(
  _ a: Tensor, _ b: Double, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  maximum(a, Tensor(floatLiteral: b), file: file, line: line)
}

/// Each element, but at most a number.
@_disfavoredOverload
public func minimum(
  _ a: Tensor, _ b: Double, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  minimum(a, Tensor(floatLiteral: b), file: file, line: line)
}
