/// What a quantile is where it falls between two elements.
public enum QuantileInterpolation: Sendable, CaseIterable {
  /// On the line between them, in proportion.
  case linear
  /// The lower one.
  case lower
  /// The higher one.
  case higher
  /// Their mean.
  case midpoint
  /// The nearer one; halfway, the one whose position is even.
  case nearest
}

extension Tensor {
  /// The middle element in order over the given axes, or over all elements.
  ///
  /// Of an even number it is the lower of the two in the middle, as in PyTorch; for their mean, as in
  /// NumPy, see `quantile`. NaN if there is one. Elements equal to the median share the derivative
  /// evenly.
  ///
  /// Shapes: as in `sum`.
  public func median(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let plan = ReductionPlan(self, axes, "median", file, line)
    plan.requireElements()
    let shape = plan.shape(keepingDimensions: keepingDimensions)
    let result =
      shape.elementCount == 0 ? Tensor.zeros(shape, dtype: dtype) : middle(of: plan).reshaped(shape)
    guard isTracked else { return result }
    return result.recorded(
      "median", self, .gradientAndOutput { g, y in plan.shared(g, among: self, equalTo: y) })
  }

  private func middle(of plan: ReductionPlan) -> Tensor {
    let rows = plan.rows(detached).sorted().values
    let middle = (plan.length - 1) / 2
    let last = rows.sliced((plan.length - 1)..., axis: -1)
    // Sorted last, a NaN tells of itself there.
    return `where`(last .!= last, last, rows.sliced(middle...middle, axis: -1))
  }

  /// The element below which a fraction `q` of the others lies, over the given axes or all elements.
  ///
  /// It stands at position q (n - 1) in order. NaN if there is one. Derivatives flow to the one or
  /// two elements it is made of.
  ///
  /// Shapes: as in `sum`.
  /// - Parameters:
  ///   - q: a fraction in 0 ... 1; 0.5 for the median.
  ///   - axes: the axes to go over, negative ones from the end; nil for all.
  ///   - interpolation: what to take between two elements.
  ///   - keepingDimensions: whether reduced axes stay with size 1.
  public func quantile(
    _ q: Double, axes: [Int]? = nil, interpolation: QuantileInterpolation = .linear,
    keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let plan = ReductionPlan(self, axes, "quantile", file, line)
    return quantile(
      q, plan, interpolation, keepingDimensions, ignoringNaN: false, "quantile", file, line)
  }

  /// The quantile of a plan; each row may have another number of elements that count.
  func quantile(
    _ q: Double, _ plan: ReductionPlan, _ interpolation: QuantileInterpolation, _ keeping: Bool,
    ignoringNaN: Bool, _ name: StaticString, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    requireFloating(name, file, line)
    if !(0...1).contains(q) {
      programmingError("\(name)", "needs a fraction in 0 ... 1, not \(q)", file: file, line: line)
    }
    plan.requireElements()
    let shape = plan.shape(keepingDimensions: keeping)
    if shape.elementCount == 0 { return sum(axes: plan.axes, keepingDimensions: keeping) }
    let rows = plan.rows(self)
    let sorted = rows.sorted().values
    // NaN are last. A row of nothing but NaN has one element that counts.
    let numbers = (rows.detached .== rows.detached)
      .sum(axes: [-1], keepingDimensions: true).cast(to: .float64)
    let count =
      ignoringNaN
      ? maximum(numbers, 1) : Tensor.full(numbers.shape, Double(plan.length), dtype: .float64)
    let position = q * (count - 1)
    let (low, high) = (floor(position), ceil(position))
    let lines = AxisLines(sorted, axis: -1, name, file, line)
    func element(_ position: Tensor) -> Tensor {
      lines.elements(of: sorted, at: position.cast(to: .int64))
    }
    func between(_ weight: Tensor) -> Tensor {
      let (a, b) = (element(low), element(high))
      return `where`(abs(a) .== .infinity, a, a + (b - a) * weight.cast(to: dtype))
    }
    let value =
      switch interpolation {
      case .linear: between(position - low)
      case .midpoint: between((high - low) * 0.5)
      case .lower: element(low)
      case .higher: element(high)
      case .nearest: element(round(position))
      }
    if ignoringNaN { return value.reshaped(shape) }
    let last = sorted.sliced((plan.length - 1)..., axis: -1)
    return `where`(last .!= last, last, value).reshaped(shape)
  }
}
