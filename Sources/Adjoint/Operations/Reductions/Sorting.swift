import CAdjoint

// Sorting along an axis is stable, and a NaN is larger than any number: last in ascending and first
// in descending order. Derivatives flow to the places where the values came from.

extension Tensor {
  /// The elements along an axis in order, and the indices they had.
  ///
  /// Shapes: both results have the tensor's.
  public func sorted(
    axis: Int = -1, descending: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor) {
    let lines = AxisLines(self, axis: axis, "sorted", file, line)
    return ordered(lines) { $0.sortedRows(descending: descending) }
  }

  /// The indices along an axis that put the elements in order.
  public func argSort(
    axis: Int = -1, descending: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let at = checkedAxis(axis, "argSort", file, line)
    let rows = detached.transposed(at, -1).payload.contiguous
    return Tensor(rows.sortingIndices(descending: descending)).transposed(at, -1)
  }

  /// The `k` largest or smallest elements along an axis, the most extreme first, and their indices.
  ///
  /// Of equal elements the first come first.
  ///
  /// Shapes: `[..., n, ...]` gives `[..., k, ...]`.
  public func topK(
    _ k: Int, axis: Int = -1, largest: Bool = true, file: StaticString = #fileID,
    line: UInt = #line
  ) -> (values: Tensor, indices: Tensor) {
    let lines = AxisLines(self, axis: axis, "topK", file, line)
    if k < 0 || k > lines.length {
      programmingError(
        "topK", "there are no \(k) elements along axis \(axis) of shape \(shape)", file: file,
        line: line)
    }
    if k <= ADJ_TOP_MAX { return ordered(lines) { $0.topRows(k, descending: largest) } }
    let all = sorted(axis: lines.axis, descending: largest)
    return (all.values.sliced(..<k, axis: lines.axis), all.indices.sliced(..<k, axis: lines.axis))
  }

  /// The `k`-th smallest element along an axis, counted from 1, and its index.
  ///
  /// Shapes: `[..., n, ...]` gives `[..., ...]`.
  public func kthValue(
    _ k: Int, axis: Int = -1, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> (value: Tensor, index: Tensor) {
    let lines = AxisLines(self, axis: axis, "kthValue", file, line)
    if k < 1 || k > lines.length {
      programmingError(
        "kthValue",
        "k is \(k), but axis \(axis) of shape \(shape) has elements 1 to \(lines.length)",
        file: file, line: line)
    }
    let index = argSort(axis: lines.axis).sliced(k - 1..<k, axis: lines.axis)
    return one(at: index, lines, keepingDimensions)
  }

  /// The largest element along an axis and its index.
  ///
  /// Of equal elements the first counts, and a NaN is the largest. Here the derivative goes to that
  /// element alone; `max` shares it among equal ones.
  ///
  /// Shapes: `[..., n, ...]` gives `[..., ...]`.
  public func maxWithIndex(
    axis: Int = -1, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> (value: Tensor, index: Tensor) {
    let lines = AxisLines(self, axis: axis, "maxWithIndex", file, line)
    let index = ReductionPlan(self, [lines.axis], "maxWithIndex", file, line)
      .run(ADJ_ARGMAX, dtype: .int64, empty: nil, keepingDimensions: true)
    return one(at: index, lines, keepingDimensions)
  }

  /// The smallest element along an axis and its index; see `maxWithIndex`.
  public func minWithIndex(
    axis: Int = -1, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> (value: Tensor, index: Tensor) {
    let lines = AxisLines(self, axis: axis, "minWithIndex", file, line)
    let index = ReductionPlan(self, [lines.axis], "minWithIndex", file, line)
      .run(ADJ_ARGMIN, dtype: .int64, empty: nil, keepingDimensions: true)
    return one(at: index, lines, keepingDimensions)
  }

  /// The most frequent element along an axis and its last index.
  ///
  /// Of equally frequent elements the smallest counts; every NaN is distinct. The derivative goes to
  /// the element at the index.
  ///
  /// Shapes: `[..., n, ...]` gives `[..., ...]`.
  public func mode(
    axis: Int = -1, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> (value: Tensor, index: Tensor) {
    let lines = AxisLines(self, axis: axis, "mode", file, line)
    if lines.length == 0 {
      programmingError(
        "mode", "axis \(axis) of shape \(shape) has no elements", file: file, line: line)
    }
    let (values, order) = detached.sorted(axis: lines.axis)
    var sizes = Shape(repeating: 1, count: rank)
    sizes[lines.axis] = lines.length
    let place = Tensor.arange(lines.length).reshaped(sizes)
    let isRepeated = concatenated(
      [
        Tensor.zeros(values.sliced(..<1, axis: lines.axis).shape, dtype: .bool),
        values.sliced(1..., axis: lines.axis)
          .== values.sliced(..<(lines.length - 1), axis: lines.axis),
      ], axis: lines.axis)
    let start = `where`(isRepeated, 0, place).cumulativeMax(axis: lines.axis).values
    let end = (place - start).argMax(axis: lines.axis, keepingDimensions: true)
    return one(at: lines.elements(of: order, at: end), lines, keepingDimensions)
  }

  /// Runs an ordering of rows along any axis.
  private func ordered(
    _ lines: AxisLines, _ order: (Payload) -> (values: Payload, indices: Payload)
  ) -> (values: Tensor, indices: Tensor) {
    let found = order(detached.transposed(lines.axis, -1).payload.contiguous)
    let indices = Tensor(found.indices).transposed(lines.axis, -1)
    if isTracked { return (lines.elements(of: self, at: indices), indices) }
    return (Tensor(found.values).transposed(lines.axis, -1), indices)
  }

  /// One element of each line by indices of size 1 along the axis.
  private func one(
    at index: Tensor, _ lines: AxisLines, _ keeping: Bool
  ) -> (value: Tensor, index: Tensor) {
    let value = lines.elements(of: self, at: index)
    return keeping ? (value, index) : (value.squeezed(lines.axis), index.squeezed(lines.axis))
  }
}
