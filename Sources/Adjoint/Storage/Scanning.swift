import CAdjoint

// The memory side of scans, which walk along the middle axis of [outer, length, inner].

extension Payload {
  /// The running sum, product or log-sum-exp of this contiguous payload.
  func scanned(_ op: adj_scan_op, axis: Int, reversed: Bool, dtype: DType) -> Payload {
    let span = Profiling.begin(
      op == ADJ_SCAN_PRODUCT
        ? "cumulativeProduct" : op == ADJ_SCAN_SUM ? "cumulativeSum" : "cumulativeLogSumExp", shape,
      dtype, flops: Double(shape.elementCount) * (op == ADJ_SCAN_LOG_SUM_EXP ? 4 : 1),
      bytes: shape.elementCount * (self.dtype.byteCount + dtype.byteCount))
    defer { span?.end() }
    return Payload(shape: shape, dtype: dtype) { out in
      let source = address
      lines(along: axis) { length, inner, begin, end in
        adj_scan(op, self.dtype.code, reversed, out, source, length, inner, begin, end)
      }
    }
  }

  /// The indices of the largest or smallest elements so far of this contiguous payload.
  func runningExtreme(largest: Bool, axis: Int) -> Payload {
    let span = Profiling.begin(
      largest ? "cumulativeMax" : "cumulativeMin", shape, dtype, flops: Double(shape.elementCount),
      bytes: shape.elementCount * (dtype.byteCount + 8))
    defer { span?.end() }
    return Payload(shape: shape, dtype: .int64) { out in
      let (source, indices) = (address, out.assumingMemoryBound(to: Int64.self))
      lines(along: axis) { length, inner, begin, end in
        adj_scan_extreme(largest, dtype.code, indices, source, length, inner, begin, end)
      }
    }
  }

  /// y_k = a_k y_(k-1) + b_k for contiguous payloads of one shape.
  static func linearRecurrence(
    _ a: Payload, _ b: Payload, axis: Int, reversed: Bool
  ) -> Payload {
    let span = Profiling.begin(
      "linearRecurrence", b.shape, b.dtype, flops: 2 * Double(b.shape.elementCount),
      bytes: 3 * b.shape.elementCount * b.dtype.byteCount)
    defer { span?.end() }
    return Payload(shape: b.shape, dtype: b.dtype) { out in
      let (factors, terms) = (a.address, b.address)
      b.lines(along: axis) { length, inner, begin, end in
        adj_linear_recurrence(
          b.dtype.code, reversed, out, factors, terms, length, inner, begin, end)
      }
    }
  }

  /// Cuts the lines along an axis into chunks of about 2^15 elements and runs them on the pool.
  private func lines(
    along axis: Int, _ body: (_ length: Int64, _ inner: Int64, _ begin: Int64, _ end: Int64) -> Void
  ) {
    if shape.elementCount == 0 { return }
    let length = shape[axis]
    let inner = Shape(unchecked: shape[(axis + 1)...]).elementCount
    // Lines beside each other are taken together; memory between them is read in runs.
    let least = inner == 1 ? 4 : min(inner, 64)
    let grain = max((1 << 15) / length, least)
    parallel(shape.elementCount / length, grain: grain, multiple: inner == 1 ? 4 : 1) {
      body(Int64(length), Int64(inner), Int64($0), Int64($1))
    }
  }
}
