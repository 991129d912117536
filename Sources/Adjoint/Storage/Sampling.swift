import CAdjoint

// The memory side of draws that a pointwise instruction cannot make.

extension Payload {
  /// Draws by rejection: element `i` depends on seed, position + i and its parameters only.
  ///
  /// Parameters have one element or the result's shape.
  static func sampled(
    _ sampler: adj_sampler, shape: Shape, _ a: Payload, _ b: Payload, seed: UInt64,
    position: UInt64
  ) -> Payload {
    let span = Profiling.begin("sample", shape, a.dtype)
    defer { span?.end() }
    let (x, y) = (a.contiguous, b.contiguous)
    return Payload(shape: shape, dtype: a.dtype) { out in
      let (first, second) = (x.address, y.address)
      parallel(shape.elementCount, grain: 1 << 11) { begin, end in
        adj_sample(
          sampler, a.dtype.code, out, first, second, x.shape.elementCount == 1,
          y.shape.elementCount == 1, seed, position, Int64(begin), Int64(end))
      }
    }
  }

  /// The derivatives of the logarithms `y` of gamma draws with respect to the concentrations.
  static func logGammaSlopes(_ concentration: Payload, _ y: Payload) -> Payload {
    let span = Profiling.begin("derivative of gamma draws", y.shape, y.dtype)
    defer { span?.end() }
    let (x, y) = (concentration.contiguous, y.contiguous)
    return Payload(shape: y.shape, dtype: y.dtype) { out in
      let (first, second) = (x.address, y.address)
      parallel(y.shape.elementCount, grain: 1 << 10) { begin, end in
        adj_log_gamma_slopes(y.dtype.code, out, first, second, Int64(begin), Int64(end))
      }
    }
  }

  /// Integers drawn uniformly from `range`, as `int64`.
  static func integers(
    _ shape: Shape, in range: Range<Int>, seed: UInt64, position: UInt64
  ) -> Payload {
    let span = Profiling.begin("randomIntegers", shape, .int64, bytes: 8 * shape.elementCount)
    defer { span?.end() }
    return Payload(shape: shape, dtype: .int64) { out in
      let values = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound))
      parallel(shape.elementCount, grain: 1 << 14) { begin, end in
        adj_sample_integers(
          out.assumingMemoryBound(to: Int64.self), Int64(range.lowerBound), values, seed, position,
          Int64(begin), Int64(end))
      }
    }
  }

  /// The running sums of this payload's rows, in double precision.
  private var accumulatedRows: Payload {
    let (source, width) = (contiguous, shape.last ?? 1)
    return Payload(shape: shape, dtype: .float64) { out in
      let weights = source.address
      parallel(shape.elementCount / max(width, 1), grain: max((1 << 14) / max(width, 1), 1)) {
        adj_accumulate_rows(
          dtype.code, out.assumingMemoryBound(to: Double.self), weights, Int64(width), Int64($0),
          Int64($1))
      }
    }
  }

  /// Indices drawn by the weights in the rows of this payload, the rows in turn.
  func sampledIndices(_ shape: Shape, seed: UInt64, position: UInt64) -> Payload {
    let width = self.shape.last ?? 1
    let span = Profiling.begin("choice", shape, dtype)
    defer { span?.end() }
    let (sums, rows) = (accumulatedRows, self.shape.elementCount / max(width, 1))
    return Payload(shape: shape, dtype: .int64) { out in
      let sums = sums.address.assumingMemoryBound(to: Double.self)
      parallel(shape.elementCount, grain: 1 << 12) { begin, end in
        adj_sample_indices(
          out.assumingMemoryBound(to: Int64.self), sums, Int64(rows), Int64(width), seed, position,
          Int64(begin), Int64(end))
      }
    }
  }

  /// How often each index occurs in `trials` draws by the weights in the rows of this payload.
  ///
  /// The last axis of `shape` is the one of the weights.
  func sampledCounts(_ shape: Shape, trials: Int, seed: UInt64, position: UInt64) -> Payload {
    let width = self.shape.last ?? 1
    let span = Profiling.begin("multinomial", shape, dtype)
    defer { span?.end() }
    let (source, rows) = (contiguous, self.shape.elementCount / max(width, 1))
    return Payload(shape: shape, dtype: dtype) { out in
      let weights = source.address
      parallel(shape.elementCount / max(width, 1), grain: max((1 << 11) / max(width, 1), 1)) {
        adj_sample_counts(
          dtype.code, out, weights, Double(trials), Int64(rows), Int64(width), seed, position,
          Int64($0), Int64($1))
      }
    }
  }
}
