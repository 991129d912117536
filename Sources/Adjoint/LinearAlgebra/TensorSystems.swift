// Linear systems whose unknowns are tensors: those of `solve` and `inverse` in other shapes.

/// The solution X of tensordot(A, X) = B over all axes of X.
///
/// A singular system stops the program.
///
/// Shapes: A has the axes of B, then those of X, both with as many elements: `[2, 3, 6]` and `[2, 3]`
/// give `[6]`.
/// - Parameters:
///   - a: A, square where its axes are those of B and of X.
///   - b: the right-hand side B.
///   - axes: axes of A that are moved to its end first.
public func tensorSolve(
  _ a: Tensor, _ b: Tensor, axes: [Int] = [], file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let ends = Array(-axes.count..<0)
  let a = axes.isEmpty ? a : a.movingAxes(axes, to: ends, file: file, line: line)
  let unknown = Shape(unchecked: a.shape.dropFirst(b.rank))
  let n = b.elementCount
  if Array(a.shape.prefix(b.rank)) != Array(b.shape) || unknown.elementCount != n {
    programmingError(
      "tensorSolve",
      "\(a.shape) is not the shape \(b.shape) of the right-hand side followed by one of as many "
        + "elements", file: file, line: line)
  }
  return solve(a.reshaped([n, n]), b.flattened(), file: file, line: line).reshaped(unknown)
}

/// The tensor B for which tensordot(B, A) is the identity of the last axes of A.
///
/// A singular tensor stops the program.
///
/// Shapes: `[2, 3, 6]` gives `[6, 2, 3]`; the first and the other axes have as many elements.
/// - Parameters:
///   - a: A, square as a matrix of its first and its last axes.
///   - leadingAxes: how many axes of A count as the rows of a matrix.
public func tensorInverse(
  _ a: Tensor, leadingAxes: Int = 2, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let leading = max(leadingAxes, 0)
  let (rows, columns) = (a.shape.prefix(leading), a.shape.dropFirst(leading))
  let n = Shape(unchecked: rows).elementCount
  if leadingAxes < 1 || leadingAxes > a.rank || Shape(unchecked: columns).elementCount != n {
    programmingError(
      "tensorInverse",
      "the first \(leadingAxes) axes of shape \(a.shape) need as many elements as the others",
      file: file, line: line)
  }
  return inverse(a.reshaped([n, n]), file: file, line: line)
    .reshaped(Shape(unchecked: Array(columns) + Array(rows)))
}
