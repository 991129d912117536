import CAdjoint

/// What standardising finds out about each group.
struct GroupStatistics {
  let mean: Payload
  let variance: Payload
  /// 1 / sqrt(variance + epsilon).
  let scale: Payload
}

extension Payload {
  /// The groups of this [outer, groups, inner] payload with mean 0 and variance 1; not `centred`, with
  /// mean square 1.
  func standardized(centred: Bool, epsilon: Double) -> (Payload, GroupStatistics) {
    // The mean, the sum of squares of what is left, difference and product.
    let span = Profiling.begin(
      "standardize", shape, dtype, flops: (centred ? 6 : 3) * Double(shape.elementCount),
      bytes: 2 * shape.elementCount * dtype.byteCount)
    defer { span?.end() }
    let source = contiguous
    source.force()
    let (outer, groups, inner) = (shape[0], shape[1], shape[2])
    func statistic() -> Payload {
      // The kernel writes them all.
      Payload(shape: [1, groups, 1], dtype: dtype) { _ in }
    }
    let found = GroupStatistics(mean: statistic(), variance: statistic(), scale: statistic())
    let result = Payload(shape: shape, dtype: dtype) { out in
      parallel(groups, grain: grain, multiple: inner == 1 && outer > 1 ? 16 : 1) { begin, end in
        adj_standardize(
          dtype.code, centred, out, found.mean.address, found.variance.address,
          found.scale.address, source.address, Int64(outer), Int64(groups), Int64(inner), epsilon,
          Int64(begin), Int64(end))
      }
      withExtendedLifetime((source, found.mean)) {}
    }
    return (result, found)
  }

  /// For this gradient of a standardised `y`, the one of what was standardised.
  func standardizedBack(_ y: Payload, scale: Payload, centred: Bool) -> Payload {
    // Two sums, one of products, and the formula.
    let span = Profiling.begin(
      "standardize", shape, dtype, flops: (centred ? 7 : 5) * Double(shape.elementCount),
      bytes: 3 * shape.elementCount * dtype.byteCount)
    defer { span?.end() }
    let (source, y, scale) = (contiguous, y.contiguous, scale.contiguous)
    for operand in [source, y, scale] { operand.force() }
    let (outer, groups, inner) = (shape[0], shape[1], shape[2])
    return Payload(shape: shape, dtype: dtype) { out in
      parallel(groups, grain: grain, multiple: inner == 1 && outer > 1 ? 16 : 1) { begin, end in
        adj_standardize_back(
          dtype.code, centred, out, source.address, y.address, scale.address, Int64(outer),
          Int64(groups), Int64(inner), Int64(begin), Int64(end))
      }
      withExtendedLifetime((source, y, scale)) {}
    }
  }

  /// Groups per chunk of an [outer, groups, inner] payload.
  private var grain: Int { max((1 << 14) / max(shape[0] * shape[2], 1), 1) }
}
