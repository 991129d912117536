// Products of two tensors that are not matrix products; for those see `matmul`.

/// The sum of the products of two vectors' elements.
///
/// Shapes: `[n]` and `[n]` give a single number.
public func dot(
  _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  if a.rank != 1 || a.shape != b.shape {
    programmingError(
      "dot", "needs two vectors of one length, not shapes \(a.shape) and \(b.shape)", file: file,
      line: line)
  }
  return contracted("dot", a, b, ([0], [0]), file, line)
}

/// The products of each element of one vector with each of another.
///
/// Shapes: `[m]` and `[n]` give `[m, n]`.
public func outer(
  _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  if a.rank != 1 || b.rank != 1 {
    programmingError(
      "outer", "needs two vectors, not shapes \(a.shape) and \(b.shape)", file: file, line: line)
  }
  let (a, b) = matched("outer", a, b, file, line)
  return a.expandingDimension(at: 1) * b
}

/// The sums of products over the last axes of both tensors.
///
/// Shapes: `[..., k]` and `[---, k]` give `[..., ---]`: with `[m, k]` and `[n, k]` it is a b^T.
public func inner(
  _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  if a.rank == 0 || b.rank == 0 || a.shape.last != b.shape.last {
    programmingError(
      "inner", "the last axes of \(a.shape) and \(b.shape) must have one size", file: file,
      line: line)
  }
  return contracted("inner", a, b, ([a.rank - 1], [b.rank - 1]), file, line)
}

/// The sums of products over the last `axes` axes of `a` and the first `axes` of `b`.
///
/// Shapes: `[2, 3, 4]` and `[3, 4, 5]` give `[2, 5]` with 2 axes. With none it is the tensor product.
public func tensordot(
  _ a: Tensor, _ b: Tensor, axes: Int = 2, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  if axes < 0 || axes > a.rank || axes > b.rank {
    programmingError(
      "tensordot", "\(a.shape) and \(b.shape) do not both have \(axes) axes", file: file, line: line
    )
  }
  let pairs = (Array(a.rank - axes..<a.rank), Array(0..<axes))
  return contracted("tensordot", a, b, pairs, file, line)
}

/// The sums of products over pairs of axes.
///
/// Shapes: what is left of `a`, then what is left of `b`: `[2, 3, 4]` and `[5, 3]` with axes
/// `([1], [1])` give `[2, 4, 5]`.
public func tensordot(
  _ a: Tensor, _ b: Tensor, axes: ([Int], [Int]), file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  contracted("tensordot", a, b, axes, file, line)
}

private func contracted(
  _ name: String, _ a: Tensor, _ b: Tensor, _ axes: ([Int], [Int]), _ file: StaticString,
  _ line: UInt
) -> Tensor {
  func fail(_ message: String) -> Never {
    programmingError(name, message, file: file, line: line)
  }
  requireOneFloatingType(name, [a, b], file, line)
  let (first, second) = (
    axes.0.compactMap { a.shape.normalized(axis: $0) },
    axes.1.compactMap { b.shape.normalized(axis: $0) }
  )
  if first.count != axes.0.count || second.count != axes.1.count
    || Set(first).count != first.count || Set(second).count != second.count
    || first.map({ a.shape[$0] }) != second.map({ b.shape[$0] })
  {
    fail(
      "axes \(axes.0) of \(a.shape) and \(axes.1) of \(b.shape) are not pairs of axes of one size")
  }
  // Paired axes have the labels below the rank of `a`, others their own.
  let left = Array(0..<a.rank)
  var right = (0..<b.rank).map { a.rank + $0 }
  for (i, j) in zip(first, second) { right[j] = i }
  let wanted = left.filter { !first.contains($0) } + right.filter { $0 >= a.rank }
  return LabelledTensor(tensor: a, labels: left)
    .times(LabelledTensor(tensor: b, labels: right), keeping: Set(wanted)).arranged(wanted)
}

/// The Kronecker product: every element of `a` times the whole of `b`, as blocks.
///
/// Shapes: `[m, n]` and `[p, q]` give `[m p, n q]`; the tensor of lower rank gets axes of size 1 in
/// front.
public func kron(
  _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let rank = Swift.max(a.rank, b.rank)
  if 2 * rank > Shape.maximumRank {
    programmingError(
      "kron", "is for at most \(Shape.maximumRank / 2) axes, not for \(a.shape) and \(b.shape)",
      file: file, line: line)
  }
  let (a, b) = matched("kron", a, b, file, line)
  func padded(_ x: Tensor) -> [Int] { Array(repeating: 1, count: rank - x.rank) + x.shape }
  let (blocks, inside) = (padded(a), padded(b))
  let product =
    a.reshaped(Shape(unchecked: blocks.flatMap { [$0, 1] }))
    * b.reshaped(Shape(unchecked: inside.flatMap { [1, $0] }))
  return product.reshaped(Shape(unchecked: zip(blocks, inside).map { $0 &* $1 }))
}

/// The cross product of vectors of three components along an axis.
///
/// Shapes: both `[..., 3, ...]`, broadcast.
public func cross(
  _ a: Tensor, _ b: Tensor, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (a, b) = matched("cross", a, b, file, line)
  /// Whether the axis, counted from the end of the common shape, has three components.
  func fits(_ x: Tensor, _ fromEnd: Int) -> Bool {
    x.shape.normalized(axis: fromEnd).map { x.shape[$0] == 3 } ?? false
  }
  guard let shape = a.shape.broadcast(with: b.shape), let at = shape.normalized(axis: axis),
    fits(a, at - shape.rank), fits(b, at - shape.rank)
  else {
    programmingError(
      "cross",
      "needs shapes that broadcast, with 3 components along axis \(axis), not \(a.shape) and "
        + "\(b.shape)", file: file, line: line)
  }
  func component(_ x: Tensor, _ index: Int) -> Tensor {
    x.sliced(index % 3..<index % 3 + 1, axis: at - shape.rank)
  }
  let parts = (0..<3).map { i in
    component(a, i + 1) * component(b, i + 2) - component(a, i + 2) * component(b, i + 1)
  }
  return concatenated(parts, axis: at)
}

/// The bilinear forms x^T W_o y for each matrix W_o of `weight`.
///
/// Shapes: `[..., m]`, `[..., n]` and weights of `[count, m, n]` give `[..., count]`.
public func bilinear(
  _ x: Tensor, _ y: Tensor, weight: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  if weight.rank != 3 || x.shape.last != weight.shape[1] || y.shape.last != weight.shape[2] {
    programmingError(
      "bilinear",
      "weights of shape \(weight.shape) do not fit vectors of \(x.shape) and \(y.shape): they must "
        + "be [count, m, n] for [..., m] and [..., n]", file: file, line: line)
  }
  requireOneFloatingType("bilinear", [x, y, weight], file, line)
  return einsum("...i,oij,...j->...o", [x, weight, y], file: file, line: line)
}

/// The product of several matrices, in a cheap order: the cheapest for up to six of them.
///
/// Shapes: matrices that fit one another; the first may be a row vector and the last a column vector.
public func multiDot(
  _ factors: [Tensor], file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let shapes = factors.map(\.shape)
  let fits = factors.indices.allSatisfy { index in
    let isEnd = index == 0 || index == factors.count - 1
    return factors[index].rank == 2 || factors[index].rank == 1 && isEnd
  }
  let pairs = zip(shapes, shapes.dropFirst())
  if factors.isEmpty || !fits || !pairs.allSatisfy({ $0.last == $1.first }) {
    programmingError(
      "multiDot", "shapes \(shapes) do not form a chain of matrices", file: file, line: line)
  }
  requireOneFloatingType("multiDot", factors, file, line)
  // Axis i stands between factor i - 1 and factor i.
  let labelled = factors.enumerated().map { index, factor in
    LabelledTensor(
      tensor: factor,
      labels: factor.rank == 2 ? [index, index + 1] : index == 0 ? [1] : [index])
  }
  let ends = [labelled[0].labels, labelled[factors.count - 1].labels]
  let wanted = [ends[0].first { $0 == 0 }, ends[1].last { $0 == factors.count }].compactMap { $0 }
  return contracted(labelled, keeping: wanted).arranged(wanted)
}
