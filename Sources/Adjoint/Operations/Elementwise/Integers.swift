import CAdjoint

// Operations on the bits of integers, in two's complement. Truth values have their own: `.&`, `.|`,
// `.^` and `.!`.
//
// All are disfavoured: `1 << 20` must remain an `Int`.

extension Tensor {
  /// The bits set in both integers.
  @_disfavoredOverload public static func & (a: Tensor, b: Tensor) -> Tensor {
    bits("&", ADJ_AND, a, b)
  }

  /// The bits set in at least one of two integers.
  @_disfavoredOverload public static func | (a: Tensor, b: Tensor) -> Tensor {
    bits("|", ADJ_OR, a, b)
  }

  /// The bits set in exactly one of two integers.
  @_disfavoredOverload public static func ^ (a: Tensor, b: Tensor) -> Tensor {
    bits("^", ADJ_XOR, a, b)
  }

  /// The bits that are not set: -x - 1 for signed integers, 255 - x for bytes.
  @_disfavoredOverload public static prefix func ~ (x: Tensor) -> Tensor {
    checkInteger("~", x, orElse: ".!")
    return Tensor(pointwise(ADJ_NOT, shape: x.shape, dtype: x.dtype, x.payload))
  }

  /// The bits of `a` moved `b` places to the left; what leaves at the end is lost.
  ///
  /// A shift by all bits or more, or by a negative number, leaves 0, as in NumPy.
  @_disfavoredOverload public static func << (a: Tensor, b: Tensor) -> Tensor {
    bits("<<", ADJ_SHIFT_LEFT, a, b)
  }

  /// The bits of `a` moved `b` places to the right, the sign filling in: floor(a / 2^b).
  ///
  /// A shift by all bits or more, or by a negative number, leaves 0, or -1 for a negative `a`, as
  /// in NumPy.
  @_disfavoredOverload public static func >> (a: Tensor, b: Tensor) -> Tensor {
    bits(">>", ADJ_SHIFT_RIGHT, a, b)
  }
}

private func bits(_ name: StaticString, _ op: adj_op, _ a: Tensor, _ b: Tensor) -> Tensor {
  let (a, b) = matched("\(name)", a, b, #fileID, #line)
  checkInteger(name, a, orElse: ".\(name)")
  return binaryWithoutRule(name, op, a, b)
}

private func checkInteger(_ name: StaticString, _ x: Tensor, orElse logical: String) {
  switch x.dtype {
  case .int64, .int32, .uint8: return
  case .bool:
    let hint = logical.hasSuffix("<") || logical.hasSuffix(">") ? "" : "; use \(logical)"
    programmingError("\(name)", "needs integer tensors, not bool\(hint)")
  case .float32, .float64: programmingError("\(name)", "needs integer tensors, not \(x.dtype)")
  }
}
