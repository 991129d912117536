extension Tensor {
  /// The whole tensor side by side: NumPy's and PyTorch's `tile`.
  ///
  /// The last count belongs to the last axis; a missing axis or count is 1.
  ///
  /// Shapes: `[2, 3]` tiled by `[4, 1, 2]` gives `[4, 2, 6]`.
  public func tiled(
    _ counts: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let x = expanded(toRank: counts.count, file: file, line: line)
    let times = Array(repeating: 1, count: x.rank - counts.count) + counts
    let sizes = zip(x.shape, times).map { $0.multipliedReportingOverflow(by: $1) }
    guard times.allSatisfy({ $0 >= 0 }), sizes.allSatisfy({ !$0.overflow }),
      let wanted = Shape(exactly: sizes.map(\.partialValue))
    else {
      programmingError(
        "tiled", "\(shape) cannot be tiled by \(counts)", file: file, line: line)
    }
    // One axis at a time: the rank must not grow beyond what a tensor may have.
    let result = x.shape.indices.reversed().reduce(x) { x, axis in
      times[axis] == 1 ? x : x.flattenedCopies(times[axis], of: axis, each: false)
    }
    return result.reshaped(wanted)
  }

  /// Every slice along an axis several times in a row: PyTorch's `repeat_interleave`.
  ///
  /// Shapes: `[..., n, ...]` gives `[..., n * count, ...]`: 1, 2 repeated twice is 1, 1, 2, 2.
  public func repeated(
    _ count: Int, axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let at = self.axis(axis, "repeated", file, line)
    let (size, overflow) = shape[at].multipliedReportingOverflow(by: count)
    var wanted = Array(shape)
    wanted[at] = size
    if count < 0 || overflow || Shape(exactly: wanted) == nil {
      programmingError(
        "repeated", "axis \(axis) of shape \(shape) cannot be repeated \(count) times", file: file,
        line: line)
    }
    return count == 1 ? self : flattenedCopies(count, of: at, each: true)
  }

  /// Slice `i` along an axis `counts[i]` times in a row.
  ///
  /// Shapes: `[..., n, ...]` with counts `[n]` gives `[..., sum of counts, ...]`.
  public func repeated(
    _ counts: [Int], axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let at = self.axis(axis, "repeated", file, line)
    if counts.count != shape[at] || counts.contains(where: { $0 < 0 }) {
      programmingError(
        "repeated",
        "axis \(axis) of shape \(shape) needs \(shape[at]) counts of at least 0, not "
          + "\(counts)", file: file, line: line)
    }
    let indices = counts.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
    return gathering(Tensor(indices), axis: at, file: file, line: line)
  }

  /// Copies of an axis behind one another, or of each of its slices.
  private func flattenedCopies(_ count: Int, of axis: Int, each: Bool) -> Tensor {
    let lead = Shape(unchecked: shape[..<axis]).elementCount
    let rest = Shape(unchecked: shape[(axis + 1)...]).elementCount
    let size = shape[axis]
    var joined = shape
    joined[axis] = size * count
    return each
      ? reshaped([lead * size, 1, rest]).broadcast(to: [lead * size, count, rest]).reshaped(joined)
      : reshaped([lead, 1, size * rest]).broadcast(to: [lead, count, size * rest]).reshaped(joined)
  }
}
