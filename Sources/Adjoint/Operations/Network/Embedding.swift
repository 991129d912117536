/// The rows of `weight` at `indices`: a table of learned vectors.
///
/// The gradient of `weight` is dense; a row that is looked up several times gets the sum.
///
/// Shapes: `weight` is `[count, features]`; integer indices of any shape `[...]` below `count` give
/// `[..., features]`.
/// - Parameters:
///   - indices: integers, counted from 0.
///   - weight: the table `[count, features]`.
///   - paddingIndex: a row whose gradient stays 0.
public func embedding(
  _ indices: Tensor, weight: Tensor, paddingIndex: Int? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  func fail(_ message: String) -> Never {
    programmingError("embedding", message, file: file, line: line)
  }
  if weight.rank != 2 { fail("the weight must be [count, features], not \(weight.shape)") }
  if indices.rank == Shape.maximumRank {
    fail("indices of shape \(indices.shape) leave no room for an axis of features")
  }
  if let paddingIndex, !(0..<weight.shape[0]).contains(paddingIndex) {
    fail("paddingIndex \(paddingIndex) is out of range: there are \(weight.shape[0]) rows")
  }
  let checked = indices.checkedIndices(
    below: weight.shape[0], "embedding", "rows in \(weight.shape)", file, line)
  let flat = checked.reshaped([indices.elementCount])
  var rows = weight.gathering(flat, file: file, line: line)
  if let paddingIndex, weight.isTracked {
    let isPadding = (flat .== Tensor(Double(paddingIndex), dtype: .int64)).expandingDimension(at: 1)
    rows = `where`(isPadding, rows.detached, rows)
  }
  return rows.reshaped(Shape(unchecked: Array(indices.shape) + [weight.shape[1]]))
}

/// How the rows of a bag become one.
public enum BagMode: Sendable, CaseIterable {
  /// The sum of the rows.
  case sum
  /// Their mean.
  case mean
  /// The largest number of each column.
  case max
}

/// One row for each bag of indices: the sum, mean or maximum of the rows of `weight` there.
///
/// The rows of all bags are looked up first, which takes memory for them. Equal largest elements share
/// the gradient.
///
/// Shapes: `weight` `[count, features]` and integer indices `[..., k]` give `[..., features]`.
public func embeddingBag(
  _ indices: Tensor, weight: Tensor, mode: BagMode = .mean, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  if indices.rank == 0 || mode != .sum && indices.shape[indices.rank - 1] == 0 {
    programmingError(
      "embeddingBag",
      "needs bags of indices [..., k], not shape \(indices.shape), for mode \(mode)",
      file: file, line: line)
  }
  let rows = embedding(indices, weight: weight, file: file, line: line)
  switch mode {
  case .sum: return rows.sum(axes: [-2])
  case .mean: return rows.mean(axes: [-2])
  case .max: return rows.max(axes: [-2])
  }
}
