import CAdjoint

// Writing at computed places. Values for one place are combined in the order of their indices, so
// results do not depend on the number of threads.

/// How `scattering` combines a value with what is at its place.
public enum ScatterMode: Sendable {
  /// The value replaces it; of several values for one place the last stays.
  case set
  /// They are added.
  case add
  /// The larger stays; NaN if either is. Equal ones share the gradient evenly.
  case maximum
  /// The smaller stays; see `maximum`.
  case minimum
}

extension Tensor {
  /// This tensor with slices along an axis combined with `values`: the counterpart of `gathering`.
  ///
  /// With `.add` it is PyTorch's `index_add`, and on zeros the sum of segments; with `.set` it is
  /// what `x[indices] = values` does. `values` are stretched to the shape that `gathering` with
  /// these indices gives.
  public func scattering(
    _ values: Tensor, at indices: Tensor, axis: Int = 0, mode: ScatterMode,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let at = self.axis(axis, "scattering", file, line)
    let checked = indices.checkedIndices(
      below: shape[at], "scattering", "elements along axis \(axis) of \(shape)", file, line)
    let places = Places(indices: checked.payload, axis: at, isAlong: false)
    return scattered(values, stretchedTo: places, mode, "scattering", file, line)
  }

  /// This tensor with elements along an axis combined with values, each by an index of its own.
  ///
  /// NumPy's `put_along_axis`, PyTorch's `scatter`, `scatter_add` and `scatter_reduce`.
  ///
  /// Shapes: `[a, n, b]` along axis 1 with indices `[a, m, b]` and values that are stretched to
  /// `[a, m, b]` gives `[a, n, b]`. An axis of the indices of size 1 is stretched.
  public func scatteringAlongAxis(
    _ values: Tensor, at indices: Tensor, axis: Int = -1, mode: ScatterMode,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let at = self.axis(axis, "scatteringAlongAxis", file, line)
    var wanted = shape
    if indices.rank == rank { wanted[at] = indices.shape[at] }
    if indices.rank != rank || indices.shape.broadcast(with: wanted) != wanted {
      programmingError(
        "scatteringAlongAxis",
        "indices of shape \(indices.shape) do not fit shape \(shape) but for axis \(axis): sizes must "
          + "be equal or 1", file: file, line: line)
    }
    let checked = indices.checkedIndices(
      below: shape[at], "scatteringAlongAxis", "elements along axis \(axis) of \(shape)", file, line
    )
    let which = checked.broadcast(to: wanted).payload.contiguous
    let places = Places(indices: which, axis: at, isAlong: true)
    return scattered(values, stretchedTo: places, mode, "scatteringAlongAxis", file, line)
  }

  private func scattered(
    _ values: Tensor, stretchedTo places: Places, _ mode: ScatterMode, _ name: String,
    _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let (x, values) = matched(name, self, values, file, line)
    if mode == .add && dtype == .bool {
      programmingError(name, "bools have no sum; use .maximum", file: file, line: line)
    }
    let wanted = places.shape(in: shape)
    if values.shape.broadcast(with: wanted) != wanted {
      programmingError(
        name,
        "values of shape \(values.shape) cannot be stretched to \(wanted), which indices of "
          + "shape \(places.indices.shape) take from shape \(shape)", file: file, line: line)
    }
    return x.scattered(values.broadcast(to: wanted), places, mode)
  }

  /// Combined with values of the places' shape.
  func scattered(_ values: Tensor, _ places: Places, _ mode: ScatterMode) -> Tensor {
    let result = Tensor(payload.scattering(values.payload, places, mode.code))
    guard isTracked || values.isTracked else { return result }
    switch mode {
    case .set:
      let (shape, wanted) = (shape, values.shape)
      return result.recorded(
        "scattering",
        self, .gradient { $0.scattered(Tensor.zeros(wanted, dtype: $0.dtype), places, .set) },
        values, .gradient { `where`(places.isLast(in: shape), $0.gathered(places), 0) })
    case .add:
      return result.recorded(
        "scattering", self, .gradient { $0 }, values, .gradient { $0.gathered(places) })
    case .maximum, .minimum:
      let (x, values) = (self, values)
      /// How many of the candidates for each place are the extreme that stayed.
      func winners(_ y: Tensor) -> Tensor {
        let hits = (values .== y.gathered(places)).cast(to: y.dtype)
        return (x .== y).cast(to: y.dtype).scattered(hits.detached, places, .add)
      }
      return result.recorded(
        "scattering",
        x, .gradientAndOutput { g, y in g * ((x .== y).cast(to: g.dtype) / winners(y)) },
        values,
        .gradientAndOutput { g, y in
          let hits = (values .== y.gathered(places)).cast(to: g.dtype)
          return hits * (g / winners(y)).gathered(places)
        })
    }
  }
}

extension ScatterMode {
  fileprivate var code: adj_scatter_mode {
    switch self {
    case .set: ADJ_SCATTER_SET
    case .add: ADJ_SCATTER_ADD
    case .maximum: ADJ_SCATTER_MAX
    case .minimum: ADJ_SCATTER_MIN
    }
  }
}

extension Places {
  /// Where the value is the last for its place in a tensor of the given shape: only that one counts.
  fileprivate func isLast(in shape: Shape) -> Tensor {
    let count = indices.shape.elementCount
    if isAlong {
      let order = Tensor.arange(count).reshaped(indices.shape)
      let winners = Tensor.zeros(shape, dtype: .int64).scattered(order, self, .set)
      return winners.gathered(self) .== order
    }
    // The same for all slices: it is found once and stretched.
    let order = Tensor.arange(count).reshaped(indices.shape)
    let line = Places(indices: indices, axis: 0, isAlong: false)
    let winners = Tensor.zeros([shape[axis]], dtype: .int64).scattered(order, line, .set)
    let inner = Array(repeating: 1, count: shape.rank - axis - 1)
    return (winners.gathered(line) .== order)
      .reshaped(Shape(unchecked: Array(indices.shape) + inner))
  }
}
