// Tensors taken apart along an axis. All parts are views.

extension Tensor {
  /// A range of one axis, as a view.
  ///
  /// Negative bounds count from the end. A range beyond the axis is an error.
  ///
  /// Shapes: `[..., n, ...]` gives `[..., range.count, ...]`.
  public func sliced(
    _ range: some RangeExpression<Int>, axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let at = self.axis(axis, "sliced", file, line)
    // An open end is the axis's own. Asked for within 0 ..< size, a range that starts behind the end
    // would stop the program in the standard library, without a word about shapes.
    let wanted = range.relative(to: Int.min..<Int.max)
    let open = (lower: wanted.lowerBound == .min, upper: wanted.upperBound == .max)
    let fromTheEnd = wanted.lowerBound < 0 && wanted.upperBound == 0
    let index = AxisIndex.span(
      open.lower ? nil : wanted.lowerBound,
      open.upper || (fromTheEnd && !open.lower) ? nil : wanted.upperBound, step: 1)
    var region = Region(allOf: shape)
    region.narrow(axis: at, to: index, named: axis, "sliced", file, line)
    return selected("sliced", region)
  }

  /// Parts of the given sizes, which add up to the size of the axis.
  ///
  /// Shapes: `[5, 2]` with sizes `[2, 3]` gives `[2, 2]` and `[3, 2]`.
  public func split(
    _ sizes: [Int], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    let at = self.axis(axis, "split", file, line)
    // A part longer than the axis is looked for first: sums of huge numbers wrap around.
    if sizes.contains(where: { $0 < 0 || $0 > shape[at] }) || sizes.reduce(0, &+) != shape[at] {
      programmingError(
        "split", "axis \(axis) of shape \(shape) does not consist of parts \(sizes)", file: file,
        line: line)
    }
    var end = 0
    return sizes.map { size in
      end += size
      return sliced(end - size..<end, axis: at)
    }
  }

  /// Parts of one size, the last of which may be smaller.
  public func split(
    every size: Int, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    let at = self.axis(axis, "split", file, line)
    if size < 1 {
      programmingError(
        "split", "a part of shape \(shape) needs a size of at least 1, not \(size)", file: file,
        line: line)
    }
    return stride(from: 0, to: shape[at], by: size).map {
      sliced($0..<$0 + Swift.min(size, shape[at] - $0), axis: at)
    }
  }

  /// A number of parts as equal as possible.
  ///
  /// The first ones are longer by one where it does not divide the axis.
  public func split(
    into parts: Int, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    let at = self.axis(axis, "split", file, line)
    if parts < 1 {
      programmingError(
        "split", "shape \(shape) can be split into 1 or more parts, not \(parts)", file: file,
        line: line)
    }
    let (size, longer) = shape[at].quotientAndRemainder(dividingBy: parts)
    return (0..<parts).map { part in
      let start = part * size + Swift.min(part, longer)
      return sliced(start..<start + size + (part < longer ? 1 : 0), axis: at)
    }
  }

  /// At most `count` parts of one size, the last of which may be smaller.
  ///
  /// Five elements in four chunks are 2, 2 and 1; for parts that differ by at most one element see
  /// `split(into:)`.
  public func chunked(
    into count: Int, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    let at = self.axis(axis, "chunked", file, line)
    if count < 1 {
      programmingError(
        "chunked", "shape \(shape) can be cut into 1 or more chunks, not \(count)", file: file,
        line: line)
    }
    if shape[at] == 0 { return [self] }
    return split(every: (shape[at] - 1) / count + 1, axis: at)
  }

  /// The slices of one axis, without it: the reverse of `stacked`.
  ///
  /// Shapes: `[3, 2]` gives three times `[2]` along axis 0, twice `[3]` along axis 1.
  public func unstacked(
    axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    let at = self.axis(axis, "unstacked", file, line)
    return (0..<shape[at]).map { index in
      var region = Region(allOf: shape)
      region.origin[at] = index
      region.axes.remove(at: at)
      return selected("subscript", region)
    }
  }
}
