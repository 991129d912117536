import CAdjoint

// Reductions over any axes. Sums of floats are accumulated in double precision in a fixed order, so
// they do not depend on the number of threads.

extension Tensor {
  /// The sum over the given axes, or over all elements.
  ///
  /// Integers and bools are summed as `int64`. The sum of nothing is 0.
  ///
  /// Shapes: `[2, 3, 4]` over axis 1 gives `[2, 4]`, or `[2, 1, 4]` with `keepingDimensions`.
  /// - Parameters:
  ///   - axes: the axes to sum over, negative ones from the end; nil for all.
  ///   - keepingDimensions: whether summed axes stay with size 1.
  public func sum(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let plan = ReductionPlan(self, axes, "sum", file, line)
    let type = dtype.isFloatingPoint ? dtype : .int64
    let result = plan.run(ADJ_SUM, dtype: type, empty: 0, keepingDimensions: keepingDimensions)
    guard isTracked else { return result }
    return result.recorded("sum", self) { plan.stretched($0) }
  }

  /// The arithmetic mean over the given axes, or over all elements; NaN of nothing.
  public func mean(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    requireFloating("mean", file, line)
    _ = ReductionPlan(self, axes, "mean", file, line)  // checks the axes under this name
    let total = sum(axes: axes, keepingDimensions: keepingDimensions)
    let count = Double(elementCount) / Double(total.elementCount)
    return total / Tensor(count.isNaN ? 0 : count, dtype: dtype)
  }

  /// The largest element over the given axes; NaN if there is one.
  ///
  /// Equal largest elements share the gradient evenly. The maximum of nothing is an error.
  public func max(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    extreme("max", ADJ_MAX, axes, keepingDimensions, file, line)
  }

  /// The smallest element over the given axes; NaN if there is one.
  ///
  /// See `max`.
  public func min(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    extreme("min", ADJ_MIN, axes, keepingDimensions, file, line)
  }

  private func extreme(
    _ name: StaticString, _ op: adj_reduction, _ axes: [Int]?, _ keeping: Bool,
    _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let plan = ReductionPlan(self, axes, name, file, line)
    let result = plan.run(op, dtype: dtype, empty: nil, keepingDimensions: keeping)
    guard isTracked else { return result }
    return result.recorded(
      name, self, .gradientAndOutput { g, y in plan.shared(g, among: self, equalTo: y) })
  }

  /// The index of the first largest element along an axis, or in row-major order over all.
  ///
  /// A NaN counts as the largest. The result is `int64` and has no derivative.
  public func argMax(
    axis: Int? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    ReductionPlan(self, axis.map { [$0] }, "argMax", file, line)
      .run(ADJ_ARGMAX, dtype: .int64, empty: nil, keepingDimensions: keepingDimensions)
  }

  /// The index of the first smallest element; see `argMax`.
  public func argMin(
    axis: Int? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    ReductionPlan(self, axis.map { [$0] }, "argMin", file, line)
      .run(ADJ_ARGMIN, dtype: .int64, empty: nil, keepingDimensions: keepingDimensions)
  }

  /// log(sum(exp(x))) over the given axes, shifted by the maximum so that it never overflows.
  ///
  /// Nothing, or all elements -infinity, give -infinity; an element +infinity gives +infinity.
  public func logSumExp(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    requireFloating("logSumExp", file, line)
    let plan = ReductionPlan(self, axes, "logSumExp", file, line)
    let largest = plan.run(ADJ_MAX, dtype: dtype, empty: -.infinity, keepingDimensions: true)
    // An infinite maximum would make infinity - infinity; shifting by 0 gives the right limits.
    let shift = `where`(abs(largest) .< .infinity, largest, 0)
    let total = exp(self - shift).sum(axes: axes, keepingDimensions: true)
    let result = log(total) + shift
    return keepingDimensions ? result : result.reshaped(plan.removed)
  }

  static let infinity = Tensor(floatLiteral: .infinity)
}
