extension Tensor {
  /// The differences x_(k+1) - x_k of neighbours along an axis, taken `order` times.
  ///
  /// Shapes: `[..., n, ...]` gives `[..., max(n - order, 0), ...]`.
  public func diff(
    order: Int = 1, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let at = checkedAxis(axis, "diff", file, line)
    if order < 0 || dtype == .bool {
      programmingError(
        "diff", "needs numbers and an order of at least 0, not \(dtype) and \(order)", file: file,
        line: line)
    }
    var result = self
    for _ in 0..<Swift.min(order, shape[at]) {
      result = result.sliced(1..., axis: at) - result.withoutLast(at)
    }
    return result
  }

  /// The integral along an axis by the trapezoidal rule, from samples at equal distances.
  ///
  /// Shapes: `[..., n, ...]` gives `[..., ...]`.
  public func trapezoid(
    spacing: Double = 1, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireFloating("trapezoid", file, line)
    let at = checkedAxis(axis, "trapezoid", file, line)
    return neighbourMeans(at).sum(axes: [at]) * spacing
  }

  /// The integral along an axis by the trapezoidal rule, from samples at the points `x`.
  ///
  /// Shapes: samples `[..., n, ...]` at points `[n]`, or at points of their own shape, give
  /// `[..., ...]`.
  public func trapezoid(
    x: Tensor, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let (at, widths) = widths(x, axis, "trapezoid", file, line)
    return (neighbourMeans(at) * widths).sum(axes: [at])
  }

  /// The integral up to each point but the first, from samples at equal distances.
  ///
  /// Shapes: `[..., n, ...]` gives `[..., n - 1, ...]`.
  public func cumulativeTrapezoid(
    spacing: Double = 1, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireFloating("cumulativeTrapezoid", file, line)
    let at = checkedAxis(axis, "cumulativeTrapezoid", file, line)
    return neighbourMeans(at).cumulativeSum(axis: at) * spacing
  }

  /// The integral up to each of the points `x` but the first; see `trapezoid`.
  public func cumulativeTrapezoid(
    x: Tensor, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let (at, widths) = widths(x, axis, "cumulativeTrapezoid", file, line)
    return (neighbourMeans(at) * widths).cumulativeSum(axis: at)
  }

  /// The slope of a sampled function at every sample, from its neighbours: NumPy's `gradient`.
  ///
  /// Central differences of second order inside, differences of two samples at the ends. This is the
  /// slope along an axis of numbers; for derivatives of Swift functions see `gradients`.
  ///
  /// Shapes: the tensor's own; the axis needs at least two samples.
  public func sampledSlope(
    spacing: Double = 1, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireFloating("sampledSlope", file, line)
    let at = checkedAxis(axis, "sampledSlope", file, line)
    requireSamples(at, file, line)
    let slopes = diff(axis: at) / spacing
    return slopes.betweenEnds((slopes.sliced(1..., axis: at) + slopes.withoutLast(at)) * 0.5, at)
  }

  /// The slope of a function sampled at the points `x`; see the variant for equal distances.
  ///
  /// Shapes: samples `[..., n, ...]` at points `[n]`, or at points of their own shape.
  public func sampledSlope(
    x: Tensor, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let (at, widths) = widths(x, axis, "sampledSlope", file, line)
    requireSamples(at, file, line)
    let slopes = diff(axis: at) / widths
    let left = widths.withoutLast(at)
    let right = widths.sliced(1..., axis: at)
    // Each slope weighs as much as the other interval is wide.
    let inside = (left * slopes.sliced(1..., axis: at) + right * slopes.withoutLast(at))
    return slopes.betweenEnds(inside / (left + right), at)
  }

  private func requireSamples(_ axis: Int, _ file: StaticString, _ line: UInt) {
    if shape[axis] < 2 {
      programmingError(
        "sampledSlope", "axis \(axis) of shape \(shape) needs at least two samples", file: file,
        line: line)
    }
  }

  /// The first and the last slice around others.
  private func betweenEnds(_ inside: Tensor, _ axis: Int) -> Tensor {
    let last = shape[axis] - 1
    return concatenated(
      [sliced(..<1, axis: axis), inside, sliced(last..., axis: axis)], axis: axis)
  }

  /// The distances between neighbouring points, in a shape that broadcasts with the samples'.
  private func widths(
    _ x: Tensor, _ axis: Int, _ name: StaticString, _ file: StaticString, _ line: UInt
  ) -> (axis: Int, widths: Tensor) {
    requireFloating(name, file, line)
    let at = checkedAxis(axis, name, file, line)
    if x.dtype != dtype || x.shape != shape && x.shape != [shape[at]] {
      programmingError(
        "\(name)",
        "the points must be \(dtype) [\(shape[at])] or of the samples' shape \(shape), not "
          + "\(x.dtype) \(x.shape)", file: file, line: line)
    }
    if x.shape == shape { return (at, x.diff(axis: at)) }
    var sizes = Shape(repeating: 1, count: rank)
    let widths = x.diff()
    sizes[at] = widths.elementCount
    return (at, widths.reshaped(sizes))
  }

  private func neighbourMeans(_ axis: Int) -> Tensor {
    if shape[axis] == 0 { return self }
    return (sliced(1..., axis: axis) + withoutLast(axis)) * 0.5
  }

  private func withoutLast(_ axis: Int) -> Tensor {
    sliced(..<(shape[axis] - 1), axis: axis)
  }
}
