/// The normal distribution of vectors, with covariance L L^T.
///
/// The parameter is the lower triangular factor L and not the covariance: nothing has to be factored,
/// and an optimizer can change it without leaving the covariances. Samples are mean + L * noise.
///
/// Shapes: `mean` is `[..., k]`, `scaleTril` is `[..., k, k]`; batch axes are broadcast.
public struct MultivariateNormal: Distribution {
  /// The expectation.
  public let mean: Tensor
  /// The lower triangular factor of the covariance, its diagonal positive.
  public let scaleTril: Tensor
  /// Always true.
  public static let isReparameterized = true

  /// A normal distribution for each vector and matrix of the parameters.
  public init(
    mean: Tensor, scaleTril: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) {
    func fail(_ message: String) -> Never {
      programmingError("MultivariateNormal", message, file: file, line: line)
    }
    let (m, l) = (mean.shape, scaleTril.shape)
    if mean.dtype != scaleTril.dtype || !mean.dtype.isFloatingPoint {
      fail("needs parameters of one floating dtype, not \(mean.dtype) and \(scaleTril.dtype)")
    }
    guard l.rank >= 2, m.rank >= 1, l[l.rank - 1] == l[l.rank - 2], m[m.rank - 1] == l[l.rank - 1],
      let batch = Shape(m.dropLast()).broadcast(with: Shape(l.dropLast(2)))
    else { fail("mean \(m) and scaleTril \(l) must be [..., k] and [..., k, k]") }
    let size = m[m.rank - 1]
    checkParameter("MultivariateNormal", "mean", mean, .real, file, line)
    checkParameter("MultivariateNormal", "scaleTril", scaleTril, .real, file, line)
    let order = Tensor.arange(size)
    let above = order.expandingDimension(at: 1) .< order
    if scaleTril.elementCount > 0,
      abs(`where`(above, scaleTril.detached, 0)).max().scalar > 0
    {
      fail("scaleTril must be lower triangular, but there are numbers above its diagonal")
    }
    checkParameter(
      "MultivariateNormal", "the diagonal of scaleTril", scaleTril.detached.diagonal(),
      .positive, file, line)
    self.mean = mean.broadcast(to: Shape(Array(batch) + [size]))
    self.scaleTril = scaleTril
  }

  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { Shape(mean.shape.dropLast()) }
  /// The shape of one draw.
  public var eventShape: Shape { Shape(mean.shape.suffix(1)) }
  /// The covariance matrix.
  public var covariance: Tensor { matmul(scaleTril, scaleTril.transposed()) }
  /// The variance of each element of a draw.
  public var variance: Tensor {
    square(scaleTril).sum(axes: [-1]).broadcast(to: mean.shape)
  }
  /// The entropy, in nats.
  public var entropy: Tensor {
    let size = Double(mean.shape[mean.rank - 1])
    let constant: Double = size * normalEntropy
    return (logDeterminant + constant).broadcast(to: batchShape)
  }

  /// The logarithm of the determinant of the factor.
  var logDeterminant: Tensor { log(scaleTril.diagonal()).sum(axes: [-1]) }

  /// Independent draws of the shape `shape` + `batchShape` + `eventShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    let noise = Tensor.normal(sampleShape(shape), dtype: mean.dtype, using: &generator)
    return mean + product(scaleTril, noise)
  }

  /// The logarithm of the density at vectors along the last axis.
  public func logProbability(of value: Tensor) -> Tensor {
    let value = value.matching(mean)
    let distance = solved(scaleTril, value - mean)
    let size = Double(mean.shape[mean.rank - 1])
    let constant: Double = size * halfLogTwoPi
    return -0.5 * square(distance).sum(axes: [-1]) - logDeterminant - constant
  }

  /// KL divergence from `other`; see `klDivergence`.
  func divergence(from other: MultivariateNormal) -> Tensor {
    let size = Double(mean.shape[mean.rank - 1])
    let l = other.scaleTril
    // The columns of the factor are vectors of a further batch axis.
    let columns = solved(
      l.rank == 2 ? l : l.expandingDimension(at: -3), scaleTril.transposed())
    let spread = square(columns).sum(axes: [-2, -1])
    let shift = square(solved(l, mean - other.mean)).sum(axes: [-1])
    return 0.5 * (spread + shift - size) + other.logDeterminant - logDeterminant
  }
}

/// The product of matrices and vectors along the last axis: one matrix product if there is one matrix.
private func product(_ matrix: Tensor, _ x: Tensor) -> Tensor {
  if matrix.rank == 2 { return matmul(x, matrix.transposed()) }
  return matmul(matrix, x.expandingDimension(at: -1)).squeezed(-1)
}

/// The solution y of L y = b for vectors along the last axis, which are rows here: y^T L^T = b^T.
private func solved(_ l: Tensor, _ b: Tensor) -> Tensor {
  let size = l.shape[l.rank - 1]
  func rows(_ x: Tensor) -> Tensor {
    triangularSolve(l, x, upper: false, transposed: true, fromRight: true)
  }
  if l.rank > 2 { return rows(b.expandingDimension(at: -2)).squeezed(-2) }
  let count = Shape(b.shape.dropLast()).elementCount
  return rows(b.reshaped([count, size])).reshaped(b.shape)
}
