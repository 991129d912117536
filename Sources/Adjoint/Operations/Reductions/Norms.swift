import CAdjoint

extension Tensor {
  /// The p-norm (sum |x|^p)^(1/p) over the given axes, or over all elements.
  ///
  /// Order 2 over two axes is the Frobenius norm of matrices. Order infinity is the largest and
  /// -infinity the smallest magnitude, 0 the number of elements that are not 0. Squares are summed in
  /// double precision, so float32 neither overflows nor underflows on the way. The derivative of a
  /// zero vector is 0; equal largest or smallest magnitudes share it evenly.
  ///
  /// Shapes: as in `sum`.
  /// - Parameters:
  ///   - order: p; 2 for the Euclidean norm.
  ///   - axes: the axes to go over, negative ones from the end; nil for all.
  ///   - keepingDimensions: whether reduced axes stay with size 1.
  public func norm(
    order: Double = 2, axes: [Int]? = nil, keepingDimensions: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireFloating("norm", file, line)
    let plan = ReductionPlan(self, axes, "norm", file, line)
    let keeping = keepingDimensions
    switch order {
    case 0: return (self .!= 0).sum(axes: axes, keepingDimensions: keeping).cast(to: dtype)
    case 1: return abs(self).sum(axes: axes, keepingDimensions: keeping)
    case Double.infinity, -Double.infinity:
      plan.requireElements()
      return order > 0
        ? abs(self).max(axes: axes, keepingDimensions: keeping)
        : abs(self).min(axes: axes, keepingDimensions: keeping)
    default: break
    }
    let result =
      order == 2
      ? sqrt(
        plan.run(ADJ_SUM_SQUARES_WIDE, dtype: .float64, empty: 0, keepingDimensions: keeping)
      ).cast(to: dtype)
      : scaledNorm(order, plan).reshaped(plan.shape(keepingDimensions: keeping))
    guard isTracked else { return result }
    return result.recorded(
      "norm", self,
      .gradientAndOutput { g, y in
        let size = `where`(y .== 0, 1, y)
        if order == 2 { return self * plan.stretched(`where`(y .== 0, 0, g / size)) }
        let vanishes = (self .== 0) .| plan.stretched(y .== 0)
        let ratio = abs(`where`(vanishes, 1, self)) / plan.stretched(size)
        let power = pow(ratio, Tensor(order - 1, dtype: g.dtype))
        return `where`(vanishes, 0, plan.stretched(g) * sign(self) * power)
      })
  }

  /// The norm of any order, of elements that are scaled by the largest magnitude first.
  private func scaledNorm(_ order: Double, _ plan: ReductionPlan) -> Tensor {
    let sizes = abs(detached)
    let largest = ReductionPlan(sizes, plan.axes, "norm", #fileID, #line)
      .run(ADJ_MAX, dtype: dtype, empty: 0, keepingDimensions: true)
    let scale = `where`((largest .> 0) .& (largest .< .infinity), largest, 1)
    let powers = pow(sizes / scale, Tensor(order, dtype: dtype))
    let total = powers.sum(axes: plan.axes, keepingDimensions: true)
    return scale * pow(total, Tensor(1 / order, dtype: dtype))
  }

  /// Vectors along an axis divided by their norms, or by `epsilon` where those are smaller.
  public func normalized(
    order: Double = 2, axis: Int = -1, epsilon: Double = 1e-12, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    requireFloating("normalized", file, line)
    let at = checkedAxis(axis, "normalized", file, line)
    return self
      / maximum(
        norm(order: order, axes: [at], keepingDimensions: true), Tensor(epsilon, dtype: dtype))
  }

  /// The slices along an axis, those with a norm above `maximum` scaled down to it.
  ///
  /// PyTorch's `renorm`.
  ///
  /// Rows of a matrix are slices along axis 0. Here norms become exactly `maximum`, up to rounding.
  public func renormalized(
    axis: Int = 0, maximum: Double, order: Double = 2, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    requireFloating("renormalized", file, line)
    let at = checkedAxis(axis, "renormalized", file, line)
    if !(maximum >= 0) {
      programmingError(
        "renormalized", "the maximum must not be negative, but is \(maximum)", file: file,
        line: line)
    }
    let others = (0..<rank).filter { $0 != at }
    let sizes = norm(order: order, axes: others, keepingDimensions: true, file: file, line: line)
    let isAbove = sizes .> Tensor(floatLiteral: maximum)
    let scale = maximum / `where`(isAbove, sizes, 1)
    return `where`(isAbove, self * scale, self)
  }
}
