import CAdjoint

// How an elementwise operation is defined: name, instruction and one derivative rule per input.
// Broadcasting, dtype checks and recording happen here, once. Rules are autoclosures: an operation
// that is not recorded does not even make them.

/// One input; the rule needs only the gradient of the result.
@inline(__always)
func unary(
  _ name: StaticString, _ op: adj_op, _ x: Tensor, _ file: StaticString, _ line: UInt,
  dx: @autoclosure () -> (_ g: Tensor) -> Tensor
) -> Tensor {
  let result = unaryWithoutRule(name, op, x, file, line)
  return x.node == nil ? result : result.recorded(name, x, .gradient(dx()))
}

/// One input; the rule gets the result too.
@inline(__always)
func unary(
  _ name: StaticString, _ op: adj_op, _ x: Tensor, _ file: StaticString, _ line: UInt,
  dx: @autoclosure () -> (_ g: Tensor, _ y: Tensor) -> Tensor
) -> Tensor {
  let result = unaryWithoutRule(name, op, x, file, line)
  return x.node == nil ? result : result.recorded(name, x, .gradientAndOutput(dx()))
}

private func unaryWithoutRule(
  _ name: StaticString, _ op: adj_op, _ x: Tensor, _ file: StaticString, _ line: UInt
) -> Tensor {
  if adj_kernel_for(op, x.dtype.code) == nil {
    programmingError(
      "\(name)", "is not defined for \(x.dtype); cast to a floating dtype first", file: file,
      line: line)
  }
  return Tensor(pointwise(op, shape: x.shape, dtype: x.dtype, x.payload))
}

/// Two inputs, broadcast against each other.
@inline(__always)
func binary(
  _ name: StaticString, _ op: adj_op, _ a: Tensor, _ b: Tensor, _ file: StaticString = #fileID,
  _ line: UInt = #line, da: @autoclosure () -> (_ g: Tensor) -> Tensor,
  db: @autoclosure () -> (_ g: Tensor) -> Tensor
) -> Tensor {
  binaryWithoutRule(name, op, a, b, file, line)
    .recorded(name, a, .gradient(da()), b, .gradient(db()))
}

/// Two inputs without derivatives.
///
/// `dtype` is the result's, where it is not the operands'.
func binaryWithoutRule(
  _ name: StaticString, _ op: adj_op, _ a: Tensor, _ b: Tensor, _ file: StaticString = #fileID,
  _ line: UInt = #line, dtype: DType? = nil
) -> Tensor {
  if let x = a.payload.literal, let y = b.payload.literal, let value = combined(op, x, y) {
    return Tensor(floatLiteral: value)
  }
  if a.dtype != b.dtype {
    let (a, b) = matched("\(name)", a, b, file, line)
    return binaryWithoutRule(name, op, a, b, file, line, dtype: dtype)
  }
  let shape = broadcastShape("\(name)", a, b, file, line)
  if adj_kernel_for(op, a.dtype.code) == nil {
    let hint = op == ADJ_DIVIDE ? "cast to a floating dtype, or use floorDivide" : "cast first"
    programmingError(
      "\(name)", "is not defined for \(a.dtype); \(hint)", file: file, line: line)
  }
  return Tensor(pointwise(op, shape: shape, dtype: dtype ?? a.dtype, a.payload, b.payload))
}

/// Stops unless the elements are floats: for functions that are formulas of others, so that the
/// message names the one that was called.
func checkFloating(
  _ name: @autoclosure () -> String, _ x: Tensor, _ file: StaticString, _ line: UInt
) {
  if !x.dtype.isFloatingPoint {
    programmingError(
      name(), "is not defined for \(x.dtype); cast to a floating dtype first", file: file,
      line: line)
  }
}

/// The shape of a result of two operands; stops where theirs do not fit.
@discardableResult
func broadcastShape(
  _ name: @autoclosure () -> String, _ a: Tensor, _ b: Tensor, _ file: StaticString, _ line: UInt
) -> Shape {
  if let shape = a.shape.broadcast(with: b.shape) {
    // Constants take no memory, so that two of them may be stretched to what none could hold.
    if a.shape != b.shape, let problem = shape.problem {
      programmingError(
        name(), "\(a.shape) and \(b.shape) are stretched: \(problem)", file: file, line: line)
    }
    return shape
  }
  // A number for each row of a matrix, where broadcasting wants one for each column.
  let (vector, matrix) = a.rank < b.rank ? (a.shape, b.shape) : (b.shape, a.shape)
  let hint =
    vector.rank == 1 && matrix.rank == 2 && vector[0] == matrix[0]
    ? "; for a number per row make the \(vector) a column with expandingDimension(at: 1)" : ""
  programmingError(
    name(),
    "shapes \(a.shape) and \(b.shape) do not broadcast: aligned at the last axis, sizes must be "
      + "equal or 1\(hint)", file: file, line: line)
}

/// What two literals give: a literal, so that in `x * (Double(n) / 10)`, which Swift may read as
/// arithmetic of tensors, the number still takes the dtype of `x`.
private func combined(_ op: adj_op, _ x: Double, _ y: Double) -> Double? {
  switch op {
  case ADJ_ADD: x + y
  case ADJ_SUBTRACT: x - y
  case ADJ_MULTIPLY: x * y
  case ADJ_DIVIDE: x / y
  default: nil
  }
}

/// Both operands with one dtype: a literal takes the other's, anything else must agree.
func matched(
  _ name: @autoclosure () -> String, _ a: Tensor, _ b: Tensor, _ file: StaticString, _ line: UInt
) -> (Tensor, Tensor) {
  if a.dtype == b.dtype { return (a, b) }
  if a.payload.literal != nil { return (a.adopting(b.dtype, name(), file, line), b) }
  if b.payload.literal != nil { return (a, b.adopting(a.dtype, name(), file, line)) }
  programmingError(
    name(),
    "dtypes \(a.dtype) and \(b.dtype) differ; convert one operand with cast(to:)", file: file,
    line: line)
}

extension Tensor {
  /// A literal in the dtype of the operand beside it.
  fileprivate func adopting(
    _ dtype: DType, _ name: String, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let value = payload.literal!
    if !dtype.isFloatingPoint && value != value.rounded() {
      programmingError(
        name, "the literal \(value) has no \(dtype) value; cast the tensor to a floating dtype",
        file: file, line: line)
    }
    if !dtype.holds(value) {
      programmingError(
        name,
        "the literal \(value) is out of the range of \(dtype); cast the tensor to a wider dtype",
        file: file, line: line)
    }
    // No literal any more: in `y - 1` of a rule the literal beside it has to give way.
    return Tensor(Payload(filledWith: value, shape: [], dtype: dtype))
  }

  /// The gradient of a broadcast: summed over the axes that were stretched.
  func summed(to shape: Shape) -> Tensor {
    let added = rank - shape.rank
    let axes = (0..<rank).filter { $0 < added || shape[$0 - added] != self.shape[$0] }
    return sum(axes: axes, keepingDimensions: true).reshaped(shape)
  }
}
