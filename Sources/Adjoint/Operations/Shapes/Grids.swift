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

/// All choices of `size` elements of a vector, as rows, in the order of their places.
///
/// With `replacing` an element may be chosen again. `itertools` of Python has the same orders.
///
/// Shapes: `[n]` gives `[m, size]`, where m is n! / (size! (n - size)!) unless replacing.
public func combinations(
  _ x: Tensor, size: Int = 2, replacing: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  if x.rank != 1 || size < 0 {
    programmingError(
      "combinations", "needs a vector and a size of at least 0, not shape \(x.shape) and \(size)",
      file: file, line: line)
  }
  // Rows of places that grow by one column at a time.
  let count = x.shape[0]
  var rows = [[Int]()]
  for _ in 0..<size where !rows.isEmpty {
    rows = rows.flatMap { row in
      let first = row.last.map { replacing ? $0 : $0 + 1 } ?? 0
      return (first..<Swift.max(count, first)).map { row + [$0] }
    }
  }
  return x.gathering(
    Tensor(rows.flatMap(\.self), shape: [rows.count, size]), file: file, line: line)
}
