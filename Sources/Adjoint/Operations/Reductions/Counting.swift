import CAdjoint

extension Tensor {
  /// Whether any element over the given axes is not 0; false of nothing.
  ///
  /// NaN is not 0. The result is bool.
  public func any(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    ReductionPlan(cast(to: .bool), axes, "any", file, line)
      .run(ADJ_MAX, dtype: .bool, empty: 0, keepingDimensions: keepingDimensions)
  }

  /// Whether all elements over the given axes are not 0; true of nothing.
  ///
  /// NaN is not 0. The result is bool.
  public func all(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    ReductionPlan(cast(to: .bool), axes, "all", file, line)
      .run(ADJ_MIN, dtype: .bool, empty: 1, keepingDimensions: keepingDimensions)
  }

  /// The number of elements over the given axes that are not 0, as `int64`.
  public func countNonzero(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    ReductionPlan(cast(to: .bool), axes, "countNonzero", file, line)
      .run(ADJ_SUM, dtype: .int64, empty: 0, keepingDimensions: keepingDimensions)
  }

  /// The distinct elements in increasing order, where each element is among them, and their counts.
  ///
  /// Every NaN is distinct from every other.
  ///
  /// Shapes: n elements of which m are distinct give values and counts `[m]`; `inverse` has the
  /// tensor's shape, and `values.gathering` at its elements gives the tensor's back.
  public func unique() -> (values: Tensor, inverse: Tensor, counts: Tensor) {
    let n = elementCount
    let (values, order) = detached.reshaped([n]).sorted()
    if n == 0 { return (values, order.reshaped(shape), order) }
    let isFirst = concatenated([
      Tensor.full([1], 1, dtype: .bool), values.sliced(1..., axis: 0) .!= values[..<(n - 1)],
    ])
    let starts = isFirst.nonzero().reshaped(-1)
    let groups = isFirst.cumulativeSum() - 1
    // `order` is a permutation; sorting it gives its inverse.
    let inverse = groups.gathering(order.argSort()).reshaped(shape)
    let ends = concatenated([starts[1...], Tensor([n])])
    return (values.gathering(starts), inverse, ends - starts)
  }

  /// The elements without repetitions of the one before, where each element is, and their counts.
  ///
  /// Elements that return later stay; for all distinct ones see `unique`. Every NaN is distinct.
  ///
  /// Shapes: as in `unique`.
  public func uniqueConsecutive() -> (values: Tensor, inverse: Tensor, counts: Tensor) {
    let n = elementCount
    let values = detached.reshaped([n])
    if n == 0 { return (values, Tensor.zeros(shape, dtype: .int64), Tensor([Int]())) }
    let isFirst = concatenated([
      Tensor.full([1], 1, dtype: .bool), values.sliced(1..., axis: 0) .!= values[..<(n - 1)],
    ])
    let starts = isFirst.nonzero().reshaped(-1)
    let ends = concatenated([starts[1...], Tensor([n])])
    let inverse = (isFirst.cumulativeSum() - 1).reshaped(shape)
    return (values.gathering(starts), inverse, ends - starts)
  }

  /// How often each number occurs in a vector of integers: NumPy's and PyTorch's `bincount`.
  ///
  /// With `weights`, the sum of the weights that stand where the number does; derivatives flow to the
  /// weights. The numbers must not be negative.
  ///
  /// Shapes: `[n]` gives `[max(largest + 1, minimumCount)]`; `int64`, or the weights' dtype.
  public func binCount(
    weights: Tensor? = nil, minimumCount: Int = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    if rank != 1 || weights.map({ $0.shape != shape }) ?? false {
      programmingError(
        "binCount",
        "needs a vector and weights of its shape, not shape \(shape)"
          + (weights.map { " and weights \($0.shape)" } ?? ""), file: file, line: line)
    }
    weights?.requireFloating("binCount", file, line)
    if dtype.isFloatingPoint || dtype == .bool {
      programmingError("binCount", "counts integers, not \(dtype)", file: file, line: line)
    }
    let indices = Tensor(cast(to: .int64).payload.contiguous)
    let bounds = elementCount == 0 ? -1 ... -1 : indices.payload.indexBounds
    if elementCount > 0 && bounds.lowerBound < 0 || bounds.upperBound >= 1 << 40 {
      programmingError(
        "binCount",
        "counts numbers from 0 on, one place each, not \(bounds.lowerBound) to "
          + "\(bounds.upperBound)", file: file, line: line)
    }
    let count = Swift.max(bounds.upperBound + 1, minimumCount)
    guard let weights else { return Tensor(indices.payload.occurrences(below: count)) }
    // Many small weights in one place: their sum needs more digits than they have.
    let wide = weights.detached.cast(to: .float64)
    let result = Tensor.zeros([count], dtype: .float64).scattering(wide, at: indices, mode: .add)
      .cast(to: weights.dtype)
    guard weights.isTracked else { return result }
    return result.recorded("binCount", weights) { $0.gathering(indices) }
  }

  /// How many elements fall between neighbouring edges.
  ///
  /// Bin i holds edges[i] <= x < edges[i + 1], the last one its upper edge too. Elements outside and
  /// NaN are not counted.
  ///
  /// Shapes: edges `[m + 1]`, in increasing order and of the tensor's dtype, give `[m]` as `int64`.
  public func histogram(
    edges: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if edges.rank != 1 || edges.shape[0] < 2 || edges.dtype != dtype {
      programmingError(
        "histogram",
        "needs at least two edges of dtype \(dtype), not \(edges.dtype) \(edges.shape)",
        file: file, line: line)
    }
    let bins = edges.shape[0] - 1
    let x = detached.reshaped([elementCount])
    let place = edges.searchSorted(x, right: true)
    let last = edges[bins]
    // Bin 0 takes what lies below and bin m + 1 what lies above.
    let bin = `where`(x .== last, Tensor(Double(bins), dtype: .int64), place)
    return bin.binCount(minimumCount: bins + 2)[1..<bins + 1]
  }

  /// How many elements fall into each of `bins` intervals of equal width, and their edges.
  ///
  /// The range is that of the elements unless it is given; see the variant that takes edges. Where it
  /// is a single number, half is added on both sides.
  public func histogram(
    bins: Int, in range: ClosedRange<Double>? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> (counts: Tensor, edges: Tensor) {
    requireFloating("histogram", file, line)
    if bins < 1 {
      programmingError("histogram", "\(bins) bins; at least 1 is needed", file: file, line: line)
    }
    let isEmpty = elementCount == 0
    var low = range?.lowerBound ?? (isEmpty ? 0 : detached.min().scalar)
    var high = range?.upperBound ?? (isEmpty ? 1 : detached.max().scalar)
    if !low.isFinite || !high.isFinite {
      programmingError(
        "histogram", "there are no bins from \(low) to \(high); pass a finite range", file: file,
        line: line)
    }
    if low == high { (low, high) = (low - 0.5, high + 0.5) }
    let edges = Tensor.linspace(low, high, count: bins + 1, dtype: dtype)
    let rows = detached.payload.contiguous.histogramRows(edges: edges.payload.contiguous)
    return (Tensor(rows).sum(axes: [0]), edges)
  }
}
