import CAdjoint

extension Tensor {
  /// The variance sum((x - mean)^2) / (n - correction) over the given axes, or over all elements.
  ///
  /// The mean is taken first and kept in double precision, so numbers far from zero lose nothing.
  /// With fewer elements than `correction`, or as many, the result is NaN or infinite.
  ///
  /// Shapes: as in `sum`.
  /// - Parameters:
  ///   - axes: the axes to go over, negative ones from the end; nil for all.
  ///   - correction: 1 for the unbiased estimate from a sample, 0 for a whole population.
  ///   - keepingDimensions: whether reduced axes stay with size 1.
  public func variance(
    axes: [Int]? = nil, correction: Double = 1, keepingDimensions: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireFloating("variance", file, line)
    let plan = ReductionPlan(self, axes, "variance", file, line)
    let freedom = Swift.max(Double(plan.length) - correction, 0)
    let result = squaredDeviations(plan, keepingDimensions) / freedom
    guard isTracked else { return result }
    let scale: Double = 2 / freedom  // with a literal it would be a tensor
    return result.recorded("variance", self) { g in
      plan.stretched(g * scale)
        * (self - self.mean(axes: plan.axes, keepingDimensions: true))
    }
  }

  /// The standard deviation: the square root of `variance`.
  ///
  /// Where all elements are equal it is 0 and so is its derivative.
  public func standardDeviation(
    axes: [Int]? = nil, correction: Double = 1, keepingDimensions: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireFloating("standardDeviation", file, line)
    let plan = ReductionPlan(self, axes, "standardDeviation", file, line)
    let freedom = Swift.max(Double(plan.length) - correction, 0)
    let result = sqrt(squaredDeviations(plan, keepingDimensions) / freedom)
    guard isTracked else { return result }
    return result.recorded(
      "standardDeviation", self,
      .gradientAndOutput { g, y in
        let slope = `where`(y .== 0, 0, g / (freedom * `where`(y .== 0, 1, y)))
        return plan.stretched(slope)
          * (self - self.mean(axes: plan.axes, keepingDimensions: true))
      })
  }

  /// `variance` and `mean` over the same axes.
  public func varianceAndMean(
    axes: [Int]? = nil, correction: Double = 1, keepingDimensions: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> (variance: Tensor, mean: Tensor) {
    let variance = variance(
      axes: axes, correction: correction, keepingDimensions: keepingDimensions, file: file,
      line: line)
    return (variance, mean(axes: axes, keepingDimensions: keepingDimensions))
  }

  /// `standardDeviation` and `mean` over the same axes.
  public func standardDeviationAndMean(
    axes: [Int]? = nil, correction: Double = 1, keepingDimensions: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> (standardDeviation: Tensor, mean: Tensor) {
    let deviation = standardDeviation(
      axes: axes, correction: correction, keepingDimensions: keepingDimensions, file: file,
      line: line)
    return (deviation, mean(axes: axes, keepingDimensions: keepingDimensions))
  }

  /// sum((x - mean)^2) without recording.
  private func squaredDeviations(_ plan: ReductionPlan, _ keepingDimensions: Bool) -> Tensor {
    let total = plan.run(ADJ_SUM_WIDE, dtype: .float64, empty: 0, keepingDimensions: true)
    let center = plan.length == 0 ? total : total / Double(plan.length)
    let deviations = (detached.cast(to: .float64) - center).cast(to: dtype)
    return ReductionPlan(deviations, plan.axes, "variance", #fileID, #line)
      .run(ADJ_SUM_SQUARES, dtype: dtype, empty: 0, keepingDimensions: keepingDimensions)
  }
}

/// The covariance matrix of variables, each a row of observations.
///
/// C_ij = sum_k (x_ik - mean_i) (x_jk - mean_j) / (n - correction).
///
/// Shapes: `[variables, n]` gives `[variables, variables]`; one variable `[n]` gives a single number.
public func covariance(
  _ x: Tensor, correction: Double = 1, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let deviations = x.deviationsOfRows("covariance", file, line)
  let freedom = Swift.max(Double(x.shape[x.rank - 1]) - correction, 0)
  return matmul(deviations, deviations.transposed()) / freedom
}

/// The Pearson correlation matrix of variables, each a row of observations.
///
/// NaN where a variable is constant.
///
/// Shapes: as in `covariance`.
public func correlation(
  _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let deviations = x.deviationsOfRows("correlation", file, line)
  let directions = deviations / deviations.norm(axes: [-1], keepingDimensions: true)
  return matmul(directions, directions.transposed())
}

extension Tensor {
  /// A vector or the rows of a matrix, each less its mean.
  fileprivate func deviationsOfRows(
    _ name: StaticString, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    requireFloating(name, file, line)
    if rank != 1 && rank != 2 {
      programmingError(
        "\(name)", "needs observations [n] or rows of them [variables, n], not shape \(shape)",
        file: file, line: line)
    }
    return self - mean(axes: [-1], keepingDimensions: true)
  }
}
