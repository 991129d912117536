import CAdjoint

/// Attention in tiles of scores: no matrix of all queries and keys is ever in memory.
///
/// Forward, each tile of 64 queries and some hundred keys goes through a product, the online softmax
/// and a product with the values; per query the logarithm of the sum stays. Backward the weights are
/// computed again from it. Units of work are heads, or parts of the queries of a head where heads are
/// few: these add up the gradients of keys and values in memory of their own.
///
/// Source: Dao et al., "FlashAttention: fast and memory-efficient exact attention with IO-awareness",
/// NeurIPS 2022.
struct BlockwiseAttention {
  /// What limits the scores, `[..., queries, keys]` stretched to the batch.
  enum Mask {
    case none
    case causal
    case allowed(Payload)
    case added(Payload)
  }

  /// Dropout of weights: the place in the random stream where the draws of all scores begin.
  struct Dropout {
    var rate: Double
    var key, position: UInt64
  }

  private let query, key, value: StridedMatrices
  private let dtype: DType
  private let batch: Shape
  /// The sizes: queries, keys, features of both, features of values.
  private let n, m, d, e: Int
  private let scale: Double
  private let mask: Mask
  private let masks: (matrices: StridedMatrices, isAllowed: Bool)?
  private let dropout: Dropout?

  /// The most queries and keys of a tile: OpenBLAS has kernels without packing for products of at most
  /// a million multiplications, and the scores stay in the nearest caches.
  private let rows = 64
  private let columns: Int

  /// Attention of queries `[batch..., n, d]`, keys `[batch..., m, d]`, values `[batch..., m, e]`.
  init(
    query: Payload, key: Payload, value: Payload, scale: Double, mask: Mask, dropout: Dropout?
  ) {
    (self.query, self.key, self.value) = (
      StridedMatrices(query), StridedMatrices(key), StridedMatrices(value)
    )
    dtype = query.dtype
    let rank = query.shape.rank
    batch = Shape(unchecked: query.shape.dropLast(2))
    (n, d) = (query.shape[rank - 2], query.shape[rank - 1])
    (m, e) = (key.shape[rank - 2], value.shape[rank - 1])
    (self.scale, self.mask, self.dropout) = (scale, mask, dropout)
    switch mask {
    case .none, .causal: masks = nil
    case .allowed(let mask): masks = (StridedMatrices(mask, gapless: false), true)
    case .added(let mask): masks = (StridedMatrices(mask, gapless: false), false)
    }
    columns = max(min(1_000_000 / (64 * max(d, e, 1)), 512) & ~15, 16)
  }

  /// The parts that the queries of a head are cut into.
  private var parts: Int {
    let heads = batch.elementCount
    // The gradients of parts have an axis more, and a shape at most eight.
    return heads >= 16 || batch.rank > 5
      ? 1 : min((15 + heads) / max(heads, 1), max(n / (2 * rows), 1))
  }

  private func queries(ofPart part: Int) -> Range<Int> {
    let blocks = (n + rows - 1) / rows
    return min(part * blocks / parts * rows, n)..<min((part + 1) * blocks / parts * rows, n)
  }

  private func keys(seenUpTo end: Int) -> Int {
    if case .causal = mask { return min(end, m) }
    return m
  }

  /// Calls `body` with head and part of each unit.
  private func forEachUnit(_ body: (Int, Int) -> Void) {
    let (heads, parts) = (batch.elementCount, parts)
    let products = Double(heads) * Double(n) * Double(m) * Double(d + e)
    parallel(units: heads * parts, operations: products) { body($0 / parts, $0 % parts) }
  }

  /// The beginning of one of the ways, with the floating-point operations of a score and the numbers that
  /// are read and written for a place.
  private func beginProfiling(
    _ name: StaticString, _ perScore: Int, _ perPlace: Int
  ) -> ProfileRecorder? {
    var scores = Double(n) * Double(m)
    if case .causal = mask {
      let full = Double(max(n - m, 0))
      scores = full * Double(m) + (Double(n) - full) * (Double(n) - full + 1) / 2
    }
    let heads = batch.elementCount
    return Profiling.begin(
      name, batch.followed(by: n, e), dtype, flops: Double(heads * perScore) * scores,
      bytes: heads * max(n, m) * perPlace * dtype.byteCount)
  }

  // MARK: Forward

  /// The result `[batch..., n, e]`, which lies in memory as the queries do, and the logarithm of the sum
  /// of each query's exponentials, `[batch..., n]`.
  func forward() -> (result: Payload, logarithms: Payload) {
    let span = beginProfiling("attention", 2 * (d + e), 3 * d + e)
    defer { span?.end() }
    let out = StridedMatrices(shape: batch.followed(by: n, e), as: query.payload)
    // Only a mask of places may leave a query without keys; scores that are all -infinity are NaN.
    let nothingIsNaN = masks?.isAllowed != true && m > 0
    let logarithms = Payload(shape: batch.followed(by: n), dtype: dtype) { logarithms in
      forEachUnit { head, part in
        let range = queries(ofPart: part)
        let keys = keys(seenUpTo: range.upperBound)
        let transposed = Scratch(d * keys, dtype)
        transposed.fill(with: key, head: head, rows: keys, columns: d)
        let scores = Scratch(rows * columns, dtype)
        let statistics = Scratch(3 * rows, dtype)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: rows) {
          let block = start..<min(start + rows, range.upperBound)
          let (maximum, sum) = (statistics.at(0), statistics.at(rows))
          let rescale = statistics.at(2 * rows)
          fill(maximum, with: dtype.bits(of: -.infinity), rows, dtype)
          fill(sum, with: 0, rows, dtype)
          let to = out.row(start, of: head)
          forEachTile(block, head) { tile, seen in
            product(
              query.matrix(from: start, of: head), transposed, seen, keys, scale, block, scores, d)
            adj_attention_weigh(dtype.code, &tile, scores.at(0), maximum, sum, rescale)
            if seen.lowerBound > 0 {
              adj_scale_rows(
                dtype.code, to, Int64(block.count), Int64(e), Int64(out.stride), rescale)
            }
            BLAS.multiply(
              dtype, m: block.count, n: e, k: seen.count, scores.matrix(stride: columns),
              value.matrix(from: seen.lowerBound, of: head), beta: seen.lowerBound > 0 ? 1 : 0,
              into: to, leadingDimension: out.stride)
          }
          if keys == 0 { out.clear(head, from: start, rows: block.count, columns: e) }
          adj_attention_totals(
            dtype.code, Int64(block.count), nothingIsNaN, maximum, sum,
            logarithms + (head * n + start) * dtype.byteCount)
          adj_scale_rows(dtype.code, to, Int64(block.count), Int64(e), Int64(out.stride), sum)
        }
      }
      withExtendedLifetime(self) {}
    }
    return (out.payload, logarithms)
  }

  // MARK: Backward

  /// The gradients of queries, keys and values for the one of the result.
  ///
  /// `dots` is the sum of gradient * result for each query.
  func backward(
    _ gradient: Payload, logarithms: Payload, dots: Payload
  ) -> (query: Payload, key: Payload, value: Payload) {
    let (g, dots) = (StridedMatrices(gradient), dots.contiguous)
    // The scores and the gradients of weights, values, keys and queries.
    let span = beginProfiling("attention", 2 * (3 * d + 2 * e), 5 * d + 2 * e)
    defer { span?.end() }
    let (logarithm, dot) = (logarithms.address, dots.address)
    let dq = StridedMatrices(shape: query.payload.shape, as: query.payload)
    // Parts of one head would write to the same keys: each gets a copy, which are added at the end.
    let copies: [Int] = parts == 1 ? [] : [parts]
    func copied(_ operand: StridedMatrices) -> StridedMatrices {
      StridedMatrices(
        shape: Shape(unchecked: copies + Array(operand.payload.shape)), as: operand.payload)
    }
    let dk = copied(key)
    let dv = copied(value)
    let size = dtype.byteCount
    forEachUnit { head, part in
      let range = queries(ofPart: part)
      let place = part * batch.elementCount + head
      dk.clear(place, rows: m, columns: d)
      dv.clear(place, rows: m, columns: e)
      let keys = keys(seenUpTo: range.upperBound)
      let (keysAcross, valuesAcross) = (Scratch(d * keys, dtype), Scratch(e * keys, dtype))
      keysAcross.fill(with: key, head: head, rows: keys, columns: d)
      valuesAcross.fill(with: value, head: head, rows: keys, columns: e)
      let (scores, weights) = (Scratch(rows * columns, dtype), Scratch(rows * columns, dtype))
      for start in stride(from: range.lowerBound, to: range.upperBound, by: rows) {
        let block = start..<min(start + rows, range.upperBound)
        let (to, at) = (dq.row(start, of: head), (head * n + start) * size)
        if keys == 0 { dq.clear(head, from: start, rows: block.count, columns: d) }
        forEachTile(block, head) { tile, seen in
          product(
            query.matrix(from: start, of: head), keysAcross, seen, keys, scale, block, scores, d)
          product(g.matrix(from: start, of: head), valuesAcross, seen, keys, 1, block, weights, e)
          adj_attention_weigh_back(
            dtype.code, &tile, scores.at(0), weights.at(0), logarithm + at, dot + at, scale)
          BLAS.multiply(
            dtype, m: seen.count, n: e, k: block.count,
            scores.matrix(stride: columns, transposed: true), g.matrix(from: start, of: head),
            beta: 1, into: dv.row(seen.lowerBound, of: place), leadingDimension: dv.stride)
          BLAS.multiply(
            dtype, m: seen.count, n: d, k: block.count,
            weights.matrix(stride: columns, transposed: true), query.matrix(from: start, of: head),
            beta: 1, into: dk.row(seen.lowerBound, of: place), leadingDimension: dk.stride)
          BLAS.multiply(
            dtype, m: block.count, n: d, k: seen.count, weights.matrix(stride: columns),
            key.matrix(from: seen.lowerBound, of: head), beta: seen.lowerBound > 0 ? 1 : 0,
            into: to, leadingDimension: dq.stride)
        }
      }
    }
    withExtendedLifetime((self, g, dots, logarithms)) {}
    return (dq.payload, dk.payload, dv.payload)
  }

  // MARK: Tiles

  /// Calls `body` with the tiles of a block of queries, from the first keys to the last that are seen.
  private func forEachTile(
    _ block: Range<Int>, _ head: Int, _ body: (inout adj_attention_tile, Range<Int>) -> Void
  ) {
    var tile = adj_attention_tile()
    tile.rows = Int64(block.count)
    tile.stride = Int64(columns)
    tile.first_row = Int64(block.lowerBound)
    tile.keep = 1
    tile.keys = Int64(m)
    if let dropout {
      tile.keep = 1 - dropout.rate
      (tile.key, tile.counter) = (dropout.key, dropout.position)
      tile.draw = UInt64(head) * UInt64(n) * UInt64(m)
    }
    if case .causal = mask { tile.causal = true }
    if let (matrices, isAllowed) = masks {
      let row = UnsafeRawPointer(matrices.row(0, of: head))
      if isAllowed {
        tile.allowed = row.assumingMemoryBound(to: UInt8.self)
      } else {
        tile.added = row
      }
      (tile.mask_row, tile.mask_column) = (Int64(matrices.stride), Int64(matrices.step))
    }
    let keys = keys(seenUpTo: block.upperBound)
    for start in stride(from: 0, to: keys, by: columns) {
      tile.first_column = Int64(start)
      tile.columns = Int64(min(columns, keys - start))
      body(&tile, start..<min(start + columns, keys))
    }
  }

  /// `scores = scale a b` for some rows of `a` and the columns `seen` of `b`, which has `count`.
  private func product(
    _ a: BLAS.Matrix, _ b: Scratch, _ seen: Range<Int>, _ count: Int, _ scale: Double,
    _ block: Range<Int>, _ scores: Scratch, _ depth: Int
  ) {
    BLAS.multiply(
      dtype, m: block.count, n: seen.count, k: depth, alpha: scale, a,
      b.matrix(stride: count, from: seen.lowerBound), into: scores.at(0), leadingDimension: columns)
  }
}

/// Memory of a unit of work, from the cache of blocks.
private struct Scratch {
  private let buffer: Buffer
  private let dtype: DType

  init(_ count: Int, _ dtype: DType) {
    buffer = Buffer(elementCount: count, dtype: dtype)
    self.dtype = dtype
  }

  func at(_ index: Int) -> UnsafeMutableRawPointer { buffer.address + index * dtype.byteCount }

  func matrix(stride: Int, from column: Int = 0, transposed: Bool = false) -> BLAS.Matrix {
    BLAS.Matrix(address: at(column), leadingDimension: stride, transposed: transposed)
  }

  /// Takes the first rows of a matrix, transposed: products read it faster so.
  func fill(with source: StridedMatrices, head: Int, rows: Int, columns: Int) {
    let shape: [Int64] = [Int64(columns), Int64(rows)]
    adj_copy_box(
      Int32(dtype.byteCount), 2, shape, at(0), [Int64(rows), 1], source.row(0, of: head),
      [1, Int64(source.stride)])
  }
}
