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
/// A query without any allowed key gives zeros.
///
/// The weights are computed in tiles and never stored: memory grows with the number of queries and keys,
/// not with their product, forward and backward. Derivatives of higher order and the gradient of an
/// `.added` mask store them.
///
/// Shapes: query `[..., n, d]`, key `[..., m, d]` and value `[..., m, e]` give `[..., n, e]`; the axes
/// in front (batch, heads) are broadcast.
///
/// Sources: Vaswani et al., "Attention is all you need", NeurIPS 2017; Dao et al., "FlashAttention",
/// NeurIPS 2022.
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
  if !(0..<1).contains(dropoutRate) {
    programmingError(
      "scaledDotProductAttention", "the dropout rate must be in 0 ..< 1, not \(dropoutRate)",
      file: file, line: line)
  }
  let start = generator
  let attention = Attention(
    query, key, value, mask, scale, dropoutRate == 0 ? nil : (dropoutRate, start), file, line)
  if dropoutRate > 0 { _ = generator.reserve((attention.scores.elementCount + 3) / 4) }
  return attention.result
}

/// Attention without dropout; see the variant that takes a generator.
public func scaledDotProductAttention(
  query: Tensor, key: Tensor, value: Tensor, mask: AttentionMask = .none, scale: Double? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  Attention(query, key, value, mask, scale, nil, file, line).result
}

/// One call of `scaledDotProductAttention`, with operands that have been checked.
private struct Attention {
  let query, key, value: Tensor
  let mask: AttentionMask
  let scale: Double
  let dropout: (rate: Double, start: Generator)?
  /// The shape of all scores.
  let scores: Shape

  init(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, _ mask: AttentionMask, _ scale: Double?,
    _ dropout: (rate: Double, start: Generator)?, _ file: StaticString, _ line: UInt
  ) {
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
      let batch = fits(fits(fits([], query), key), value)
    else {
      fail(
        "query \(query.shape), key \(key.shape) and value \(value.shape) must be [..., n, d], "
          + "[..., m, d] and [..., m, e]")
    }
    let scores = Shape(
      unchecked: Array(batch) + [query.shape[query.rank - 2], key.shape[key.rank - 2]])
    func check(_ mask: Tensor, _ expected: String, _ isRight: Bool) {
      if !isRight || mask.shape.broadcast(with: scores) != scores {
        fail(
          "the mask must be \(expected) and broadcast to \(scores), not \(mask.dtype) "
            + "\(mask.shape); its last axes are queries and keys")
      }
    }
    switch mask {
    case .none, .causal: break
    case .allowed(let mask): check(mask, "bool", mask.dtype == .bool)
    case .added(let mask): check(mask, "\(dtype)", mask.dtype == dtype)
    }
    (self.query, self.key, self.value, self.mask) = (query, key, value, mask)
    self.scale = scale ?? 1 / Double(max(query.shape[query.rank - 1], 1)).squareRoot()
    (self.dropout, self.scores) = (dropout, scores)
  }

  var result: Tensor {
    if case .added(let mask) = mask, mask.isTracked {
      return matmul(dropped(weights), value)
    }
    let tiles = BlockwiseAttention(
      query: stretched(query), key: stretched(key), value: stretched(value), scale: scale,
      mask: stretchedMask,
      dropout: dropout.map { .init(rate: $0.rate, key: $0.start.seed, position: $0.start.position) }
    )
    let (result, logarithms) = tiles.forward()
    let operands = [query, key, value]
    guard Recording.isOn, operands.contains(where: \.isTracked) else { return Tensor(result) }
    let rule = { (g: Tensor, y: Tensor?) -> [Tensor] in
      // The weights depend on the operands, which matters only to those who differentiate again.
      if Recording.isOn { return gradients(g) }
      let dots = (g * y!).sum(axes: [-1])
      let found = tiles.backward(g.payload, logarithms: logarithms, dots: dots.payload)
      return [found.query, found.key, found.value].map { Tensor($0) }
    }
    let edges = operands.enumerated().compactMap { index, operand in
      operand.node.map { Node.Edge(source: $0, rule: .joint(rule, index: index)) }
    }
    return Tensor(
      result,
      node: Node("scaledDotProductAttention", result, others: edges, keepingOutput: true))
  }

  /// An operand with the batch axes of all.
  private func stretched(_ x: Tensor) -> Payload {
    x.detached.broadcast(
      to: Shape(unchecked: Array(scores)[..<(scores.rank - 2)] + x.shape.suffix(2))
    )
    .payload
  }

  private var stretchedMask: BlockwiseAttention.Mask {
    switch mask {
    case .none: .none
    case .causal: .causal
    case .allowed(let mask): .allowed(mask.broadcast(to: scores).payload)
    case .added(let mask): .added(mask.detached.broadcast(to: scores).payload)
    }
  }

  // MARK: As a formula

  /// softmax(scale * query key^T + mask), all at once.
  private var weights: Tensor {
    let scores = matmul(query * Tensor(scale, dtype: query.dtype), key.transposed())
    let (n, m) = (scores.shape[scores.rank - 2], scores.shape[scores.rank - 1])
    let nothing = Tensor(-Double.infinity, dtype: query.dtype)
    switch mask {
    case .none: return softmax(scores)
    case .causal:
      let places = Tensor.arange(n).expandingDimension(at: 1)
      return softmax(`where`(places .>= Tensor.arange(m), scores, nothing))
    case .added(let mask): return softmax(scores + mask)
    case .allowed(let mask):
      if m == 0 { return softmax(scores) }
      let full = mask.broadcast(to: scores.shape)
      // A row of nothing but -infinity would be NaN, and its derivative with it.
      let any = full.max(axes: [scores.rank - 1], keepingDimensions: true)
      let masked = `where`(any, `where`(full, scores, nothing), 0)
      return `where`(any, softmax(masked), 0)
    }
  }

  /// Dropout of weights or, the same mask, of their gradient.
  private func dropped(_ weights: Tensor) -> Tensor {
    guard let dropout else { return weights }
    var replay = dropout.start
    let all = weights.broadcast(to: scores)
    return Adjoint.dropout(all, rate: dropout.rate, using: &replay)
  }

  /// The gradients as recorded functions of `g` and the operands.
  private func gradients(_ g: Tensor) -> [Tensor] {
    let weights = weights
    let ofWeights = dropped(matmul(g, value.transposed()))
    let mean = (weights * ofWeights).sum(axes: [-1], keepingDimensions: true)
    let ofScores = weights * (ofWeights - mean) * Tensor(scale, dtype: query.dtype)
    return [
      matmul(ofScores, key), matmul(ofScores.transposed(), query),
      matmul(dropped(weights).transposed(), g),
    ]
  }
}
