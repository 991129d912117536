import Adjoint

extension AttentionMask {
  /// The causal mask of queries that are the last of the keys.
  static func causal(queries: Int, keys: Int) -> AttentionMask {
    if queries == 1 { return .none }
    return queries == keys ? .causal : .allowed(seen(queries: queries, keys: keys))
  }

  /// Where a query may look that sees keys up to its own place, the last one all of them.
  private static func seen(queries: Int, keys: Int) -> Tensor {
    let places = Tensor.arange(keys).sliced((keys - queries)..., axis: 0)
    return places.expandingDimension(at: 1) .>= Tensor.arange(keys)
  }

  /// This mask without the keys for which `keyMask`, `[n, keys]`, is false.
  func restricted(to keyMask: Tensor?, queries: Int, keys: Int) -> AttentionMask {
    guard let keyMask else { return self }
    let counts = keyMask.reshaped([keyMask.shape[0], 1, 1, keys])
    switch self {
    case .none: return .allowed(counts)
    case .causal:
      let own = Tensor.arange(queries).expandingDimension(at: 1) .>= Tensor.arange(keys)
      return .allowed(own .& counts)
    case .allowed(let mask): return .allowed(mask .& counts)
    case .added(let mask):
      return .added(`where`(counts, mask, Tensor(-Double.infinity, dtype: mask.dtype)))
    }
  }
}
