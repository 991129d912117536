/// Tensors behind one another along an axis.
///
/// All other sizes and the dtypes must agree.
///
/// Shapes: `[..., n_i, ...]` give `[..., sum of n_i, ...]`.
public func concatenated(
  _ tensors: [Tensor], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  func fail(_ message: String) -> Never {
    programmingError("concatenated", message, file: file, line: line)
  }
  guard let first = tensors.first else { fail("no tensors") }
  guard let at = first.shape.normalized(axis: axis) else {
    fail("axis \(axis) is out of range for shape \(first.shape)")
  }
  var shape = first.shape
  var starts: [Int] = []
  shape[at] = 0
  for (index, tensor) in tensors.enumerated() {
    var expected = tensor.shape
    if expected.rank == shape.rank { expected[at] = shape[at] }
    if expected != shape || tensor.dtype != first.dtype {
      fail(
        "tensor \(index), \(tensor.dtype) \(tensor.shape), does not fit tensor 0, \(first.dtype) "
          + "\(first.shape), along axis \(at): the dtype and all other sizes must be equal")
    }
    starts.append(shape[at])
    shape[at] += tensor.shape[at]
  }
  let result = Tensor(Payload.concatenated(tensors.map(\.payload), shape: shape, axis: at))
  guard tensors.contains(where: \.isTracked) else { return result }
  return result.recorded(
    "concatenated",
    zip(tensors, starts).map { tensor, start in
      let range = start..<start + tensor.shape[at]
      return (tensor, .gradient { $0.sliced(range, axis: at) })
    })
}

/// Tensors of one shape as slices of a new axis.
///
/// Shapes: n tensors of `[a, b]` give `[n, a, b]` at axis 0, `[a, b, n]` at axis -1.
public func stacked(
  _ tensors: [Tensor], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  if tensors.isEmpty { programmingError("stacked", "no tensors", file: file, line: line) }
  if let index = tensors.firstIndex(where: { $0.shape != tensors[0].shape }) {
    programmingError(
      "stacked",
      "tensor \(index) has shape \(tensors[index].shape), tensor 0 \(tensors[0].shape): all must "
        + "have one shape", file: file, line: line)
  }
  let rows = tensors.map { $0.expandingDimension(at: axis, file: file, line: line) }
  let at = axis < 0 ? axis + rows[0].rank : axis
  return concatenated(rows, axis: at, file: file, line: line)
}

/// Matrices along the diagonal of a matrix that is zero elsewhere.
///
/// Shapes: `[a, b]` and `[c, d]` give `[a + c, b + d]`. A vector is a matrix of one row.
public func blockDiagonal(
  _ blocks: [Tensor], file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  if blocks.isEmpty { programmingError("blockDiagonal", "no tensors", file: file, line: line) }
  for block in blocks where block.rank > 2 || block.dtype != blocks[0].dtype {
    programmingError(
      "blockDiagonal",
      "needs matrices of one dtype, not \(block.dtype) \(block.shape) beside \(blocks[0].dtype) "
        + "\(blocks[0].shape)", file: file, line: line)
  }
  let matrices = blocks.map { $0.expanded(toRank: 2) }
  let width = matrices.reduce(0) { $0 + $1.shape[1] }
  var before = 0
  return concatenated(
    matrices.map { matrix in
      defer { before += matrix.shape[1] }
      return matrix.padded([(0, 0), (before, width - before - matrix.shape[1])])
    }, file: file, line: line)
}
