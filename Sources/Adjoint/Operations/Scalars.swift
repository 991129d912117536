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
