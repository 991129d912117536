extension Tensor {
  /// What is put before and after the elements of an axis.
  public enum Padding: Sendable {
    /// One number.
    case constant(Double)
    /// The elements mirrored at the first and the last, which are not repeated: 3, 2, 1, 2, 3.
    case reflect
    /// The first and the last element again and again: 1, 1, 1, 2, 3.
    case replicate
    /// The elements from the other end: 2, 3, 1, 2, 3.
    case circular
  }

  /// Longer along the last axes, by a number of elements before and after each.
  ///
  /// The last width belongs to the last axis; axes without a width stay.
  ///
  /// Shapes: `[n, 28, 28]` with widths `[(1, 1), (2, 2)]` gives `[n, 30, 32]`. A reflection needs
  /// fewer elements than there are, a circular padding at most as many.
  public func padded(
    _ widths: [(before: Int, after: Int)], with padding: Padding = .constant(0),
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var base = shape
    if widths.count > rank {
      programmingError(
        "padded", "\(widths.count) widths for shape \(shape) of rank \(rank)", file: file,
        line: line)
    }
    for (axis, width) in zip(rank - widths.count..<rank, widths) {
      let (room, overflow) = width.before.addingReportingOverflow(width.after)
      let (size, tooLong) = shape[axis].addingReportingOverflow(room)
      if width.before < 0 || width.after < 0 || overflow || tooLong {
        programmingError(
          "padded",
          "axis \(axis) of shape \(shape) cannot grow by \(width.before) and "
            + "\(width.after) elements", file: file, line: line)
      }
      if let limit = padding.limit(shape[axis]), Swift.max(width.before, width.after) > limit {
        programmingError(
          "padded",
          "\(width.before) and \(width.after) elements of \(padding) padding are too many "
            + "for axis \(axis) of shape \(shape): at most \(limit)", file: file, line: line)
      }
      base[axis] = size
    }
    guard case .constant(let value) = padding else {
      return zip(rank - widths.count..<rank, widths).reduce(self) { x, entry in
        x.extended(axis: entry.0, entry.1.before, entry.1.after, padding)
      }
    }
    if Shape(exactly: Array(base)) == nil {
      programmingError(
        "padded", "\(shape) padded to \(base) has more elements than an Int can count", file: file,
        line: line)
    }
    var region = Region(allOf: base)
    for (axis, width) in zip(rank - widths.count..<rank, widths) {
      region.origin[axis] = width.before
      region.axes[axis].count = shape[axis]
    }
    return Tensor.full(base, value, dtype: dtype).replacing(region, with: self)
  }

  /// One axis longer by its own elements.
  private func extended(axis: Int, _ before: Int, _ after: Int, _ padding: Padding) -> Tensor {
    let size = shape[axis]
    func edge(_ index: Int, _ count: Int) -> Tensor {
      var stretched = shape
      stretched[axis] = count
      return sliced(index..<index + 1, axis: axis).broadcast(to: stretched)
    }
    if before == 0 && after == 0 { return self }
    let (left, right) =
      switch padding {
      case .reflect:
        (
          sliced(1..<before + 1, axis: axis).flipped(axes: [axis]),
          sliced(size - 1 - after..<size - 1, axis: axis).flipped(axes: [axis])
        )
      case .replicate: (edge(0, before), edge(size - 1, after))
      case .circular, .constant:
        (sliced(size - before..<size, axis: axis), sliced(0..<after, axis: axis))
      }
    return concatenated([left, self, right], axis: axis)
  }

  /// Moved along axes by a number of places; what falls off one end comes back at the other.
  ///
  /// Shapes and axes: `shifts[i]` belongs to `axes[i]`; a negative shift moves towards the start.
  public func rolled(
    _ shifts: [Int], axes: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if shifts.count != axes.count {
      programmingError(
        "rolled", "\(shifts.count) shifts and \(axes.count) axes for shape \(shape)", file: file,
        line: line)
    }
    return zip(shifts, axes).reduce(self) { x, entry in
      let (shift, at) = (entry.0, axis(entry.1, "rolled", file, line))
      let size = x.shape[at]
      let places = size == 0 ? 0 : (shift % size + size) % size
      if places == 0 { return x }
      let cut = size - places
      return concatenated(
        [x.sliced(cut..<size, axis: at), x.sliced(0..<cut, axis: at)], axis: at)
    }
  }

  /// Moved along one axis; see the variant for several.
  public func rolled(
    _ shift: Int, axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    rolled([shift], axes: [axis], file: file, line: line)
  }
}

extension Tensor.Padding {
  /// The most elements an axis can give on either side.
  fileprivate func limit(_ size: Int) -> Int? {
    switch self {
    case .constant: nil
    case .reflect: Swift.max(size - 1, 0)
    case .replicate: size == 0 ? 0 : nil
    case .circular: size
    }
  }
}
