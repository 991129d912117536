// What decompositions and their rules share: checks, triangles and diagonals of the last two axes.

/// Stops unless `a` holds floating matrices, square ones if asked.
func checkMatrices(
  _ name: String, _ a: Tensor, square: Bool = true, _ file: StaticString, _ line: UInt
) {
  if !a.dtype.isFloatingPoint {
    programmingError(
      name, "needs a floating dtype, not \(a.dtype); cast first", file: file, line: line)
  }
  if a.rank < 2 || square && a.rows != a.columns {
    let wanted = square ? "square matrices [..., n, n]" : "matrices [..., m, n]"
    programmingError(name, "needs \(wanted), not shape \(a.shape)", file: file, line: line)
  }
}

extension Shape {
  /// This shape with more axes behind it.
  func followed(by sizes: Int...) -> Shape { Shape(unchecked: Array(self) + sizes) }
}

extension Tensor {
  /// The size of the last axis but one.
  var rows: Int { shape[rank - 2] }
  /// The size of the last axis.
  var columns: Int { shape[rank - 1] }
  /// The axes before those of the matrices.
  var batch: Shape { Shape(unchecked: shape.dropLast(2)) }

  /// Whether row `i`, column `j` belongs to a part of the matrix, as [rows, columns].
  private func positions(_ belongs: (_ i: Tensor, _ j: Tensor) -> Tensor) -> Tensor {
    belongs(Tensor.arange(rows).expandingDimension(at: 1), Tensor.arange(columns))
  }

  /// Zeros above the diagonal and, strictly, on it.
  func keepingLower(strictly: Bool = false) -> Tensor {
    `where`(positions { strictly ? $1 .< $0 : $1 .<= $0 }, self, 0)
  }

  /// Zeros below the diagonal and, strictly, on it.
  func keepingUpper(strictly: Bool = false) -> Tensor {
    `where`(positions { strictly ? $1 .> $0 : $1 .>= $0 }, self, 0)
  }

  /// Zeros beside the diagonal, whatever stood there.
  var keepingDiagonal: Tensor { `where`(positions { $0 .== $1 }, self, 0) }

  /// The elements of the diagonals of square matrices, [..., n].
  var diagonalElements: Tensor { keepingDiagonal.sum(axes: [-1]) }

  /// Square matrices with these elements on their diagonals and zeros elsewhere.
  var onDiagonal: Tensor {
    let n = shape[rank - 1]
    let rows = expandingDimension(at: -1).broadcast(to: shape.followed(by: n))
    return rows.keepingDiagonal
  }

  /// Half the sum with the transposed matrix.
  var symmetrised: Tensor { (self + transposed()) * 0.5 }

  /// The difference from the transposed matrix.
  var skew: Tensor { self - transposed() }

  /// Identity matrices of this tensor's dtype, one for all.
  func identity(_ n: Int) -> Tensor { Tensor.eye(n, dtype: dtype) }

  /// The parts of a vector that holds several results behind one another, each in its shape.
  func unpacked(_ shapes: [Shape]) -> [Tensor] {
    var start = 0
    return shapes.map { shape in
      let range = start..<start + shape.elementCount
      start = range.upperBound
      return sliced(range, axis: 0).reshaped(shape)
    }
  }

  /// The quotient beside the diagonals, which become 0.
  ///
  /// Rules divide by the gaps between eigenvalues, which are 0 there. Where a gap is 0 elsewhere, the
  /// eigenvectors are not determined: the infinity or NaN says so.
  func dividedOffDiagonal(by gaps: Tensor) -> Tensor {
    let diagonal = positions { $0 .== $1 }
    return `where`(diagonal, 0, self / `where`(diagonal, 1, gaps))
  }
}
