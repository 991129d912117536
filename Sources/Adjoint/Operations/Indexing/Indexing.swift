extension Tensor {
  /// Integer elements as contiguous int64, all in `0 ..< bound`.
  ///
  /// With `fromTheEnd` negative ones count from there.
  func checkedIndices(
    below bound: Int, _ name: String, _ what: @autoclosure () -> String, _ file: StaticString,
    _ line: UInt, fromTheEnd: Bool = false
  ) -> Tensor {
    if dtype.isFloatingPoint || dtype == .bool {
      programmingError(
        name, "indices must be integers, not \(dtype) \(shape); convert them with cast(to: .int64)",
        file: file, line: line)
    }
    let indices = Tensor(cast(to: .int64).payload.contiguous)
    if elementCount == 0 { return indices }
    let found = indices.payload.indexBounds
    let least = fromTheEnd ? -bound : 0
    for wrong in [found.lowerBound, found.upperBound] where wrong < least || wrong >= bound {
      programmingError(
        name, "index \(wrong) is out of range: there are \(bound) \(what())", file: file, line: line
      )
    }
    if found.lowerBound >= 0 { return indices }
    let wrapped = `where`(indices .< 0, indices + Tensor(Double(bound), dtype: .int64), indices)
    return Tensor(wrapped.payload.contiguous)
  }
}

/// Rows with 1 at the index and 0 elsewhere.
///
/// Shapes: `[n]` gives `[n, count]`, `[a, b]` gives `[a, b, count]`.
public func oneHot(
  _ indices: Tensor, count: Int, dtype: DType = .float32, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  let checked = indices.checkedIndices(below: count, "oneHot", "classes, from 0 on", file, line)
  return (checked.expandingDimension(at: -1) .== Tensor.arange(count)).cast(to: dtype)
}
