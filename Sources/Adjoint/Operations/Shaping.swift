// Changes of shape. All but `reshaped` of scattered elements are views: they share memory.

extension Tensor {
  /// The same elements seen through other strides.
  private func view(
    _ name: StaticString, _ shape: Shape, _ strides: Shape, offset: Int = 0,
    gradient: @escaping (Tensor) -> Tensor
  ) -> Tensor {
    let result = Tensor(Payload(viewOf: payload, offset: offset, shape: shape, strides: strides))
    guard node != nil else { return result }
    return result.recorded(name, self, gradient)
  }

  private func axis(_ axis: Int, _ name: String, _ file: StaticString, _ line: UInt) -> Int {
    guard let found = shape.normalized(axis: axis) else {
      programmingError(
        name, "axis \(axis) is out of range for shape \(shape)", file: file, line: line)
    }
    return found
  }

  /// The same elements in row-major order with another shape.
  ///
  /// One size may be -1: it becomes what is left of the element count.
  public func reshaped(_ sizes: Int..., file: StaticString = #fileID, line: UInt = #line) -> Tensor
  {
    var wanted = Shape(unchecked: sizes)
    if let free = sizes.firstIndex(of: -1) {
      wanted[free] = 1
      let rest = wanted.elementCount
      if rest == 0 || elementCount % rest != 0 || sizes.contains(where: { $0 < -1 }) {
        programmingError(
          "reshaped",
          "\(shape) has no shape like \(Shape(unchecked: sizes)): \(elementCount) "
            + "elements are not a multiple of \(rest)", file: file, line: line)
      }
      wanted[free] = elementCount / rest
    }
    return reshaped(wanted, file: file, line: line)
  }

  /// The same elements in row-major order with another shape of the same element count.
  public func reshaped(
    _ shape: Shape, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if shape == self.shape { return self }
    if shape.contains(where: { $0 < 0 }) || shape.elementCount != elementCount {
      programmingError(
        "reshaped", "\(self.shape) has \(elementCount) elements and does not fit into \(shape)",
        file: file, line: line)
    }
    let original = self.shape
    let contiguous = Tensor(payload.contiguous, node: node)
    return contiguous.view("reshaped", shape, shape.rowMajorStrides) { $0.reshaped(original) }
  }

  /// The axes in another order: axis `i` of the result is axis `axes[i]` of this tensor.
  public func permuted(_ axes: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let order = axes.map { axis($0, "permuted", file, line) }
    if Set(order).count != rank || order.count != rank {
      programmingError(
        "permuted", "\(axes) does not name each axis of \(shape) once", file: file, line: line)
    }
    let strides = payload.strides
    var inverse = order
    for (to, from) in order.enumerated() { inverse[from] = to }
    return view(
      "permuted", Shape(unchecked: order.map { shape[$0] }),
      Shape(unchecked: order.map { strides[$0] })
    ) { [inverse] in $0.permuted(inverse) }
  }

  /// The axes in another order; see the variant that takes an array.
  public func permuted(_ axes: Int..., file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    permuted(axes, file: file, line: line)
  }

  /// Two axes exchanged; without arguments the last two, so that a matrix is transposed.
  public func transposed(
    _ first: Int = -2, _ second: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if rank < 2 && first == -2 && second == -1 { return self }
    let a = axis(first, "transposed", file, line)
    let b = axis(second, "transposed", file, line)
    var (sizes, strides) = (shape, payload.strides)
    sizes.swapAt(a, b)
    strides.swapAt(a, b)
    return view("transposed", sizes, strides) { $0.transposed(a, b) }
  }

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

  // MARK: Slices

  /// The element, row or sub-array at an index of the first axis; -1 is the last.
  public subscript(index: Int) -> Tensor {
    if rank == 0 { programmingError("subscript", "a tensor without dimensions has no elements") }
    let at = index < 0 ? index &+ shape[0] : index
    if at < 0 || at >= shape[0] {
      programmingError("subscript", "index \(index) is out of range for axis 0 of shape \(shape)")
    }
    return self[at..<at + 1].squeezed(0)
  }

  /// A range of the first axis, as a view: `x[2..<5]`, `x[..<3]`, `x[10...]`.
  public subscript(range: some RangeExpression<Int>) -> Tensor { sliced(range, axis: 0) }

  /// A range of one axis, as a view.
  ///
  /// Shapes: `[..., n, ...]` gives `[..., range.count, ...]`. A range beyond the axis is an error.
  public func sliced(
    _ range: some RangeExpression<Int>, axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let at = self.axis(axis, "sliced", file, line)
    let size = shape[at]
    // An open end is the axis's own. Asked for within 0 ..< size, a range that starts behind the end
    // would stop the program in the standard library, without a word about shapes.
    let wanted = range.relative(to: Int.min..<Int.max)
    let lower = wanted.lowerBound == .min ? 0 : wanted.lowerBound
    let upper = wanted.upperBound == .max ? size : wanted.upperBound
    if lower < 0 || upper > size || lower > upper {
      programmingError(
        "sliced", "\(lower) up to \(upper) is out of range for axis \(axis) of shape \(shape)",
        file: file, line: line)
    }
    let bounds = lower..<upper
    var sizes = shape
    sizes[at] = bounds.count
    let strides = payload.strides
    return view("sliced", sizes, strides, offset: bounds.lowerBound * strides[at]) {
      $0.padded(axis: at, before: bounds.lowerBound, after: size - bounds.upperBound)
    }
  }

  /// Zeros before and after along one axis: the gradient of a slice.
  func padded(axis: Int, before: Int, after: Int) -> Tensor {
    func zeros(_ count: Int) -> Tensor {
      var sizes = shape
      sizes[axis] = count
      return Tensor.zeros(sizes, dtype: dtype)
    }
    return concatenated([zeros(before), self, zeros(after)], axis: axis)
  }
}

/// Tensors behind one another along an axis.
///
/// All other sizes and the dtypes must agree.
///
/// Shapes: `[..., n_i, ...]` give `[..., sum of n_i, ...]`.
public func concatenated(
  _ tensors: [Tensor], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  func fail(_ message: String) -> Never {
    programmingError("concatenated", message, file: file, line: line)
  }
  guard let first = tensors.first else { fail("no tensors") }
  guard let at = first.shape.normalized(axis: axis) else {
    fail("axis \(axis) is out of range for shape \(first.shape)")
  }
  var shape = first.shape
  var starts: [Int] = []
  shape[at] = 0
  for tensor in tensors {
    var expected = tensor.shape
    if expected.rank == shape.rank { expected[at] = shape[at] }
    if expected != shape || tensor.dtype != first.dtype {
      fail(
        "\(tensor.dtype) \(tensor.shape) does not fit \(first.dtype) \(first.shape) along axis \(at)"
      )
    }
    starts.append(shape[at])
    shape[at] += tensor.shape[at]
  }
  let result = Tensor(Payload.concatenated(tensors.map(\.payload), shape: shape, axis: at))
  guard tensors.contains(where: \.isTracked) else { return result }
  return result.recorded(
    "concatenated",
    zip(tensors, starts).map { tensor, start in
      let range = start..<start + tensor.shape[at]
      return (tensor, .gradient { $0.sliced(range, axis: at) })
    })
}

/// Tensors of one shape as slices of a new axis.
///
/// Shapes: n tensors of `[a, b]` give `[n, a, b]` at axis 0, `[a, b, n]` at axis -1.
public func stacked(
  _ tensors: [Tensor], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  if tensors.isEmpty { programmingError("stacked", "no tensors", file: file, line: line) }
  if let other = tensors.first(where: { $0.shape != tensors[0].shape }) {
    programmingError(
      "stacked", "shapes \(tensors[0].shape) and \(other.shape) differ", file: file, line: line)
  }
  let rows = tensors.map { $0.expandingDimension(at: axis, file: file, line: line) }
  let at = axis < 0 ? axis + rows[0].rank : axis
  return concatenated(rows, axis: at, file: file, line: line)
}
