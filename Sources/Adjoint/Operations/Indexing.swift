extension Tensor {
  /// The slices at `indices` along an axis: NumPy's `take`, PyTorch's `index_select`.
  ///
  /// Shapes: `[..., n, ...]` with indices `[m]` gives `[..., m, ...]`. Indices are integers in
  /// `0 ..< n`; one that is not stops the program. Gradients of a slice taken twice are added.
  public func gathering(
    _ indices: Tensor, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard let at = shape.normalized(axis: axis), indices.rank == 1 else {
      programmingError(
        "gathering",
        "needs an axis of \(shape) and indices of rank 1, not axis \(axis) and "
          + "indices of shape \(indices.shape)", file: file, line: line)
    }
    if at != 0 {
      return transposed(0, at).gathering(indices, file: file, line: line).transposed(0, at)
    }
    let checked = indices.checkedIndices(
      below: shape[0], "gathering", "elements along axis \(axis) of \(shape)", file, line)
    let result = Tensor(payload.gatheringRows(checked.payload))
    guard isTracked else { return result }
    let count = shape[0]
    return result.recorded("gathering", self) { $0.scatteringRows(checked, count: count) }
  }

  /// Zeros of `count` rows with these rows added at `indices`: the transpose of `gathering`.
  private func scatteringRows(_ indices: Tensor, count: Int) -> Tensor {
    let result = Tensor(payload.scatteringRows(indices.payload, count: count))
    guard isTracked else { return result }
    return result.recorded("scattering", self) { $0.gathering(indices) }
  }

  /// Integer elements as contiguous int64, all in `0 ..< bound`.
  func checkedIndices(
    below bound: Int, _ name: String, _ what: String, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if dtype.isFloatingPoint || dtype == .bool {
      programmingError(name, "indices must be integers, not \(dtype)", file: file, line: line)
    }
    let indices = Tensor(cast(to: .int64).payload.contiguous)
    if elementCount == 0 { return indices }
    let found = indices.payload.indexBounds
    for wrong in [found.lowerBound, found.upperBound] where wrong < 0 || wrong >= bound {
      programmingError(
        name, "index \(wrong) is out of range: there are \(bound) \(what)", file: file, line: line)
    }
    return indices
  }
}

/// Rows with 1 at the index and 0 elsewhere.
///
/// Shapes: `[n]` gives `[n, count]`, `[a, b]` gives `[a, b, count]`.
public func oneHot(
  _ indices: Tensor, count: Int, dtype: DType = .float32, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  let checked = indices.checkedIndices(below: count, "oneHot", "classes", file, line)
  return (checked.expandingDimension(at: -1) .== Tensor.arange(count)).cast(to: dtype)
}
