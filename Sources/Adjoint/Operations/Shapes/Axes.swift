// Axes in another order or direction. All of it is views.

extension Tensor {
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

  /// Axis `source` at another place; the others keep their order.
  ///
  /// Shapes: `[2, 3, 4]` with axis 0 moved to -1 gives `[3, 4, 2]`.
  public func movingAxis(
    _ source: Int, to destination: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    movingAxes([source], to: [destination], file: file, line: line)
  }

  /// Several axes at other places; the rest keep their order.
  ///
  /// Axis `sources[i]` becomes axis `destinations[i]`.
  public func movingAxes(
    _ sources: [Int], to destinations: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if sources.count != destinations.count {
      programmingError(
        "movingAxes",
        "\(sources.count) axes \(sources) and \(destinations.count) places "
          + "\(destinations) for shape \(shape)", file: file, line: line)
    }
    let from = axes(sources, "movingAxes", file, line)
    let to = axes(destinations, "movingAxes", file, line)
    var rest = shape.indices.filter { !from.contains($0) }[...]
    return permuted(
      shape.indices.map { place in to.firstIndex(of: place).map { from[$0] } ?? rest.removeFirst() }
    )
  }

  /// In reverse order along the given axes, or along all.
  public func flipped(
    axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let which = self.axes(axes ?? Array(shape.indices), "flipped", file, line)
    var region = Region(allOf: shape)
    for axis in which {
      region.origin[axis] = shape[axis] - 1
      region.axes[axis].step = -1
    }
    let strides = payload.strides
    return view("flipped", shape, region.strides(strides), offset: region.offset(strides)) {
      $0.flipped(axes: which)
    }
  }

  /// Turned by quarters from the first of two axes towards the second.
  ///
  /// One turn takes the first row of a matrix, read from its end, to the first column.
  public func rotated(
    quarterTurns: Int = 1, axes: (Int, Int) = (0, 1), file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let plane = self.axes([axes.0, axes.1], "rotated", file, line)
    switch quarterTurns & 3 {
    case 1: return flipped(axes: [plane[1]]).transposed(plane[0], plane[1])
    case 2: return flipped(axes: plane)
    case 3: return transposed(plane[0], plane[1]).flipped(axes: [plane[1]])
    default: return self
    }
  }
}
