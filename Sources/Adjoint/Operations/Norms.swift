import CAdjoint

extension Tensor {
  /// The p-norm (sum |x|^p)^(1/p) over the given axes, or over all elements.
  ///
  /// Order 2 over two axes is the Frobenius norm of matrices. Order infinity is the largest and
  /// -infinity the smallest magnitude, 0 the number of elements that are not 0. Squares are summed in
  /// double precision, so float32 neither overflows nor underflows on the way. The derivative of a
  /// zero vector is 0; equal largest or smallest magnitudes share it evenly.
  ///
  /// Shapes: as in `sum`.
  /// - Parameters:
  ///   - order: p; 2 for the Euclidean norm.
  ///   - axes: the axes to go over, negative ones from the end; nil for all.
  ///   - keepingDimensions: whether reduced axes stay with size 1.
  public func norm(
    order: Double = 2, axes: [Int]? = nil, keepingDimensions: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireFloating("norm", file, line)
    let plan = ReductionPlan(self, axes, "norm", file, line)
    let keeping = keepingDimensions
    switch order {
    case 0: return (self .!= 0).sum(axes: axes, keepingDimensions: keeping).cast(to: dtype)
    case 1: return abs(self).sum(axes: axes, keepingDimensions: keeping)
    case .infinity, -.infinity:
      plan.requireElements()
      return order > 0
        ? abs(self).max(axes: axes, keepingDimensions: keeping)
        : abs(self).min(axes: axes, keepingDimensions: keeping)
    default: break
    }
    let result =
      order == 2
      ? sqrt(
        plan.run(ADJ_SUM_SQUARES_WIDE, dtype: .float64, empty: 0, keepingDimensions: keeping)
      ).cast(to: dtype)
      : scaledNorm(order, plan).reshaped(plan.shape(keepingDimensions: keeping))
    guard isTracked else { return result }
    return result.recorded(
      "norm", self,
      .gradientAndOutput { g, y in
        let size = `where`(y .== 0, 1, y)
        if order == 2 { return self * plan.stretched(`where`(y .== 0, 0, g / size)) }
        let vanishes = (self .== 0) .| plan.stretched(y .== 0)
        let ratio = abs(`where`(vanishes, 1, self)) / plan.stretched(size)
        let power = pow(ratio, Tensor(order - 1, dtype: g.dtype))
        return `where`(vanishes, 0, plan.stretched(g) * sign(self) * power)
      })
  }

  /// The norm of any order, of elements that are scaled by the largest magnitude first.
  private func scaledNorm(_ order: Double, _ plan: ReductionPlan) -> Tensor {
    let sizes = abs(detached)
    let largest = ReductionPlan(sizes, plan.axes, "norm", #fileID, #line)
      .run(ADJ_MAX, dtype: dtype, empty: 0, keepingDimensions: true)
    let scale = `where`((largest .> 0) .& (largest .< .infinity), largest, 1)
    let powers = pow(sizes / scale, Tensor(order, dtype: dtype))
    let total = powers.sum(axes: plan.axes, keepingDimensions: true)
    return scale * pow(total, Tensor(1 / order, dtype: dtype))
  }

  /// Vectors along an axis divided by their norms, or by `epsilon` where those are smaller.
  public func normalized(
    order: Double = 2, axis: Int = -1, epsilon: Double = 1e-12, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    requireFloating("normalized", file, line)
    let at = checkedAxis(axis, "normalized", file, line)
    return self
      / maximum(
        norm(order: order, axes: [at], keepingDimensions: true), Tensor(epsilon, dtype: dtype))
  }
}

/// The cosine of the angle between vectors along an axis: a . b / (|a| |b|).
///
/// Norms below `epsilon` count as `epsilon`, so zero vectors give 0.
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
/// of equal rows is 0.
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
  func direct(_ a: Tensor, _ b: Tensor) -> Tensor {
    (a.expandingDimension(at: -2) - b.expandingDimension(at: -3)).norm(order: order, axes: [-1])
  }
  if order != 2 || a.rank > 2 || b.rank > 2 { return direct(a, b) }
  // A block of rows at a time, so that the differences stay in the cache.
  let block = Swift.max((1 << 18) / Swift.max(b.elementCount, 1), 1)
  let (x, y) = (a.detached, b.detached)
  let parts = stride(from: 0, to: x.shape[0], by: block).map {
    direct(x[$0..<Swift.min($0 + block, x.shape[0])], y)
  }
  let result = parts.isEmpty ? direct(x, y) : concatenated(parts)
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
