// Reading at computed places.

extension Tensor {
  /// The slices at `indices` along an axis: NumPy's `take`, PyTorch's `index_select`.
  ///
  /// The axes of the indices take the place of the axis. Indices are integers in `0 ..< n`; one that is
  /// not stops the program. Gradients of a slice taken twice are added.
  ///
  /// Shapes: `[a, n, b]` along axis 1 with indices `[m]` gives `[a, m, b]`, with `[j, k]`
  /// `[a, j, k, b]`.
  public func gathering(
    _ indices: Tensor, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let at = self.axis(axis, "gathering", file, line)
    let checked = indices.checkedIndices(
      below: shape[at], "gathering", "elements along axis \(axis) of \(shape)", file, line)
    return gathered(Places(indices: checked.payload, axis: at, isAlong: false))
  }

  /// Elements along an axis, each by an index of its own.
  ///
  /// NumPy's `take_along_axis`, PyTorch's `gather`.
  ///
  /// It reads what `argMax` and sorting find. Indices are integers in `0 ..< n`; the other axes of both
  /// tensors are broadcast against each other. Gradients of an element taken twice are added.
  ///
  /// Shapes: `[a, n, b]` along axis 1 with indices `[a, m, b]` gives `[a, m, b]`.
  public func gatheringAlongAxis(
    _ indices: Tensor, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let at = self.axis(axis, "gatheringAlongAxis", file, line)
    var (own, others) = (shape, indices.shape)
    if own.rank == others.rank { (own[at], others[at]) = (1, 1) }
    guard own.rank == others.rank, var common = own.broadcast(with: others) else {
      programmingError(
        "gatheringAlongAxis",
        "shape \(shape) and indices of shape \(indices.shape) need the same rank and, but for axis "
          + "\(axis), sizes that are equal or 1", file: file, line: line)
    }
    let checked = indices.checkedIndices(
      below: shape[at], "gatheringAlongAxis", "elements along axis \(axis) of \(shape)", file, line)
    common[at] = indices.shape[at]
    let which = checked.broadcast(to: common).payload.contiguous
    common[at] = shape[at]
    return broadcast(to: common).gathered(Places(indices: which, axis: at, isAlong: true))
  }

  /// Elements by their positions in row-major order: NumPy's and PyTorch's `take`.
  ///
  /// Shapes: the result has the shape of the indices.
  public func taking(
    _ indices: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let checked = indices.checkedIndices(
      below: elementCount, "taking", "elements in shape \(shape)", file, line)
    return flattened().gathered(Places(indices: checked.payload, axis: 0, isAlong: false))
  }

  /// What lies at places that have been checked.
  func gathered(_ places: Places) -> Tensor {
    let result = Tensor(payload.gathering(places))
    guard isTracked else { return result }
    let shape = shape
    return result.recorded("gathering", self) {
      Tensor.zeros(shape, dtype: $0.dtype).scattered($0, places, .add)
    }
  }
}
