// What solving has in common, whatever the factors: shapes, broadcasting and recording.

/// A matrix and right-hand sides that fit.
struct LinearSystem {
  private let a: Tensor
  private let b: Tensor

  init(_ name: String, _ a: Tensor, _ b: Tensor, _ file: StaticString, _ line: UInt) {
    checkMatrices(name, a, file, line)
    if a.dtype != b.dtype {
      programmingError(
        name, "dtypes \(a.dtype) and \(b.dtype) differ; convert one operand with cast(to:)",
        file: file, line: line)
    }
    let size = b.rank == 0 ? nil : b.rank == 1 ? b.shape[0] : b.rows
    if size != a.rows {
      programmingError(
        name,
        "right-hand sides of shape \(b.shape) do not fit matrices of shape \(a.shape): they must "
          + "be [\(a.rows)] or [..., \(a.rows), k]", file: file, line: line)
    }
    if b.rank > 1, a.batch.broadcast(with: b.batch) == nil {
      programmingError(
        name, "the batch axes of \(a.shape) and \(b.shape) do not broadcast", file: file,
        line: line)
    }
    (self.a, self.b) = (a, b)
  }

  /// The solution of `solve` for matrices; a vector becomes a column and a vector again.
  func solved(_ solve: (_ a: Tensor, _ b: Tensor) -> Tensor) -> Tensor {
    b.rank > 1 ? solve(a, b) : solve(a, b.expandingDimension(at: 1)).squeezed(-1)
  }
}

/// The right-hand sides stretched to the common batch, and for each the number of its matrix.
func rightHandSides(_ b: Tensor, _ a: Tensor) -> (Payload, [Int]) {
  let batch = a.batch.broadcast(with: b.batch)!
  let wide = b.detached.broadcast(to: batch.followed(by: b.rows, b.columns))
  if a.batch == batch { return (wide.payload, Array(0..<batch.elementCount)) }
  let numbers = Tensor.arange(a.batch.elementCount).reshaped(a.batch).broadcast(to: batch)
  return (wide.payload, numbers.scalars(as: Int.self))
}

/// A solution X with its place in the graph.
///
/// `adjoint` maps the gradient of X to that of B, which the gradient of A needs as well: if both are
/// variables, X is recorded as a function of the one matrix [A B], so that it is computed once.
func recordedSolution(
  _ name: StaticString, _ x: Tensor, _ a: Tensor, _ b: Tensor,
  adjoint: @escaping (_ g: Tensor) -> Tensor,
  matrixGradient: @escaping (_ z: Tensor, _ x: Tensor) -> Tensor
) -> Tensor {
  if !a.isTracked { return b.isTracked ? x.recorded(name, b, adjoint) : x }
  if !b.isTracked {
    return x.recorded(name, a, .gradientAndOutput { g, x in matrixGradient(adjoint(g), x) })
  }
  let n = a.columns
  // Nobody looks at the elements of [A B], so they take no memory.
  let shape = x.batch.followed(by: n, n + x.columns)
  let both = Tensor.zeros(shape, dtype: x.dtype).recorded(
    "augmented", a, .gradient { $0.sliced(..<n, axis: -1) }, b,
    .gradient { $0.sliced(n..., axis: -1) })
  return x.recorded(
    name, both,
    .gradientAndOutput { g, x in
      let z = adjoint(g)
      return concatenated([matrixGradient(z, x), z], axis: -1)
    })
}
