extension Tensor {
  /// The windows that slide along an axis, as a view; the elements of a window are the last axis.
  ///
  /// Window `j` starts at element `j * step`; an end that fills no window is left out. Windows may
  /// overlap: the gradient of an element is then the sum over its windows.
  ///
  /// Shapes: `[..., n, ...]` gives `[..., (n - size) / step + 1, ..., size]`.
  public func unfolded(
    size: Int, step: Int = 1, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let at = self.axis(axis, "unfolded", file, line)
    if size < 1 || size > shape[at] || step < 1 {
      programmingError(
        "unfolded",
        "there are no windows of \(size) elements every \(step) on axis \(axis) of shape "
          + "\(shape)", file: file, line: line)
    }
    let length = shape[at]
    var (sizes, strides) = (shape, payload.strides)
    sizes[at] = (length - size) / step + 1
    sizes.append(size)
    strides.append(strides[at])
    strides[at] = sizes[at] > 1 ? strides[at] * step : strides[at]
    return view("unfolded", sizes, strides) { $0.folded(axis: at, length: length, step: step) }
  }

  /// The sum of overlapping windows: the transpose of `unfolded`.
  func folded(axis: Int, length: Int, step: Int) -> Tensor {
    let size = shape[rank - 1]
    let result = Tensor(payload.folding(axis: axis, length: length, step: step))
    guard isTracked else { return result }
    return result.recorded("folded", self) { $0.unfolded(size: size, step: step, axis: axis) }
  }
}
