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
    let plan = Reduction(self, axes, "sum", file, line)
    let type = dtype.isFloatingPoint ? dtype : .int64
    let result = plan.run(ADJ_SUM, dtype: type, empty: 0, keepingDimensions)
    guard isTracked else { return result }
    return result.recorded("sum", self) { plan.stretched($0) }
  }

  /// The arithmetic mean over the given axes, or over all elements; NaN of nothing.
  public func mean(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    if !dtype.isFloatingPoint {
      programmingError(
        "mean", "needs a floating dtype, not \(dtype); cast first", file: file, line: line)
    }
    _ = Reduction(self, axes, "mean", file, line)  // checks the axes under this name
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
    let plan = Reduction(self, axes, "\(name)", file, line)
    let result = plan.run(op, dtype: dtype, empty: nil, keeping)
    guard isTracked else { return result }
    return result.recorded(
      name, self,
      .gradientAndOutput { g, y in
        let hit = (self .== plan.stretched(y)).cast(to: g.dtype)
        let ties = hit.sum(axes: plan.axes, keepingDimensions: true)
        return plan.stretched(g) * (hit / ties)
      })
  }

  /// The index of the first largest element along an axis, or in row-major order over all.
  ///
  /// A NaN counts as the largest. The result is `int64` and has no derivative.
  public func argMax(
    axis: Int? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    Reduction(self, axis.map { [$0] }, "argMax", file, line)
      .run(ADJ_ARGMAX, dtype: .int64, empty: nil, keepingDimensions)
  }

  /// The index of the first smallest element; see `argMax`.
  public func argMin(
    axis: Int? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    Reduction(self, axis.map { [$0] }, "argMin", file, line)
      .run(ADJ_ARGMIN, dtype: .int64, empty: nil, keepingDimensions)
  }

  /// log(sum(exp(x))) over the given axes, shifted by the maximum so that it never overflows.
  ///
  /// Nothing, or all elements -infinity, give -infinity; an element +infinity gives +infinity.
  public func logSumExp(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    if !dtype.isFloatingPoint {
      programmingError("logSumExp", "needs a floating dtype, not \(dtype)", file: file, line: line)
    }
    let plan = Reduction(self, axes, "logSumExp", file, line)
    let largest = plan.run(ADJ_MAX, dtype: dtype, empty: -.infinity, true)
    // An infinite maximum would make infinity - infinity; shifting by 0 gives the right limits.
    let shift = `where`(abs(largest) .< .infinity, largest, 0)
    let total = exp(self - shift).sum(axes: axes, keepingDimensions: true)
    let result = log(total) + shift
    return keepingDimensions ? result : result.reshaped(plan.removed)
  }

  static let infinity = Tensor(floatLiteral: .infinity)
}

/// What a reduction needs to know: which axes go, and the operand seen as [outer, length, inner].
private struct Reduction {
  let axes: [Int]
  private let operand: Tensor
  private let name: String
  private let file: StaticString
  private let line: UInt

  init(_ x: Tensor, _ axes: [Int]?, _ name: String, _ file: StaticString, _ line: UInt) {
    self.axes = (axes ?? Array(0..<x.rank)).map { axis in
      guard let found = x.shape.normalized(axis: axis) else {
        programmingError(
          name, "axis \(axis) is out of range for shape \(x.shape)", file: file, line: line)
      }
      return found
    }.sorted()
    operand = x.detached
    (self.name, self.file, self.line) = (name, file, line)
    if Set(self.axes).count != self.axes.count {
      programmingError(name, "axes \(self.axes) name an axis twice", file: file, line: line)
    }
  }

  /// The shape with the reduced axes at size 1.
  private var kept: Shape {
    var shape = operand.shape
    for axis in axes { shape[axis] = 1 }
    return shape
  }

  /// The shape without the reduced axes.
  var removed: Shape {
    Shape(unchecked: operand.shape.indices.filter { !axes.contains($0) }.map { operand.shape[$0] })
  }

  func run(_ op: adj_reduction, dtype: DType, empty: Double?, _ keeping: Bool) -> Tensor {
    let shape = keeping ? kept : removed
    let length = axes.reduce(1) { $0 * operand.shape[$1] }
    if length == 0 {
      if let empty { return Tensor.full(shape, empty, dtype: dtype) }
      if shape.elementCount > 0 {
        programmingError(
          name, "has no value over axes \(axes) of shape \(operand.shape): they are empty",
          file: file, line: line)
      }
    }
    if shape.elementCount == 0 { return Tensor.zeros(shape, dtype: dtype) }
    // Neighbouring axes are one axis; others are brought to the end first.
    var source = operand
    var inner = 1
    if let first = axes.first, let last = axes.last {
      if last - first + 1 == axes.count {
        inner = Shape(unchecked: operand.shape[(last + 1)...]).elementCount
      } else {
        source = operand.permuted(operand.shape.indices.filter { !axes.contains($0) } + axes)
      }
    }
    return Tensor(
      source.payload.contiguous.reduced(
        op, outer: shape.elementCount / inner, length: length, inner: inner, shape: shape,
        dtype: dtype))
  }

  /// A result or its gradient back in the operand's shape.
  func stretched(_ g: Tensor) -> Tensor { g.reshaped(kept).broadcast(to: operand.shape) }
}
