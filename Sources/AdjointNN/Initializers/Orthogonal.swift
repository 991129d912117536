import Adjoint

extension Initializer {
  /// A matrix with orthonormal rows or columns, whichever are fewer, times `gain`.
  ///
  /// Kernels count as columns: `[out, in, kernel...]` is the matrix `[out, in * kernel]`. Every
  /// such matrix is equally likely. The weight needs at least two axes.
  ///
  /// Source: Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning
  /// in deep linear neural networks", ICLR 2014.
  public static func orthogonal(gain: Double = 1) -> Initializer {
    Initializer { shape, dtype in
      let (rows, columns) = matrixSizes(shape, "orthogonal")
      if shape.elementCount == 0 { return Tensor.zeros(shape, dtype: dtype) }
      let isWide = rows < columns
      let (q, r) = qr(Tensor.normal(isWide ? [columns, rows] : [rows, columns], dtype: dtype))
      // LAPACK chooses the signs; only with those of R's diagonal is the distribution uniform.
      let matrix = q * sign(r.diagonal())
      return ((isWide ? matrix.transposed() : matrix) * gain).reshaped(shape)
    }
  }

  /// Ones on the diagonal and zeros elsewhere, times `gain`, for a weight of two axes.
  public static func identity(gain: Double = 1) -> Initializer {
    Initializer { shape, dtype in
      let (rows, columns) = matrixSizes(shape, "identity")
      if shape.count != 2 {
        programmingError("identity", "a weight of shape \(shape) is no matrix")
      }
      return Tensor.eye(rows, columns: columns, dtype: dtype) * gain
    }
  }

  /// The rows of a weight, and the elements of each.
  private static func matrixSizes(_ shape: Shape, _ name: String) -> (rows: Int, columns: Int) {
    if shape.count < 2 {
      programmingError(name, "a weight of shape \(shape) has fewer than two axes")
    }
    return (shape[0], shape.dropFirst().reduce(1, *))
  }
}
