/// Which keys a query may look at in `scaledDotProductAttention`.
public enum AttentionMask: Sendable {
  /// All of them.
  case none
  /// Those at its own position or before: query `i` sees keys `0 ... i`.
  case causal
  /// Those where a bool tensor that broadcasts to `[..., queries, keys]` is true.
  case allowed(Tensor)
  /// All of them, with a tensor that broadcasts to `[..., queries, keys]` added to the scores.
  case added(Tensor)
}

/// For each query a mean of the values, weighted by how well the keys fit.
///
/// `softmax(scale * query key^T + mask) value`
///
/// A query without any allowed key gives zeros. Many queries are taken in blocks: then the weights of
/// one block are in memory at a time, unless they are recorded, and a causal block leaves out the keys
/// behind it.
///
/// Shapes: query `[..., n, d]`, key `[..., m, d]` and value `[..., m, e]` give `[..., n, e]`; the axes
/// in front (batch, heads) are broadcast.
///
/// Source: Vaswani et al., "Attention is all you need", NeurIPS 2017.
/// - Parameters:
///   - query: what asks, one vector in each row.
///   - key: what queries are compared with, one vector in each row.
///   - value: what belongs to the keys, as many rows.
///   - mask: which keys a query may see.
///   - scale: 1 / sqrt(d) if left out.
///   - dropoutRate: the probability with which a weight is zeroed, see `dropout`.
///   - generator: where dropout draws from.
public func scaledDotProductAttention(
  query: Tensor, key: Tensor, value: Tensor, mask: AttentionMask = .none, scale: Double? = nil,
  dropoutRate: Double = 0, using generator: inout Generator, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  attention(query, key, value, mask, scale, file, line) {
    dropout($0, rate: dropoutRate, using: &generator, file: file, line: line)
  }
}

/// Attention without dropout; see the variant that takes a generator.
public func scaledDotProductAttention(
  query: Tensor, key: Tensor, value: Tensor, mask: AttentionMask = .none, scale: Double? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  attention(query, key, value, mask, scale, file, line) { $0 }
}

/// Checks the operands and takes the queries block by block.
private func attention(
  _ query: Tensor, _ key: Tensor, _ value: Tensor, _ mask: AttentionMask, _ scale: Double?,
  _ file: StaticString, _ line: UInt, _ dropout: (Tensor) -> Tensor
) -> Tensor {
  func fail(_ message: String) -> Never {
    programmingError("scaledDotProductAttention", message, file: file, line: line)
  }
  let dtype = query.dtype
  if key.dtype != dtype || value.dtype != dtype || !dtype.isFloatingPoint {
    fail("needs three tensors of one floating dtype, not \(dtype), \(key.dtype), \(value.dtype)")
  }
  func fits(_ batch: Shape?, _ other: Tensor) -> Shape? {
    batch?.broadcast(with: Shape(unchecked: other.shape.dropLast(2)))
  }
  let ranks = [query.rank, key.rank, value.rank]
  guard ranks.allSatisfy({ $0 >= 2 }), query.shape.last == key.shape.last,
    key.shape[key.rank - 2] == value.shape[value.rank - 2],
    let batch = fits(fits([], query), key), fits(batch, value) != nil
  else {
    fail(
      "query \(query.shape), key \(key.shape) and value \(value.shape) must be [..., n, d], "
        + "[..., m, d] and [..., m, e]")
  }
  let (n, m) = (query.shape[query.rank - 2], key.shape[key.rank - 2])
  let scores = Shape(unchecked: Array(batch) + [n, m])
  func check(_ mask: Tensor, _ expected: String, _ isRight: Bool) {
    if !isRight || mask.shape.broadcast(with: scores) != scores {
      fail(
        "the mask must be \(expected) and broadcast to \(scores), not \(mask.dtype) \(mask.shape)")
    }
  }
  switch mask {
  case .none, .causal: break
  case .allowed(let mask): check(mask, "bool", mask.dtype == .bool)
  case .added(let mask): check(mask, "\(dtype)", mask.dtype == dtype)
  }
  let factor = scale ?? 1 / Double(max(query.shape[query.rank - 1], 1)).squareRoot()
  let scaled = query * Tensor(factor, dtype: dtype)
  let block = 256
  if n <= 2 * block {
    return matmul(dropout(weights(scaled, key, mask, from: 0, of: n)), value)
  }
  var parts: [Tensor] = []
  for start in stride(from: 0, to: n, by: block) {
    let rows = start..<min(start + block, n)
    var seen = m
    if case .causal = mask { seen = min(rows.upperBound, m) }
    let part = weights(
      scaled.sliced(rows, axis: -2), key.sliced(0..<seen, axis: -2), mask, from: start, of: n)
    parts.append(matmul(dropout(part), value.sliced(0..<seen, axis: -2)))
  }
  return concatenated(parts, axis: -2)
}

/// The weights of a block of queries, the first of which is number `start` of `count`.
private func weights(
  _ query: Tensor, _ key: Tensor, _ mask: AttentionMask, from start: Int, of count: Int
) -> Tensor {
  let scores = matmul(query, key.transposed())
  let (n, m) = (scores.shape[scores.rank - 2], scores.shape[scores.rank - 1])
  let nothing = Tensor(-Double.infinity, dtype: query.dtype)
  /// The rows of a mask that has one for each query.
  func rows(_ mask: Tensor) -> Tensor {
    let hasRows = n != count && mask.rank >= 2 && mask.shape[mask.rank - 2] == count
    return hasRows ? mask.sliced(start..<start + n, axis: -2) : mask
  }
  switch mask {
  case .none: return softmax(scores)
  case .causal:
    let places = Tensor.arange(count)[start..<start + n].expandingDimension(at: 1)
    return softmax(`where`(places .>= Tensor.arange(m), scores, nothing))
  case .added(let mask): return softmax(scores + rows(mask))
  case .allowed(let mask):
    if m == 0 { return softmax(scores) }
    let full = rows(mask).broadcast(to: scores.shape)
    // A row of nothing but -infinity would be NaN, and its derivative with it.
    let any = full.max(axes: [scores.rank - 1], keepingDimensions: true)
    let masked = `where`(any, `where`(full, scores, nothing), 0)
    return `where`(any, softmax(masked), 0)
  }
}
