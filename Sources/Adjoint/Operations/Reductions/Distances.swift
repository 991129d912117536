/// The cosine of the angle between vectors along an axis.
///
/// `sum(a b) / (|a| |b|)`. Norms below `epsilon` count as `epsilon`, so zero vectors give 0.
///
/// Shapes: operands that broadcast to `[..., n, ...]` give `[..., ...]`.
public func cosineSimilarity(
  _ a: Tensor, _ b: Tensor, axis: Int = -1, epsilon: Double = 1e-8,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (a, b) = matched("cosineSimilarity", a, b, file, line)
  a.requireFloating("cosineSimilarity", file, line)
  guard let shape = a.shape.broadcast(with: b.shape) else {
    programmingError(
      "cosineSimilarity", "shapes \(a.shape) and \(b.shape) do not broadcast", file: file,
      line: line)
  }
  guard let at = shape.normalized(axis: axis) else {
    programmingError(
      "cosineSimilarity", "axis \(axis) is out of range for shape \(shape)", file: file, line: line)
  }
  func direction(_ x: Tensor) -> Tensor {
    x.broadcast(to: shape).normalized(axis: at, epsilon: epsilon)
  }
  return (direction(a) * direction(b)).sum(axes: [at])
}

/// The distance of every row of `a` from every row of `b`: the norms of the differences.
///
/// Differences are taken before squares, so close rows lose no digits. The derivative of the distance
/// of equal rows is 0. Orders other than 2 and batches take memory for all n m d differences.
///
/// Shapes: `[..., n, d]` and `[..., m, d]` give `[..., n, m]`; the axes in front broadcast.
/// - Parameters:
///   - a: rows of coordinates.
///   - b: rows of as many coordinates.
///   - order: the order of the norm; 2 for Euclidean distances, 1 for those in blocks of a city.
public func pairwiseDistances(
  _ a: Tensor, _ b: Tensor, order: Double = 2, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (a, b) = matched("pairwiseDistances", a, b, file, line)
  a.requireFloating("pairwiseDistances", file, line)
  if a.rank < 2 || b.rank < 2 || a.shape[a.rank - 1] != b.shape[b.rank - 1] {
    programmingError(
      "pairwiseDistances",
      "needs rows of equally many coordinates [n, d] and [m, d], not \(a.shape) and \(b.shape)",
      file: file, line: line)
  }
  guard
    Shape(unchecked: a.shape.dropLast(2)).broadcast(with: Shape(unchecked: b.shape.dropLast(2)))
      != nil
  else {
    programmingError(
      "pairwiseDistances", "the batch axes of \(a.shape) and \(b.shape) do not broadcast",
      file: file, line: line)
  }
  if order != 2 || a.rank > 2 || b.rank > 2 {
    return (a.expandingDimension(at: -2) - b.expandingDimension(at: -3))
      .norm(order: order, axes: [-1])
  }
  let columns = b.detached.transposed()
  let result = sqrt(
    Tensor(Payload.squaredDistances(a.payload.contiguous, columns.payload.contiguous)))
  guard a.isTracked || b.isTracked else { return result }
  func weights(_ g: Tensor, _ y: Tensor) -> Tensor {
    `where`(y .== 0, 0, g / `where`(y .== 0, 1, y))
  }
  return result.recorded(
    "pairwiseDistances", a,
    .gradientAndOutput { g, y in
      let w = weights(g, y)
      return a * w.sum(axes: [1], keepingDimensions: true) - matmul(w, b)
    }, b,
    .gradientAndOutput { g, y in
      let w = weights(g, y).transposed()
      return b * w.sum(axes: [1], keepingDimensions: true) - matmul(w, a)
    })
}

/// The distances of the rows of a matrix from one another: the norms of the differences.
///
/// Each pair counts once, in the order (0, 1), (0, 2), ..., (1, 2), ...: SciPy's and PyTorch's `pdist`.
/// It takes memory for all n^2 distances. See `pairwiseDistances` of two sets.
///
/// Shapes: `[n, d]` gives `[n (n - 1) / 2]`.
public func pairwiseDistances(
  within x: Tensor, order: Double = 2, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  if x.rank != 2 {
    programmingError(
      "pairwiseDistances", "needs rows of coordinates [n, d], not \(x.shape)", file: file,
      line: line)
  }
  let all = pairwiseDistances(x, x, order: order, file: file, line: line)
  let number = Tensor.arange(x.shape[0])
  let isPair = (number.expandingDimension(at: 1) .< number).flattened()
  return all.flattened().gathering(isPair.nonzero().flattened())
}
