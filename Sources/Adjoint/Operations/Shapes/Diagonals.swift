extension Tensor {
  /// The diagonal of two axes, as a view; its axis is the last of the result.
  ///
  /// `offset` 1 is the diagonal above the main one, -1 the one below.
  ///
  /// Shapes: `[..., m, n]` gives `[..., min(m, n)]`, fewer for other offsets.
  public func diagonal(
    offset: Int = 0, axes: (Int, Int) = (-2, -1), file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let plane = self.axes([axes.0, axes.1], "diagonal", file, line)
    return selected("diagonal", Region(diagonal: offset, of: shape, plane[0], plane[1]))
  }

  /// The elements of the last axis on the diagonal of matrices that are zero elsewhere.
  ///
  /// Shapes: `[..., n]` gives `[..., n + |offset|, n + |offset|]`.
  public func diagonalMatrix(
    offset: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let length = axis(-1, "diagonalMatrix", file, line)
    let (size, overflow) = shape[length].addingReportingOverflow(Int(clamping: offset.magnitude))
    guard !overflow, let matrix = Shape(exactly: shape.dropLast() + [size, size]) else {
      programmingError(
        "diagonalMatrix", "shape \(shape) has no matrix with offset \(offset)", file: file,
        line: line)
    }
    return Tensor.zeros(matrix, dtype: dtype)
      .replacing(Region(diagonal: offset, of: matrix, length, length + 1), with: self)
  }
}

extension Region {
  /// The diagonal of two axes of a tensor, behind its other axes.
  init(diagonal offset: Int, of base: Shape, _ row: Int, _ column: Int) {
    self.init(allOf: base)
    let down = offset < 0 ? Int(clamping: offset.magnitude) : 0
    let right = Swift.max(offset, 0)
    let count = Swift.min(Swift.max(base[row] - down, 0), Swift.max(base[column] - right, 0))
    axes.remove(at: Swift.max(row, column))
    axes.remove(at: Swift.min(row, column))
    axes.append(Axis(count: count, along: row, alsoAlong: column))
    if count > 0 {
      origin[row] = down
      origin[column] = right
    }
  }
}
