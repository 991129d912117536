/// The matrix product.
///
/// Shapes: `[m, k]` by `[k, n]` gives `[m, n]`. A vector on the left is a row, on the right a
/// column, and its axis is dropped from the result. More axes in front are a batch and are broadcast:
/// `[5, 1, m, k]` by `[3, k, n]` gives `[5, 3, m, n]`. Transposed operands are not copied.
public func matmul(
  _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  func fail(_ message: String) -> Never {
    programmingError("matmul", message, file: file, line: line)
  }
  if a.dtype != b.dtype || !a.dtype.isFloatingPoint {
    fail(
      "needs two tensors of one floating dtype, not \(a.dtype) and \(b.dtype); convert with "
        + "cast(to:)")
  }
  if a.rank == 0 || b.rank == 0 {
    fail("shapes \(a.shape) and \(b.shape): a single number is no matrix; use * instead")
  }
  // Vectors become matrices for the product and lose the extra axis afterwards.
  if a.rank == 1 {
    let row = matmul(a.expandingDimension(at: 0), b, file: file, line: line)
    return row.squeezed(b.rank == 1 ? 0 : -2)
  }
  if b.rank == 1 {
    return matmul(a, b.expandingDimension(at: 1), file: file, line: line).squeezed(-1)
  }
  if a.shape[a.rank - 1] != b.shape[b.rank - 2] {
    let fitsTransposed = a.shape[a.rank - 1] == b.shape[b.rank - 1]
    fail(
      "shapes \(a.shape) and \(b.shape) do not fit: the first has \(a.shape[a.rank - 1]) columns, "
        + "the second \(b.shape[b.rank - 2]) rows"
        + (fitsTransposed ? "; the second would fit transposed()" : ""))
  }
  guard
    let batch = Shape(unchecked: a.shape.dropLast(2)).broadcast(
      with: Shape(unchecked: b.shape.dropLast(2)))
  else { fail("the batch axes of \(a.shape) and \(b.shape) do not broadcast") }

  if b.rank == 2 && a.rank > 2 {
    // One product instead of a batch, and the gradient of b needs no sum over the batch.
    let outer = Shape(unchecked: a.shape.dropLast())
    let rows = a.reshaped(Shape(unchecked: [outer.elementCount, b.shape[0]]))
    return matmul(rows, b).reshaped(Shape(unchecked: outer + [b.shape[1]]))
  }
  let result = Tensor(product(a.detached, b.detached, batch))
  guard a.isTracked || b.isTracked else { return result }
  return result.recorded(
    "matmul", a,
    .gradient { g in
      a.isTransposed ? matmul(b, g.transposed()).transposed() : matmul(g, b.transposed())
    }, b,
    .gradient { g in
      b.isTransposed ? matmul(g.transposed(), a).transposed() : matmul(a.transposed(), g)
    })
}

extension Tensor {
  /// Whether the matrices are views of transposed ones.
  ///
  /// The gradient is then computed transposed as well: seen from the original it lies in row-major
  /// order, as optimizers want it.
  fileprivate var isTransposed: Bool {
    !payload.isContiguous && payload.strides[rank - 2] == 1
  }
}

/// The product of matrices with their batch axes broadcast to `batch`.
private func product(_ a: Tensor, _ b: Tensor, _ batch: Shape) -> Payload {
  if batch.rank == 0 { return Payload.product(a.payload, b.payload) }
  /// The operand as [batch, rows, columns].
  func flattened(_ x: Tensor) -> Payload {
    let matrix = x.shape.suffix(2)
    let stretched = x.broadcast(to: Shape(unchecked: Array(batch) + matrix))
    return stretched.reshaped(Shape(unchecked: [batch.elementCount] + matrix)).payload
  }
  let c = Payload.product(flattened(a), flattened(b))
  let shape = Shape(unchecked: Array(batch) + [a.shape[a.rank - 2], b.shape[b.rank - 1]])
  return Tensor(c).reshaped(shape).payload
}
