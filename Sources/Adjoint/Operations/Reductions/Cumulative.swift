import CAdjoint

// Running sums, products and extremes along an axis: element k of a result is made of the elements up
// to k. Floats are accumulated in double precision.

extension Tensor {
  /// The sum of the elements up to each one along an axis.
  ///
  /// Integers and bools give `int64`.
  public func cumulativeSum(
    axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    cumulativeSum(axis: checkedAxis(axis, "cumulativeSum", file, line), reversed: false)
  }

  private func cumulativeSum(axis: Int, reversed: Bool) -> Tensor {
    let result = scanned(ADJ_SCAN_SUM, axis, reversed)
    guard isTracked else { return result }
    return result.recorded("cumulativeSum", self) {
      $0.cumulativeSum(axis: axis, reversed: !reversed)
    }
  }

  /// The product of the elements up to each one along an axis.
  ///
  /// Integers and bools give `int64`. The derivative is exact also where elements are 0.
  public func cumulativeProduct(
    axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    cumulativeProduct(axis: checkedAxis(axis, "cumulativeProduct", file, line), reversed: false)
  }

  /// The running product from either end.
  func cumulativeProduct(axis: Int, reversed: Bool) -> Tensor {
    let result = scanned(ADJ_SCAN_PRODUCT, axis, reversed)
    guard isTracked else { return result }
    return result.recorded(
      "cumulativeProduct", self,
      .gradientAndOutput { g, y in
        // What comes before x_i times r_i, where r_i = g_i + x_(i+1) r_(i+1) collects what follows.
        let before = y.shifted(along: axis, backwards: reversed, filling: 1)
        let next = self.shifted(along: axis, backwards: !reversed, filling: 0)
        return before * linearRecurrence(next, g, axis: axis, reversed: !reversed)
      })
  }

  /// log(sum(exp(x))) of the elements up to each one along an axis, without overflow.
  public func cumulativeLogSumExp(
    axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireFloating("cumulativeLogSumExp", file, line)
    let axis = checkedAxis(axis, "cumulativeLogSumExp", file, line)
    let result = scanned(ADJ_SCAN_LOG_SUM_EXP, axis, false)
    guard isTracked else { return result }
    return result.recorded(
      "cumulativeLogSumExp", self,
      .gradientAndOutput { g, y in
        // s_i = g_i + exp(y_i - y_(i+1)) s_(i+1): factors of at most 1, where exp(-y) would overflow.
        let lowest = y.dtype == .float32 ? -1e38 : -1e308
        let finite = maximum(y, Tensor(lowest, dtype: y.dtype))
        let next = finite.shifted(along: axis, backwards: true, filling: 0)
        let s = linearRecurrence(exp(finite - next), g, axis: axis, reversed: true)
        return exp(self - finite) * s
      })
  }

  /// The largest element up to each one along an axis, and its index.
  ///
  /// Of equal elements the last one counts, and a NaN is the largest from there on. The derivative
  /// goes to the element of the index.
  public func cumulativeMax(
    axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor) {
    cumulativeExtreme(largest: true, AxisLines(self, axis: axis, "cumulativeMax", file, line))
  }

  /// The smallest element up to each one along an axis, and its index; see `cumulativeMax`.
  public func cumulativeMin(
    axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor) {
    cumulativeExtreme(largest: false, AxisLines(self, axis: axis, "cumulativeMin", file, line))
  }

  private func cumulativeExtreme(
    largest: Bool, _ lines: AxisLines
  ) -> (values: Tensor, indices: Tensor) {
    let indices = Tensor(payload.contiguous.runningExtreme(largest: largest, axis: lines.axis))
    return (lines.elements(of: self, at: indices), indices)
  }

  private func scanned(_ op: adj_scan_op, _ axis: Int, _ reversed: Bool) -> Tensor {
    let type = dtype.isFloatingPoint ? dtype : .int64
    return Tensor(payload.contiguous.scanned(op, axis: axis, reversed: reversed, dtype: type))
  }
}

/// y_k = a_k y_(k-1) + b_k along an axis, from the other end if `reversed`; the first is b_0.
///
/// `a` and `b` have one shape. The derivatives of running products are such recurrences, and so are
/// its own.
func linearRecurrence(_ a: Tensor, _ b: Tensor, axis: Int, reversed: Bool) -> Tensor {
  let result = Tensor(
    Payload.linearRecurrence(
      a.payload.contiguous, b.payload.contiguous, axis: axis, reversed: reversed))
  func back(_ g: Tensor) -> Tensor {
    linearRecurrence(
      a.shifted(along: axis, backwards: !reversed, filling: 0), g, axis: axis, reversed: !reversed)
  }
  return result.recorded(
    "linearRecurrence", a,
    .gradientAndOutput { g, y in
      back(g) * y.shifted(along: axis, backwards: reversed, filling: 0)
    }, b, .gradient { back($0) })
}
