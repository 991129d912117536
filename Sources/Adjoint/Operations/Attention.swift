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

/// softmax(scale * query key^T + mask) value: for each query a mean of the values, weighted by how well
/// the keys fit.
///
/// A query without any allowed key gives zeros.
///
/// Shapes: query `[..., n, d]`, key `[..., m, d]` and value `[..., m, e]` give `[..., n, e]`; the axes
/// in front (batch, heads) are broadcast. Memory grows with n m.
///
/// Source: Vaswani et al., "Attention is all you need", NeurIPS 2017.
/// - Parameters:
///   - scale: 1 / sqrt(d) if left out.
///   - dropoutRate: the probability with which a weight is zeroed, see `dropout`.
///   - generator: where dropout draws from.
public func scaledDotProductAttention(
  query: Tensor, key: Tensor, value: Tensor, mask: AttentionMask = .none, scale: Double? = nil,
  dropoutRate: Double = 0, using generator: inout Generator, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  let weights = attentionWeights(query, key, value, mask, scale, file, line)
  let kept = dropout(weights, rate: dropoutRate, using: &generator, file: file, line: line)
  return matmul(kept, value, file: file, line: line)
}

/// Attention without dropout; see the variant that takes a generator.
public func scaledDotProductAttention(
  query: Tensor, key: Tensor, value: Tensor, mask: AttentionMask = .none, scale: Double? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  matmul(
    attentionWeights(query, key, value, mask, scale, file, line), value, file: file, line: line)
}

private func attentionWeights(
  _ query: Tensor, _ key: Tensor, _ value: Tensor, _ mask: AttentionMask, _ scale: Double?,
  _ file: StaticString, _ line: UInt
) -> Tensor {
  func fail(_ message: String) -> Never {
    programmingError("scaledDotProductAttention", message, file: file, line: line)
  }
  let dtype = query.dtype
  if key.dtype != dtype || value.dtype != dtype || !dtype.isFloatingPoint {
    fail("needs three tensors of one floating dtype, not \(dtype), \(key.dtype), \(value.dtype)")
  }
  let ranks = [query.rank, key.rank, value.rank]
  if ranks.min()! < 2 || query.shape.last != key.shape.last
    || key.shape[key.rank - 2] != value.shape[value.rank - 2]
  {
    fail(
      "query \(query.shape), key \(key.shape) and value \(value.shape) must be [..., n, d], "
        + "[..., m, d] and [..., m, e]")
  }
  let (n, m) = (query.shape[query.rank - 2], key.shape[key.rank - 2])
  let factor = scale ?? 1 / Double(max(query.shape[query.rank - 1], 1)).squareRoot()
  let scaled = query * Tensor(factor, dtype: dtype)
  let scores = matmul(scaled, key.transposed(), file: file, line: line)
  func fits(_ mask: Tensor, _ expected: String, _ isRight: Bool) {
    if !isRight || mask.shape.broadcast(with: scores.shape) != scores.shape {
      fail(
        "the mask must be \(expected) and broadcast to \(scores.shape), not \(mask.dtype) "
          + "\(mask.shape)")
    }
  }
  let nothing = Tensor(-Double.infinity, dtype: dtype)
  switch mask {
  case .none: return softmax(scores)
  case .causal:
    let rows = Tensor.arange(n).expandingDimension(at: 1)
    return softmax(`where`(rows .>= Tensor.arange(m), scores, nothing))
  case .added(let mask):
    fits(mask, "\(dtype)", mask.dtype == dtype)
    return softmax(scores + mask)
  case .allowed(let mask):
    fits(mask, "bool", mask.dtype == .bool)
    if m == 0 { return softmax(scores) }
    let full = mask.broadcast(to: scores.shape)
    // A row of nothing but -infinity would be NaN, and its derivative with it.
    let any = full.max(axes: [scores.rank - 1], keepingDimensions: true)
    let masked = `where`(any, `where`(full, scores, nothing), 0)
    return `where`(any, softmax(masked), 0)
  }
}
