/// How the axes of `meshgrid` are ordered.
public enum GridIndexing: Sendable {
  /// Matrix indexing: axis `i` belongs to vector `i`.
  case ij
  /// Cartesian indexing: the first two axes are exchanged, so that rows are y and columns x.
  case xy
}

/// The coordinates of a grid: vector `i` stretched along all axes but its own.
///
/// The results are views.
///
/// Shapes: `[a]` and `[b]` give twice `[a, b]`, or `[b, a]` with `.xy`.
public func meshgrid(
  _ vectors: [Tensor], indexing: GridIndexing = .ij, file: StaticString = #fileID,
  line: UInt = #line
) -> [Tensor] {
  if let other = vectors.first(where: { $0.rank != 1 }) {
    programmingError(
      "meshgrid", "needs vectors, not a tensor of shape \(other.shape)", file: file, line: line)
  }
  let shape = Shape(vectors.map(\.elementCount))
  let grids = vectors.enumerated().map { index, vector in
    var sizes = Shape(repeating: 1, count: shape.rank)
    sizes[index] = vector.elementCount
    return vector.reshaped(sizes).broadcast(to: shape)
  }
  return indexing == .xy && grids.count > 1 ? grids.map { $0.transposed(0, 1) } : grids
}

/// All combinations of one element of each vector, as rows.
///
/// Shapes: `[a]` and `[b]` give `[a * b, 2]`; the last vector changes fastest.
public func cartesianProduct(
  _ vectors: [Tensor], file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  if vectors.isEmpty { programmingError("cartesianProduct", "no tensors", file: file, line: line) }
  let grids = meshgrid(vectors, file: file, line: line)
  return stacked(grids.map { $0.flattened() }, axis: -1, file: file, line: line)
}
