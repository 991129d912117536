import CAdjoint

/// What normalising finds out about each group.
struct GroupStatistics {
  let mean: Payload
  let variance: Payload
  /// 1 / sqrt(variance + epsilon).
  let scale: Payload
}

/// How an array is normalised: its groups, and which elements share a weight.
struct GroupNormalizer {
  /// [outer, groups, inner]: a group is everything along the outer and the inner axis.
  let shape: Shape
  /// [rows, length]: groups take the rows of weights in turn, and each weight is for a run of the inner
  /// axis.
  var weights: Shape = [1, 1]
  /// If not, the mean is taken to be 0.
  let centred: Bool
  var epsilon: Double = 0

  /// (x - mean) * scale * weight + bias, in the shape of `x`; without weight or bias, 1 and 0.
  func normalized(
    _ x: Payload, weight: Payload? = nil, bias: Payload? = nil
  ) -> (Payload, GroupStatistics) {
    let dtype = x.dtype
    let source = x.contiguous
    let weight = weight?.contiguous ?? Payload(filledWith: 1, shape: weights, dtype: dtype)
    let bias = bias?.contiguous ?? Payload(filledWith: 0, shape: weights, dtype: dtype)
    func statistic() -> Payload {
      // The kernel writes them all.
      Payload(shape: [1, shape[1], 1], dtype: dtype) { _ in }
    }
    let found = GroupStatistics(mean: statistic(), variance: statistic(), scale: statistic())
    let result = Payload(shape: x.shape, dtype: dtype) { out in
      parallel(shape[1], grain: grain) { begin, end in
        withUnsafePointer(to: parts) {
          adj_normalize(
            dtype.code, $0, out, found.mean.address, found.variance.address, found.scale.address,
            source.address, weight.address, bias.address, Int64(begin), Int64(end))
        }
      }
      withExtendedLifetime((source, weight, bias, found.mean)) {}
    }
    return (result, found)
  }

  /// The gradient of `x`, and sums for those of weight and bias.
  ///
  /// The sums are those of gradient * (x - mean) * scale and of the gradient for each weight, float64
  /// [n, 2, rows * length], to be added up over the first axis. Without `mean`, `x` is already
  /// normalised.
  func gradients(
    _ gradient: Payload, _ x: Payload, mean: Payload?, scale: Payload, weight: Payload? = nil
  ) -> (Payload, sums: Payload) {
    let dtype = x.dtype
    let (gradient, source, scale) = (gradient.contiguous, x.contiguous, scale.contiguous)
    let weight = weight?.contiguous ?? Payload(filledWith: 1, shape: weights, dtype: dtype)
    let (groups, count) = (shape[1], weights.elementCount)
    // Chunks of groups that share weights add up copies of their own. These take less memory than the
    // elements, as long as that leaves 16 chunks.
    let isShared = weights[0] != groups
    let limit = min(max(shape.elementCount / max(8 * count, 1), 16), 64)
    let grain = isShared ? max(grain, (groups + limit - 1) / limit) : grain
    let copies = isShared ? (groups + grain - 1) / grain : 1
    let sums = Payload(shape: [copies, 2, count], dtype: .float64) { _ in }
    let ofWeights = sums.address.assumingMemoryBound(to: Double.self)
    let result = Payload(shape: x.shape, dtype: dtype) { out in
      parallel(groups, grain: grain) { begin, end in
        let copy = ofWeights + (isShared ? begin / grain : 0) * 2 * count
        withUnsafePointer(to: parts) {
          adj_normalize_back(
            dtype.code, $0, out, copy, copy + count, gradient.address, source.address,
            mean?.address, scale.address, weight.address, Int64(begin), Int64(end))
        }
      }
      withExtendedLifetime((gradient, source, mean, scale, weight, sums)) {}
    }
    return (result, sums)
  }

  private var parts: adj_normalization {
    var parts = adj_normalization()
    parts.centred = centred
    (parts.outer, parts.groups, parts.inner) = (Int64(shape[0]), Int64(shape[1]), Int64(shape[2]))
    (parts.weight_groups, parts.weight_count) = (Int64(weights[0]), Int64(weights[1]))
    parts.weight_area = parts.inner / max(parts.weight_count, 1)
    parts.epsilon = epsilon
    return parts
  }

  /// Groups per chunk; of those that are columns of a matrix, at least what the kernel reads together.
  private var grain: Int {
    let grain = max((1 << 14) / max(shape[0] * shape[2], 1), 1)
    return shape[2] == 1 && shape[0] > 1 ? (grain + 63) / 64 * 64 : grain
  }
}
