extension Tensor {
  /// Where values would have to be inserted to keep this tensor sorted.
  ///
  /// NumPy's `searchsorted`, PyTorch's `searchsorted` and `bucketize`.
  ///
  /// The index is the number of elements less than the value or, with `right`, not greater. A NaN is
  /// larger than any number. The result is `int64` and has no derivative.
  ///
  /// Shapes: a vector `[n]` takes values of any shape; sorted rows `[..., n]` take rows of values
  /// `[..., m]` with the same axes in front. The result has the values' shape.
  /// - Parameters:
  ///   - values: what to look for, of this tensor's dtype.
  ///   - right: whether to insert behind equal elements instead of before them.
  public func searchSorted(
    _ values: Tensor, right: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let (rows, values) = matched("searchSorted", self, values, file, line)
    if rows.rank == 0 || rows.rank > 1 && rows.shape.dropLast() != values.shape.dropLast() {
      programmingError(
        "searchSorted",
        "needs a sorted vector, or rows with the axes in front of the values', not "
          + "\(rows.shape) for values \(values.shape)", file: file, line: line)
    }
    return Tensor(
      Payload.search(rows.payload.contiguous, for: values.payload.contiguous, right: right))
  }

  /// Where elements are equal to any of `elements`: NumPy's and PyTorch's `isin`.
  ///
  /// NaN is equal to nothing.
  ///
  /// Shapes: the result has this tensor's; `elements` have any.
  public func isIn(
    _ elements: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let (x, elements) = matched("isIn", detached, elements.detached, file, line)
    let count = elements.elementCount
    if count == 0 { return Tensor.zeros(shape, dtype: .bool) }
    let sorted = elements.flattened().sorted().values
    let place = minimum(sorted.searchSorted(x), Tensor(Double(count - 1), dtype: .int64))
    return sorted.gathering(place) .== x
  }
}
