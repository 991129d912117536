import CAdjoint

// The memory side of reductions, row-wise softmax and products.

extension Payload {
  /// Reduces the middle axis of this contiguous payload seen as [outer, length, inner].
  ///
  /// The result has the given shape of outer * inner elements. `length` is not 0.
  func reduced(_ op: adj_reduction, outer: Int, length: Int, inner: Int, shape: Shape, dtype: DType)
    -> Payload
  {
    let span = Profiling.begin(
      op.profilingName, shape, dtype, flops: Double(outer * inner) * Double(length),
      bytes: outer * inner * (length * self.dtype.byteCount + dtype.byteCount))
    defer { span?.end() }
    return inSteps(op, outer: outer, length: length, inner: inner, shape: shape, dtype: dtype)
  }

  private func inSteps(
    _ op: adj_reduction, outer: Int, length: Int, inner: Int, shape: Shape, dtype: DType
  ) -> Payload {
    let results = outer * inner
    // Few results of many elements: the axis is cut, by its length alone, and reduced in two steps.
    let part = inner == 1 ? 1 << 16 : max((1 << 18) / inner, 16)
    if outer < 16, length >= 2 * part, let (first, type, second) = op.steps(self.dtype, dtype) {
      let parts = (length + part - 1) / part
      let partial = Payload(shape: [outer, parts, inner], dtype: type) { out in
        func range(_ chunk: Int) -> Range<Int> {
          let (row, start) = (chunk / parts * length, chunk % parts * part)
          return (row + start) * inner..<(row + min(start + part, length)) * inner
        }
        forEachChunk(outer * parts, range, streams: inner == 1) { chunk, elements in
          adj_reduce(
            first, self.dtype.code, out + chunk * inner * type.byteCount, elements,
            Int64(range(chunk).count / inner), Int64(inner), 0, Int64(inner))
        }
      }
      let total = partial.inSteps(
        second, outer: outer, length: parts, inner: inner, shape: shape, dtype: type)
      return Tensor(total).cast(to: dtype).payload
    }
    return Payload(shape: shape, dtype: dtype) { out in
      if inner == 1 {
        let rows = max((1 << 16) / length, 1)
        func range(_ chunk: Int) -> Range<Int> {
          chunk * rows * length..<min((chunk + 1) * rows, outer) * length
        }
        return forEachChunk((outer + rows - 1) / rows, range, streams: length <= 1 << 16) {
          adj_reduce(
            op, self.dtype.code, out + $0 * rows * dtype.byteCount, $1, Int64(length), 1, 0,
            Int64(range($0).count / length))
        }
      }
      let source = address
      // Columns are taken many at a time, so that memory is read in long runs.
      let isSmall = length * inner <= 1 << 16
      let work = (isSmall ? 1 << 13 : 1 << 16) / max(length, 1)
      parallel(results, grain: max(work, isSmall ? 64 : min(inner, 1024))) { begin, end in
        adj_reduce(
          op, self.dtype.code, out, source, Int64(length), Int64(inner), Int64(begin), Int64(end))
      }
    }
  }

  /// Runs `body` for chunks of the elements in row-major order, on the pool, with the address of the
  /// first of each.
  ///
  /// If it may stream, a large pending payload is computed chunk by chunk: only its chunks ever stand
  /// in memory.
  private func forEachChunk(
    _ chunks: Int, _ range: (Int) -> Range<Int>, streams: Bool,
    _ body: (Int, UnsafeRawPointer) -> Void
  ) {
    if streams, Evaluator.shared.stream(self, chunks: chunks, range: range, consume: body) {
      return
    }
    let start = UnsafeRawPointer(address)
    ThreadPool.shared.run(chunks: chunks) {
      body($0, start + range($0).lowerBound * dtype.byteCount)
    }
  }

  private func element(_ index: Int) -> UnsafeMutableRawPointer {
    address + index * dtype.byteCount
  }

  /// Softmax or log-softmax of the rows of this contiguous payload.
  func softmaxRows(logarithm: Bool) -> Payload {
    let width = shape.last!
    // Largest, difference, exponential, sum, and quotient or difference.
    let span = Profiling.begin(
      logarithm ? "logSoftmax" : "softmax", shape, dtype, flops: 5 * Double(shape.elementCount),
      bytes: 2 * shape.elementCount * dtype.byteCount)
    defer { span?.end() }
    return Payload(shape: shape, dtype: dtype) { out in
      let source = address
      parallel(shape.elementCount / max(width, 1), grain: max((1 << 12) / max(width, 1), 1)) {
        adj_softmax_rows(dtype.code, logarithm, out, source, Int64(width), Int64($0), Int64($1))
      }
    }
  }

  /// The cross-entropy of each row of this contiguous [n, classes] payload.
  func crossEntropyRows(_ labels: Payload) -> Payload {
    let width = shape[1]
    let span = Profiling.begin(
      "softmaxCrossEntropy", [shape[0]], dtype, flops: 4 * Double(shape.elementCount),
      bytes: (shape.elementCount + shape[0]) * dtype.byteCount + 8 * shape[0])
    defer { span?.end() }
    return Payload(shape: [shape[0]], dtype: dtype) { out in
      let (source, labels) = (address, labels.address.assumingMemoryBound(to: Int64.self))
      parallel(shape[0], grain: max((1 << 12) / max(width, 1), 1)) {
        adj_cross_entropy_rows(dtype.code, out, source, labels, Int64(width), Int64($0), Int64($1))
      }
    }
  }

  /// The squared distances of the rows of [n, d] from the columns of [d, m], both contiguous.
  static func squaredDistances(_ a: Payload, _ b: Payload) -> Payload {
    let (n, d, m) = (a.shape[0], a.shape[1], b.shape[1])
    let span = Profiling.begin(
      "squaredDistances", [n, m], a.dtype, flops: 3 * Double(n) * Double(d) * Double(m),
      bytes: (n * d + d * m + n * m) * a.dtype.byteCount)
    defer { span?.end() }
    return Payload(shape: [n, m], dtype: a.dtype) { out in
      let (x, y) = (a.address, b.address)
      parallel(n, grain: max((1 << 16) / max(m * d, 1), 1), multiple: 4) {
        adj_squared_distances(a.dtype.code, out, x, y, Int64(d), Int64(m), Int64($0), Int64($1))
      }
    }
  }

  /// The matrix product of [m, k] by [k, n], or a batch of them: [batch, m, k] by [batch, k, n].
  static func product(_ a: Payload, _ b: Payload) -> Payload {
    let rank = a.shape.rank
    let batch = rank == 3 ? a.shape[0] : 1
    let (m, k, n) = (a.shape[rank - 2], a.shape[rank - 1], b.shape[rank - 1])
    let dtype = a.dtype
    var shape = a.shape
    shape[rank - 1] = n
    let span = Profiling.begin(
      "matmul", shape, dtype, flops: 2 * Double(batch * m) * Double(k) * Double(n),
      bytes: a.readByteCount + b.readByteCount + batch * m * n * dtype.byteCount)
    defer { span?.end() }
    let (x, y) = (a.forProduct, b.forProduct)
    x.force()
    y.force()
    return Payload(shape: shape, dtype: dtype) { out in
      if k == 0 { return fill(out, with: 0, batch * m * n, dtype) }
      if batch == 1 {
        return BLAS.product(dtype, m: m, n: n, k: k, x.matrix(0), y.matrix(0), into: out)
      }
      // Small products are grouped so that a hand-over is worth it.
      let group = max(1, Int(2e6 / (2 * Double(m) * Double(n) * Double(k) + 1)))
      parallel(batch, grain: group) { begin, end in
        for index in begin..<end {
          BLAS.product(
            dtype, m: m, n: n, k: k, x.matrix(index), y.matrix(index),
            into: out + index * m * n * dtype.byteCount, onPool: false)
        }
      }
    }
  }

  /// The matrices in a form BLAS reads: one stride of each is 1.
  ///
  /// Transposes are flags; only what is neither is copied.
  private var forProduct: Payload {
    let (rank, strides) = (shape.rank, strides)
    let (rows, columns) = (strides[rank - 2], strides[rank - 1])
    let straight = columns == 1 && rows >= max(shape[rank - 1], 1)
    let turned = rows == 1 && columns >= max(shape[rank - 2], 1)
    return straight || turned || isContiguous ? self : contiguous
  }

  private func matrix(_ index: Int) -> BLAS.Matrix {
    let (rank, strides) = (shape.rank, strides)
    let (rows, columns) = (strides[rank - 2], strides[rank - 1])
    let start = UnsafeRawPointer(rank == 3 ? element(index * strides[0]) : address)
    if columns == 1 && rows >= max(shape[rank - 1], 1) {
      return BLAS.Matrix(address: start, leadingDimension: rows, transposed: false)
    }
    if rows == 1 && columns >= max(shape[rank - 2], 1) && !isContiguous {
      return BLAS.Matrix(address: start, leadingDimension: columns, transposed: true)
    }
    return BLAS.Matrix(
      address: start, leadingDimension: max(shape[rank - 1], 1), transposed: false)
  }
}

extension adj_reduction {
  fileprivate var profilingName: StaticString {
    switch self {
    case ADJ_SUM, ADJ_SUM_WIDE: "sum"
    case ADJ_SUM_SQUARES, ADJ_SUM_SQUARES_WIDE: "sum of squares"
    case ADJ_PRODUCT, ADJ_PRODUCT_WIDE: "product"
    case ADJ_MAX: "max"
    case ADJ_MIN: "min"
    case ADJ_ARGMAX: "argMax"
    default: "argMin"
    }
  }

  /// How to reduce in two steps: the first, the dtype of what it leaves, and the second.
  ///
  /// Sums and products of float32 stay in double precision between the steps.
  fileprivate func steps(
    _ operand: DType, _ result: DType
  ) -> (first: adj_reduction, dtype: DType, second: adj_reduction)? {
    let between = operand == .float32 ? .float64 : result
    switch self {
    case ADJ_SUM, ADJ_SUM_WIDE: return (operand == .float32 ? ADJ_SUM_WIDE : self, between, ADJ_SUM)
    case ADJ_SUM_SQUARES, ADJ_SUM_SQUARES_WIDE: return (ADJ_SUM_SQUARES_WIDE, .float64, ADJ_SUM)
    case ADJ_PRODUCT:
      return (operand == .float32 ? ADJ_PRODUCT_WIDE : self, between, ADJ_PRODUCT)
    case ADJ_MAX, ADJ_MIN: return (self, result, self)
    default: return nil
    }
  }
}
