import Adjoint

/// Attention in several subspaces.
///
/// `y = concat(head_1, ..., head_h) W_oᵀ + b_o`, where `head_i = softmax(q_i k_iᵀ / sqrt(d)) v_i`
///
/// q, k and v are linear maps of queries, keys and values, cut into heads of d = embeddingSize / heads
/// features.
///
/// Shapes: queries `[n, t, embeddingSize]`, keys `[n, m, keySize]`, values `[n, m, valueSize]`; the
/// result is `[n, t, embeddingSize]`. Masks broadcast to `[n, heads, t, m]`.
///
/// Parameters: PyTorch's. `in_proj_weight` `[3 * embeddingSize, embeddingSize]` has the maps of queries,
/// keys and values below one another; where keys or values have another size, there are
/// `q_proj_weight`, `k_proj_weight` and `v_proj_weight` in its place. `in_proj_bias`
/// `[3 * embeddingSize]`, `out_proj.weight`, `out_proj.bias`. Weights start Glorot-uniform, biases zero.
///
/// With `keyValueHeads` less than `heads`, groups of heads share keys and values (grouped-query
/// attention; 1: multi-query), and the parts of keys and values are that much smaller.
///
/// A bool mask is true where a query may look: PyTorch's `attn_mask` and `key_padding_mask` of this
/// layer are the opposite. A query that may look at nothing gets zeros from the heads, so the result
/// is b_o (PyTorch: NaN); with an `.added` mask it gets NaN, as a softmax of nothing but -infinity.
///
/// Sources: Vaswani et al., "Attention is all you need", NeurIPS 2017; Ainslie et al., "GQA", EMNLP
/// 2023.
public final class MultiHeadAttention: Module {
  /// The number of heads, and of those that keys and values have.
  public let heads, keyValueHeads: Int
  /// The probability with which a weight is zeroed in training mode.
  public let dropoutRate: Double
  /// Positions that queries and keys are turned by, if any.
  public let rotary: RotaryEncoding?
  /// The maps of queries, keys and values as one, or the three of them.
  let projection: InputProjection
  /// The map of the joined heads.
  public let outputProjection: Dense

  /// Attention over `heads` subspaces.
  ///
  /// - Parameters:
  ///   - embeddingSize: the features of queries and of the result, a multiple of `heads`.
  ///   - heads: the number of subspaces.
  ///   - keyValueHeads: a divisor of `heads`; the same number if left out.
  ///   - keySize: the features of keys, if they are others.
  ///   - valueSize: the features of values, if they are others.
  ///   - useBias: whether there are biases.
  ///   - dropoutRate: the probability with which a weight is zeroed, in training mode.
  ///   - rotary: positions for self-attention.
  ///   - weightInitializer: how the weights of the maps start.
  ///   - dtype: the type of the parameters, a floating one.
  public init(
    embeddingSize: Int, heads: Int, keyValueHeads: Int? = nil, keySize: Int? = nil,
    valueSize: Int? = nil, useBias: Bool = true, dropoutRate: Double = 0,
    rotary: RotaryEncoding? = nil, weightInitializer: Initializer = .glorotUniform,
    dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    func stop(_ message: String) -> Never {
      programmingError("MultiHeadAttention", message, file: file, line: line)
    }
    let shared = keyValueHeads ?? heads
    if heads < 1 || embeddingSize < 1 || embeddingSize % heads != 0 {
      stop("\(embeddingSize) features cannot be cut into \(heads) equal heads")
    }
    if shared < 1 || heads % shared != 0 {
      stop("\(heads) heads cannot share the keys and values of \(shared)")
    }
    if !(0..<1).contains(dropoutRate) {
      stop("the dropout rate must be in 0 ..< 1, not \(dropoutRate)")
    }
    let headSize = embeddingSize / heads
    if let rotary, rotary.size != headSize {
      stop("rotary positions for \(rotary.size) features do not fit heads of \(headSize)")
    }
    (self.heads, self.keyValueHeads, self.dropoutRate) = (heads, shared, dropoutRate)
    self.rotary = rotary
    projection = InputProjection(
      inputs: [embeddingSize, keySize ?? embeddingSize, valueSize ?? embeddingSize],
      outputs: [embeddingSize, shared * headSize, shared * headSize], useBias: useBias,
      weightInitializer: weightInitializer, dtype: dtype, file: file, line: line)
    outputProjection = Dense(
      inputSize: embeddingSize, outputSize: embeddingSize, useBias: useBias,
      weightInitializer: weightInitializer, dtype: dtype, file: file, line: line)
  }

  /// The number of features of queries and results.
  public var embeddingSize: Int { outputProjection.outputSize }

  /// The sizes.
  public var details: [String] {
    ["\(heads) heads"] + (keyValueHeads == heads ? [] : ["\(keyValueHeads) of keys and values"])
      + (dropoutRate > 0 ? ["dropout \(dropoutRate)"] : [])
  }
  /// The sizes, such as `MultiHeadAttention(512, 8 heads)`.
  public var description: String {
    "MultiHeadAttention(\((["\(embeddingSize)"] + details).joined(separator: ", ")))"
  }

  /// What each query finds.
  ///
  /// - Parameters:
  ///   - query: `[n, t, embeddingSize]`.
  ///   - key: the queries, if left out: self-attention.
  ///   - value: the keys, if left out.
  ///   - mask: where queries may look.
  ///   - keyMask: bool `[n, m]`, true for keys that count and false for padding.
  public func callAsFunction(
    _ query: Tensor, key: Tensor? = nil, value: Tensor? = nil, mask: AttentionMask = .none,
    keyMask: Tensor? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let span = beginProfiling()
    defer { span?.end() }
    return CallSite.$current.withValue(CallSite(file: file, line: line)) {
      check(query, key, value, keyMask)
      let (q, k, v) = projected(query, key, value, offset: 0)
      let limits = mask.restricted(to: keyMask, queries: q.shape[2], keys: k.shape[2])
      return attended(q, k, v, limits)
    }
  }

  /// Causal self-attention of further steps, which look at those in the cache and at one another.
  public func callAsFunction(
    _ x: Tensor, cache: inout KeyValueCache, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let span = beginProfiling()
    defer { span?.end() }
    return CallSite.$current.withValue(CallSite(file: file, line: line)) {
      check(x, nil, nil, nil)
      if let keys = cache.keys, keys.shape[0] != x.shape[0] {
        fail("the cache is of \(keys.shape[0]) sequences, the input of \(x.shape[0]): \(x.shape)")
      }
      let before = cache.count
      let (q, k, v) = projected(x, nil, nil, offset: before)
      cache.append(k, v)
      let mask = AttentionMask.causal(queries: q.shape[2], keys: cache.count)
      return attended(q, cache.keys ?? k, cache.values ?? v, mask)
    }
  }

  /// What each query finds, and how much it looked at each key.
  ///
  /// Shapes: weights are `[n, t, m]`, the means of all heads, or `[n, heads, t, m]`.
  ///
  /// It is slower than the call: nothing else needs the weights. They are those without dropout.
  public func outputAndWeights(
    _ query: Tensor, key: Tensor? = nil, value: Tensor? = nil, mask: AttentionMask = .none,
    keyMask: Tensor? = nil, averagesWeights: Bool = true, file: StaticString = #fileID,
    line: UInt = #line
  ) -> (output: Tensor, weights: Tensor) {
    CallSite.$current.withValue(CallSite(file: file, line: line)) {
      check(query, key, value, keyMask)
      let (q, k, v) = projected(query, key, value, offset: 0)
      let limits = mask.restricted(to: keyMask, queries: q.shape[2], keys: k.shape[2])
      // The values that make the result the weights themselves.
      let units = Tensor.eye(k.shape[2], dtype: k.dtype)
      let weights = scaledDotProductAttention(
        query: q, key: shared(k), value: units, mask: limits, file: file, line: line)
      return (attended(q, k, v, limits), averagesWeights ? weights.mean(axes: [1]) : weights)
    }
  }

  // MARK: Parts

  /// Heads `[n, heads, steps, head size]` of queries, keys and values.
  private func projected(
    _ query: Tensor, _ key: Tensor?, _ value: Tensor?, offset: Int
  ) -> (Tensor, Tensor, Tensor) {
    let parts = projection(query, key, value)
    let counts = [heads, keyValueHeads, keyValueHeads]
    let split = zip(parts, counts).map { part, count in
      part.reshaped([part.shape[0], part.shape[1], count, embeddingSize / heads])
        .permuted(0, 2, 1, 3)
    }
    guard let rotary else { return (split[0], split[1], split[2]) }
    return (rotary(split[0], offset: offset), rotary(split[1], offset: offset), split[2])
  }

  /// Keys or values, repeated for the heads that share them.
  private func shared(_ x: Tensor) -> Tensor {
    keyValueHeads == heads ? x : x.repeated(heads / keyValueHeads, axis: 1)
  }

  private func attended(_ q: Tensor, _ k: Tensor, _ v: Tensor, _ mask: AttentionMask) -> Tensor {
    let (k, v) = (shared(k), shared(v))
    // A mask that does not fit is told at the line of the call.
    let site = CallSite.current
    var found: Tensor
    if Mode.current == .training, dropoutRate > 0 {
      var generator = Generator.split()
      found = scaledDotProductAttention(
        query: q, key: k, value: v, mask: mask, dropoutRate: dropoutRate, using: &generator,
        file: site.file, line: site.line)
    } else {
      found = scaledDotProductAttention(
        query: q, key: k, value: v, mask: mask, file: site.file, line: site.line)
    }
    found = found.permuted(0, 2, 1, 3)
    return outputProjection(found.reshaped([found.shape[0], found.shape[1], embeddingSize]))
  }

  private func check(_ query: Tensor, _ key: Tensor?, _ value: Tensor?, _ keyMask: Tensor?) {
    let (key, value) = (key ?? query, value ?? key ?? query)
    let sizes = projection.inputSizes
    func fits(_ x: Tensor, _ size: Int) -> Bool {
      x.rank == 3 && x.shape[2] == size && x.shape[0] == query.shape[0]
        && x.dtype == outputProjection.weight.dtype
    }
    let isRight =
      fits(query, sizes[0]) && fits(key, sizes[1]) && fits(value, sizes[2])
      && key.shape[1] == value.shape[1]
    if !isRight {
      fail(
        "needs \(outputProjection.weight.dtype) queries [n, t, \(sizes[0])], keys "
          + "[n, m, \(sizes[1])] and values [n, m, \(sizes[2])], not \(query.dtype) \(query.shape), "
          + "\(key.dtype) \(key.shape) and \(value.dtype) \(value.shape)"
          + sequenceAdvice(query.shape, sizes[0]))
    }
    let expected: Shape = [key.shape[0], key.shape[1]]
    if let keyMask, keyMask.dtype != .bool || keyMask.shape != expected {
      fail(
        "the keyMask must be bool \(expected) for keys \(key.shape), not \(keyMask.dtype) "
          + "\(keyMask.shape)")
    }
  }
}

extension MultiHeadAttention: CustomReflectable {
  /// The parameters under PyTorch's names.
  public var customMirror: Mirror {
    Mirror(self, children: projection.children + [("out_proj", outputProjection)])
  }
}
