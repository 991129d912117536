// Changes of shape that keep the row-major order. All but `reshaped` of scattered elements are views:
// they share memory.

extension Tensor {
  /// The same elements seen through other strides.
  func view(
    _ name: StaticString, _ shape: Shape, _ strides: Shape, offset: Int = 0,
    gradient: @escaping (Tensor) -> Tensor
  ) -> Tensor {
    let result = Tensor(Payload(viewOf: payload, offset: offset, shape: shape, strides: strides))
    guard node != nil else { return result }
    return result.recorded(name, self, gradient)
  }

  /// The axis as a number from 0.
  func axis(_ axis: Int, _ name: String, _ file: StaticString, _ line: UInt) -> Int {
    guard let found = shape.normalized(axis: axis) else {
      programmingError(
        name, "axis \(axis) is out of range for shape \(shape)", file: file, line: line)
    }
    return found
  }

  /// Different axes as numbers from 0, in the order they are given.
  func axes(_ axes: [Int], _ name: String, _ file: StaticString, _ line: UInt) -> [Int] {
    let found = axes.map { axis($0, name, file, line) }
    if Set(found).count != found.count {
      programmingError(
        name, "axes \(axes) of shape \(shape) name an axis twice", file: file, line: line)
    }
    return found
  }

  /// The same elements in row-major order with another shape.
  ///
  /// One size may be -1: it becomes what is left of the element count.
  public func reshaped(_ sizes: Int..., file: StaticString = #fileID, line: UInt = #line) -> Tensor
  {
    reshaped(filling(sizes, elementCount, "reshaped", file, line), file: file, line: line)
  }

  /// The sizes with the one that is -1, if there is one, computed from the number of elements.
  private func filling(
    _ sizes: [Int], _ count: Int, _ name: String, _ file: StaticString, _ line: UInt
  ) -> Shape {
    var wanted = Shape(unchecked: sizes)
    guard let free = sizes.firstIndex(of: -1) else { return wanted }
    wanted[free] = 1
    let rest = wanted.elementCount
    if wanted.contains(where: { $0 < 0 }) {
      programmingError(
        name, "\(Shape(unchecked: sizes)) has more than one negative size: only one may be -1",
        file: file, line: line)
    }
    if rest == 0 || count % rest != 0 {
      programmingError(
        name,
        "\(shape) has no shape like \(Shape(unchecked: sizes)): \(count) "
          + "elements are not a multiple of \(rest)", file: file, line: line)
    }
    wanted[free] = count / rest
    return wanted
  }

  /// The same elements in row-major order with another shape of the same element count.
  public func reshaped(
    _ shape: Shape, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if shape == self.shape { return self }
    if shape.contains(where: { $0 < 0 }) || shape.elementCount != elementCount {
      let wanted = Shape(exactly: Array(shape)).map { ", which has \($0.elementCount)" } ?? ""
      programmingError(
        "reshaped",
        "\(self.shape) has \(elementCount) elements and does not fit into \(shape)\(wanted)",
        file: file, line: line)
    }
    let original = self.shape
    let contiguous = Tensor(payload.contiguous, node: node)
    return contiguous.view("reshaped", shape, shape.rowMajorStrides) { $0.reshaped(original) }
  }

  /// The axes from `first` to `last` as one; without arguments all of them, which gives a vector.
  ///
  /// Shapes: `[2, 3, 4, 5]` from axis 1 to axis 2 gives `[2, 12, 5]`; `[]` gives `[1]`.
  public func flattened(
    from first: Int = 0, to last: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if rank == 0, first == 0 || first == -1, last == 0 || last == -1 { return reshaped([1]) }
    let (from, to) = (axis(first, "flattened", file, line), axis(last, "flattened", file, line))
    if from > to {
      programmingError(
        "flattened", "axis \(first) of shape \(shape) comes after axis \(last)", file: file,
        line: line)
    }
    let joined = Shape(unchecked: shape[from...to]).elementCount
    return reshaped(Shape(unchecked: shape[..<from] + [joined] + shape[(to + 1)...]))
  }

  /// One axis as several: the reverse of `flattened`.
  ///
  /// The product of `sizes` is the size of the axis; one of them may be -1.
  ///
  /// Shapes: `[2, 12, 5]` with axis 1 into `[3, -1]` gives `[2, 3, 4, 5]`.
  public func unflattened(
    axis: Int, into sizes: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let at = self.axis(axis, "unflattened", file, line)
    let parts = filling(sizes, shape[at], "unflattened", file, line)
    if parts.contains(where: { $0 < 0 }) || parts.elementCount != shape[at] {
      programmingError(
        "unflattened", "axis \(axis) of shape \(shape) has size \(shape[at]), not that of \(parts)",
        file: file, line: line)
    }
    return reshaped(Shape(unchecked: Array(shape[..<at]) + parts + shape[(at + 1)...]))
  }

  // MARK: Axes of size 1

  /// A new axis of size 1 before axis `axis`; -1 puts it at the end.
  public func expandingDimension(
    at axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let at = axis < 0 ? axis + rank + 1 : axis
    if at < 0 || at > rank {
      programmingError(
        "expandingDimension", "axis \(axis) is out of range for shape \(shape)", file: file,
        line: line)
    }
    var (sizes, strides) = (shape, payload.strides)
    sizes.insert(1, at: at)
    strides.insert(1, at: at)
    return view("expandingDimension", sizes, strides) { $0.squeezed(at) }
  }

  /// Without the axis `axis`, whose size must be 1.
  public func squeezed(
    _ axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let at = self.axis(axis, "squeezed", file, line)
    if shape[at] != 1 {
      programmingError(
        "squeezed", "axis \(axis) of shape \(shape) has size \(shape[at]), not 1", file: file,
        line: line)
    }
    var (sizes, strides) = (shape, payload.strides)
    sizes.remove(at: at)
    strides.remove(at: at)
    return view("squeezed", sizes, strides) { $0.expandingDimension(at: at) }
  }

  /// Without all axes of size 1.
  public func squeezed() -> Tensor {
    shape.indices.reversed().filter { shape[$0] == 1 }.reduce(self) { $0.squeezed($1) }
  }

  /// With at least `rank` axes: axes of size 1 are put in front.
  ///
  /// Shapes: `[3]` gives `[1, 3]` for rank 2; `[2, 3]` stays.
  public func expanded(
    toRank wanted: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if wanted > Shape.maximumRank {
      programmingError(
        "expanded", "a tensor has at most \(Shape.maximumRank) dimensions, not \(wanted)",
        file: file, line: line)
    }
    return (rank..<Swift.max(wanted, rank)).reduce(self) { x, _ in x.expandingDimension(at: 0) }
  }

  /// Stretched to `shape` by NumPy's broadcasting rule, without copying.
  public func broadcast(
    to shape: Shape, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if shape == self.shape { return self }
    guard self.shape.broadcast(with: shape) == shape else {
      programmingError(
        "broadcast", "\(self.shape) cannot be stretched to \(shape)", file: file, line: line)
    }
    let strides = payload.strides.stretched(from: self.shape, to: shape)
    return view("broadcast", shape, strides) { $0 }
  }
}
