// Diagonals, triangles and matrices made of them.

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

/// The lower triangle of matrices: elements above the diagonal become zero.
///
/// With `diagonal` 1 the diagonal above the main one stays too; with -1 the main one goes.
///
/// Shapes: `[..., m, n]` stays.
public func tril(
  _ x: Tensor, diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  `where`(triangle(x, diagonal, "tril", file, line) { $0 .<= $1 }, x, 0)
}

/// The upper triangle of matrices: elements below the diagonal become zero.
///
/// See `tril` for `diagonal`.
public func triu(
  _ x: Tensor, diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  `where`(triangle(x, diagonal, "triu", file, line) { $0 .>= $1 }, x, 0)
}

/// Compares columns with rows shifted by the diagonal's offset.
private func triangle(
  _ x: Tensor, _ diagonal: Int, _ name: String, _ file: StaticString, _ line: UInt,
  _ isInside: (_ column: Tensor, _ row: Tensor) -> Tensor
) -> Tensor {
  if x.rank < 2 {
    programmingError(
      name, "needs matrices, not a tensor of shape \(x.shape)", file: file, line: line)
  }
  let (rows, columns) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
  // Beyond the matrix, one diagonal is like another.
  let offset = Swift.min(Swift.max(diagonal, -rows), columns)
  let row = Tensor.arange(rows).reshaped([rows, 1]) + Tensor(Double(offset), dtype: .int64)
  return isInside(Tensor.arange(columns), row)
}

/// The powers of each element as rows: a Vandermonde matrix.
///
/// Shapes: `[..., n]` gives `[..., n, columns]` with powers 0, 1, ... or, decreasing, ..., 1, 0.
public func vander(
  _ x: Tensor, columns: Int? = nil, increasing: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  if x.rank == 0 || !x.dtype.isFloatingPoint || columns ?? 0 < 0 {
    programmingError(
      "vander",
      "needs a floating tensor with an axis and a number of columns, not \(x.dtype) "
        + "\(x.shape) and \(columns ?? 0)", file: file, line: line)
  }
  let powers = Tensor.arange(columns ?? x.shape[x.rank - 1], dtype: x.dtype)
  return pow(x.expandingDimension(at: -1), increasing ? powers : powers.flipped())
}
