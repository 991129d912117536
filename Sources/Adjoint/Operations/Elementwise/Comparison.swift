import CAdjoint

// Comparisons give bool tensors and have no derivatives. Comparisons with NaN are false, but `.!=`.

extension Tensor {
  /// Where elements are equal.
  public static func .== (a: Tensor, b: Tensor) -> Tensor { compare(".==", ADJ_EQUAL, a, b) }
  /// Where elements differ.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor { compare(".!=", ADJ_NOT_EQUAL, a, b) }
  /// Where the first element is smaller.
  public static func .< (a: Tensor, b: Tensor) -> Tensor { compare(".<", ADJ_LESS, a, b) }
  /// Where the first element is smaller or equal.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor { compare(".<=", ADJ_LESS_EQUAL, a, b) }
  /// Where the first element is larger.
  public static func .> (a: Tensor, b: Tensor) -> Tensor { compare(".>", ADJ_GREATER, a, b) }
  /// Where the first element is larger or equal.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor {
    compare(".>=", ADJ_GREATER_EQUAL, a, b)
  }

  /// Where both bools are true.
  public static func .& (a: Tensor, b: Tensor) -> Tensor { logic(".&", ADJ_AND, a, b) }
  /// Where at least one bool is true.
  public static func .| (a: Tensor, b: Tensor) -> Tensor { logic(".|", ADJ_OR, a, b) }
  /// Where exactly one bool is true.
  public static func .^ (a: Tensor, b: Tensor) -> Tensor { logic(".^", ADJ_XOR, a, b) }
  /// Where a bool is false.
  public static prefix func .! (x: Tensor) -> Tensor {
    checkBool(".!", x)
    return Tensor(pointwise(ADJ_NOT, shape: x.shape, dtype: .bool, x.payload))
  }
}

private func logic(_ name: StaticString, _ op: adj_op, _ a: Tensor, _ b: Tensor) -> Tensor {
  checkBool(name, a)
  checkBool(name, b)
  return binaryWithoutRule(name, op, a, b)
}

private func checkBool(_ name: StaticString, _ x: Tensor) {
  if x.dtype != .bool {
    programmingError("\(name)", "needs bool tensors, not \(x.dtype)")
  }
}

private func compare(_ name: StaticString, _ op: adj_op, _ a: Tensor, _ b: Tensor) -> Tensor {
  binaryWithoutRule(name, op, a, b, dtype: .bool)
}

/// `a` where the condition is true, `b` elsewhere, all three broadcast against one another.
///
/// A branch gets its gradient only where it was chosen. Its value is computed everywhere: a NaN or
/// infinite derivative in the branch not taken still spoils the gradient (0 times infinity), so
/// replace the argument where the branch is not wanted, not the result.
public func `where`(
  _ condition: Tensor, _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  if condition.dtype != .bool {
    programmingError(
      "where",
      "the condition must be bool, not \(condition.dtype); a comparison such as x .!= 0 gives one",
      file: file, line: line)
  }
  let (a, b) = matched("where", a, b, file, line)
  guard let shape = a.shape.broadcast(with: b.shape)?.broadcast(with: condition.shape) else {
    programmingError(
      "where", "shapes \(condition.shape), \(a.shape) and \(b.shape) do not broadcast", file: file,
      line: line)
  }
  let result = Tensor(
    pointwise(ADJ_SELECT, shape: shape, dtype: a.dtype, condition.payload, a.payload, b.payload))
  guard a.node != nil || b.node != nil else { return result }
  return result.recorded(
    "where", a, .gradient { `where`(condition, $0, 0) }, b, .gradient { `where`(condition, 0, $0) })
}
