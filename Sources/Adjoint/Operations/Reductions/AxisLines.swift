/// A tensor seen as [outer, length, inner] along one axis: outer * inner lines of `length` elements.
struct AxisLines {
  let axis: Int
  let outer: Int
  let length: Int
  let inner: Int

  init(
    _ x: Tensor, axis: Int, _ name: StaticString, _ file: StaticString, _ line: UInt
  ) {
    self.axis = x.checkedAxis(axis, name, file, line)
    outer = Shape(unchecked: x.shape[..<self.axis]).elementCount
    length = x.shape[self.axis]
    inner = Shape(unchecked: x.shape[(self.axis + 1)...]).elementCount
  }

  /// The elements of `x` at indices along the axis; both have the same other sizes.
  ///
  /// Derivatives flow to the elements taken.
  func elements(of x: Tensor, at indices: Tensor) -> Tensor {
    x.gathered(Places(indices: indices.payload.contiguous, axis: axis, isAlong: true))
  }
}

extension Tensor {
  /// Moved by one along an axis, so that each element stands where its successor was, or its
  /// predecessor if `backwards`.
  ///
  /// The place that becomes free is filled with a number.
  func shifted(along axis: Int, backwards: Bool, filling value: Double) -> Tensor {
    let count = shape[axis]
    if count == 0 { return self }
    var sizes = shape
    sizes[axis] = 1
    let edge = Tensor.full(sizes, value, dtype: dtype)
    return backwards
      ? concatenated([sliced(1..., axis: axis), edge], axis: axis)
      : concatenated([edge, sliced(..<(count - 1), axis: axis)], axis: axis)
  }
}
