import CAdjoint

// Arithmetic. Operands are broadcast and have one dtype; integers wrap around.

extension Tensor {
  /// The sum of two tensors, element by element.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    binary("+", ADJ_ADD, a, b, da: { $0 }, db: { $0 })
  }

  /// The difference of two tensors, element by element.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    binary("-", ADJ_SUBTRACT, a, b, da: { $0 }, db: { -$0 })
  }

  /// The product of two tensors, element by element.
  ///
  /// For the matrix product see ``matmul(_:_:file:line:)->Tensor``.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    binary("*", ADJ_MULTIPLY, a, b, da: { $0 * b }, db: { $0 * a })
  }

  /// The quotient of two floating-point tensors, element by element.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    binary("/", ADJ_DIVIDE, a, b, da: { $0 / b }, db: { -$0 * a / (b * b) })
  }

  /// The negative of each element.
  public static prefix func - (x: Tensor) -> Tensor {
    unary("-", ADJ_NEGATE, x, #fileID, #line, dx: { -$0 })
  }

  /// Adds `b` to `a`; other tensors that shared `a`'s value keep theirs.
  public static func += (a: inout Tensor, b: Tensor) { a = a + b }
  /// Subtracts `b` from `a`.
  public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
  /// Multiplies `a` by `b`, element by element.
  public static func *= (a: inout Tensor, b: Tensor) { a = a * b }
  /// Divides `a` by `b`, element by element.
  public static func /= (a: inout Tensor, b: Tensor) { a = a / b }
}

/// The absolute value of each element.
///
/// The derivative at 0 is 0.
public func abs(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("abs", ADJ_ABS, x, file, line, dx: { $0 * sign(x) })
}

/// -1, 0 or 1 by the sign of each element; NaN stays.
///
/// The derivative is 0.
public func sign(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("sign", ADJ_SIGN, x, file, line, dx: { Tensor.zeros($0.shape, dtype: $0.dtype) })
}

/// The square of each element.
public func square(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("square", ADJ_SQUARE, x, file, line, dx: { $0 * (2 * x) })
}

/// The larger of two elements; NaN if either is.
///
/// At a tie each input gets half the gradient.
public func maximum(
  _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  extreme("maximum", ADJ_MAXIMUM, a, b, file, line) { $0 .< $1 }
}

/// The smaller of two elements; NaN if either is.
///
/// At a tie each input gets half the gradient.
public func minimum(
  _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  extreme("minimum", ADJ_MINIMUM, a, b, file, line) { $0 .> $1 }
}

/// The size of `x` with the sign of `y`, element by element; the sign of a zero counts.
///
/// The derivative with respect to `x` is 0 at 0, that with respect to `y` everywhere.
public func copysign(
  _ x: Tensor, _ y: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (x, y) = matched("copysign", x, y, file, line)
  return binary(
    "copysign", ADJ_COPYSIGN, x, y, file, line, da: { $0 * (sign(x) * copysign(1, y)) },
    db: { Tensor.zeros($0.shape, dtype: $0.dtype) })
}

/// The point between `a` and `b` that `weight` tells: a + weight (b - a), element by element.
///
/// Exactly `a` for the weight 0 and `b` for 1; weights beyond extrapolate.
public func lerp(
  _ a: Tensor, _ b: Tensor, weight: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (a, b) = matched("lerp", a, b, file, line)
  let weight = matched("lerp", a, weight, file, line).1
  checkFloating("lerp", a, file, line)
  broadcastShape("lerp", a, b, file, line)
  let way = b - a
  return `where`(weight .< 0.5, a + weight * way, b - (1 - weight) * way, file: file, line: line)
}

private func extreme(
  _ name: StaticString, _ op: adj_op, _ a: Tensor, _ b: Tensor, _ file: StaticString, _ line: UInt,
  loses: @escaping (Tensor, Tensor) -> Tensor
) -> Tensor {
  let (a, b) = matched("\(name)", a, b, file, line)
  // Asked for the loser, a comparison with NaN lets the gradient through.
  func share(_ g: Tensor, _ x: Tensor, _ other: Tensor) -> Tensor {
    `where`(x .== other, g * 0.5, `where`(loses(x, other), 0, g))
  }
  return binary(name, op, a, b, file, line, da: { share($0, a, b) }, db: { share($0, b, a) })
}

/// Angles in degrees: each element times 180 / pi.
public func degrees(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  checkFloating("degrees", x, file, line)
  let unit: Double = 180 / Double.pi
  return x * unit
}

/// Angles in radians: each element times pi / 180.
public func radians(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  checkFloating("radians", x, file, line)
  let unit: Double = Double.pi / 180
  return x * unit
}
