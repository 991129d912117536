// Reductions for which a NaN is a missing value, under the names NumPy gave them. The derivative with
// respect to a NaN is 0.

extension Tensor {
  /// The sum of the elements that are not NaN; 0 if there is none.
  public func nanSum(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    _ = ReductionPlan(self, axes, "nanSum", file, line)  // checks the axes under this name
    return replacingNaN(by: 0).sum(axes: axes, keepingDimensions: keepingDimensions)
  }

  /// The mean of the elements that are not NaN; NaN if there is none.
  public func nanMean(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    requireFloating("nanMean", file, line)
    _ = ReductionPlan(self, axes, "nanMean", file, line)
    return replacingNaN(by: 0).sum(axes: axes, keepingDimensions: keepingDimensions)
      / numberCount(axes, keepingDimensions)
  }

  /// The variance of the elements that are not NaN; see `variance`.
  public func nanVariance(
    axes: [Int]? = nil, correction: Double = 1, keepingDimensions: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireFloating("nanVariance", file, line)
    _ = ReductionPlan(self, axes, "nanVariance", file, line)
    let deviations = self - nanMean(axes: axes, keepingDimensions: true)
    let freedom = maximum(numberCount(axes, keepingDimensions) - correction, 0)
    let squares = square(`where`(self .== self, deviations, 0))
    return squares.sum(axes: axes, keepingDimensions: keepingDimensions) / freedom
  }

  /// The standard deviation of the elements that are not NaN; see `standardDeviation`.
  public func nanStandardDeviation(
    axes: [Int]? = nil, correction: Double = 1, keepingDimensions: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireFloating("nanStandardDeviation", file, line)
    _ = ReductionPlan(self, axes, "nanStandardDeviation", file, line)
    let variance = nanVariance(
      axes: axes, correction: correction, keepingDimensions: keepingDimensions)
    // The root of 1 where there is none to take: its derivative at 0 is infinite.
    let positive = variance .!= 0
    return `where`(positive, sqrt(`where`(positive, variance, 1)), 0)
  }

  /// The largest element that is not NaN; NaN if there is none.
  ///
  /// Equal largest elements share the gradient evenly. The maximum of nothing is an error.
  public func nanMax(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    ReductionPlan(self, axes, "nanMax", file, line).requireElements()
    let largest = replacingNaN(by: -.infinity).max(axes: axes, keepingDimensions: keepingDimensions)
    return orNaN(largest, axes, keepingDimensions)
  }

  /// The smallest element that is not NaN; see `nanMax`.
  public func nanMin(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    ReductionPlan(self, axes, "nanMin", file, line).requireElements()
    let smallest = replacingNaN(by: .infinity).min(axes: axes, keepingDimensions: keepingDimensions)
    return orNaN(smallest, axes, keepingDimensions)
  }

  /// The quantile of the elements that are not NaN; NaN if there is none.
  ///
  /// See `quantile`.
  public func nanQuantile(
    _ q: Double, axes: [Int]? = nil, interpolation: QuantileInterpolation = .linear,
    keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let plan = ReductionPlan(self, axes, "nanQuantile", file, line)
    return quantile(
      q, plan, interpolation, keepingDimensions, ignoringNaN: true, "nanQuantile", file, line)
  }

  /// The lower median of the elements that are not NaN; NaN if there is none.
  ///
  /// The derivative goes to the element chosen.
  public func nanMedian(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let plan = ReductionPlan(self, axes, "nanMedian", file, line)
    return quantile(
      0.5, plan, .lower, keepingDimensions, ignoringNaN: true, "nanMedian", file, line)
  }

  private func replacingNaN(by value: Double) -> Tensor {
    dtype.isFloatingPoint ? `where`(self .== self, self, Tensor(value, dtype: dtype)) : self
  }

  /// How many elements are not NaN, in this tensor's dtype.
  private func numberCount(_ axes: [Int]?, _ keeping: Bool) -> Tensor {
    (self .== self).sum(axes: axes, keepingDimensions: keeping).cast(to: dtype)
  }

  /// A result where a number went into it, NaN elsewhere.
  private func orNaN(_ result: Tensor, _ axes: [Int]?, _ keeping: Bool) -> Tensor {
    if !dtype.isFloatingPoint { return result }
    return `where`((self .== self).any(axes: axes, keepingDimensions: keeping), result, .nan)
  }

  private static let nan = Tensor(floatLiteral: .nan)
}
