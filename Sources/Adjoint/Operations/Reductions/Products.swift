import CAdjoint

extension Tensor {
  /// The product over the given axes, or over all elements.
  ///
  /// Integers and bools are multiplied as `int64` and wrap. The product of nothing is 1. The derivative
  /// with respect to an element is the product of the others, also where elements are 0.
  ///
  /// Shapes: as in `sum`.
  public func product(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let plan = ReductionPlan(self, axes, "product", file, line)
    let type = dtype.isFloatingPoint ? dtype : .int64
    let result = plan.run(ADJ_PRODUCT, dtype: type, empty: 1, keepingDimensions: keepingDimensions)
    guard isTracked else { return result }
    let rows = plan.rows(self)
    let last = rows.rank - 1
    return result.recorded("product", rows) { g in
      // Dividing the product by the element would make 0 / 0 of zeros.
      let before = rows.cumulativeProduct(axis: last, reversed: false)
        .shifted(along: last, backwards: false, filling: 1)
      let after = rows.cumulativeProduct(axis: last, reversed: true)
        .shifted(along: last, backwards: true, filling: 1)
      return g.reshaped(plan.removed).expandingDimension(at: -1) * (before * after)
    }
  }
}
