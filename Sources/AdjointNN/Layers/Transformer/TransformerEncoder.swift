import Adjoint

/// Blocks of self-attention one upon the other; with a causal mask, a decoder-only model such as GPT.
///
/// Shapes: `[n, steps, embeddingSize]` gives the same shape.
///
/// Parameters: PyTorch's, `layers.0.self_attn.in_proj_weight` and so on, and `norm.weight`, `norm.bias`
/// of the last normalisation, if there is one. See ``TransformerEncoderLayer``.
public final class TransformerEncoder: Layer {
  /// The blocks.
  public let layers: [TransformerEncoderLayer]
  /// The normalisation of the result, if any.
  let norm: LayerNorm?

  /// A stack of blocks.
  ///
  /// - Parameters:
  ///   - layers: the number of blocks.
  ///   - embeddingSize: the features of a step, a multiple of `heads`.
  ///   - heads: the heads of the attention.
  ///   - feedforwardSize: the features between the two linear maps of a block.
  ///   - dropoutRate: the probability of a zero, in training mode.
  ///   - activation: the function between the two linear maps.
  ///   - epsilon: what the normalisations add to the variance.
  ///   - normFirst: whether the inputs of both parts are normalised, not their results.
  ///   - finalNorm: whether the result is normalised; the same as `normFirst` if left out, for then
  ///     nothing else does it.
  ///   - rotary: positions by which queries and keys are turned.
  ///   - dtype: the type of the parameters, a floating one.
  public convenience init(
    layers: Int, embeddingSize: Int, heads: Int, feedforwardSize: Int = 2048,
    dropoutRate: Double = 0.1, activation: ActivationFunction = .relu, epsilon: Double = 1e-5,
    normFirst: Bool = false, finalNorm: Bool? = nil, rotary: RotaryEncoding? = nil,
    dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    let settings = TransformerSettings(
      embeddingSize: embeddingSize, heads: heads, feedforwardSize: feedforwardSize,
      dropoutRate: dropoutRate, activation: activation, epsilon: epsilon, normFirst: normFirst,
      rotary: rotary)
    settings.check("TransformerEncoder", layers: layers, file, line)
    self.init(settings, layers: layers, finalNorm: finalNorm ?? normFirst, dtype: dtype)
  }

  init(_ settings: TransformerSettings, layers: Int, finalNorm: Bool, dtype: DType) {
    self.layers = (0..<layers).map { _ in TransformerEncoderLayer(settings, dtype: dtype) }
    norm = finalNorm ? settings.norm(dtype: dtype) : nil
  }

  /// The number of blocks and their sizes.
  public var details: [String] { ["\(layers.count) layers"] + layers[0].details }

  /// The result where every step sees all others.
  public func forward(_ x: Tensor) -> Tensor {
    normalized(layers.reduce(x) { x, layer in layer.applied(to: x, at: CallSite.current) })
  }

  /// The result with limits to what steps see.
  ///
  /// - Parameters:
  ///   - x: `[n, steps, embeddingSize]`.
  ///   - mask: where steps may look.
  ///   - keyMask: bool `[n, steps]`, false for padding.
  public func callAsFunction(
    _ x: Tensor, mask: AttentionMask, keyMask: Tensor? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let span = beginProfiling()
    defer { span?.end() }
    let y = layers.reduce(x) { x, layer in
      layer(x, mask: mask, keyMask: keyMask, file: file, line: line)
    }
    let result = normalized(y)
    ShapeObserver.current?.note(self, input: x.shape, output: result.shape)
    return result
  }

  /// The result for further steps, which see those in the caches and, causally, one another.
  ///
  /// - Parameters:
  ///   - x: `[n, steps, embeddingSize]`.
  ///   - caches: one for each layer; an empty array is filled with empty ones.
  public func callAsFunction(
    _ x: Tensor, caches: inout [KeyValueCache], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let span = beginProfiling()
    defer { span?.end() }
    if caches.isEmpty { caches = layers.map { _ in KeyValueCache() } }
    if caches.count != layers.count {
      programmingError(
        kind, "\(caches.count) caches for \(layers.count) layers", file: file, line: line)
    }
    var y = x
    for (index, layer) in layers.enumerated() {
      y = layer(y, cache: &caches[index], file: file, line: line)
    }
    return normalized(y)
  }

  private func normalized(_ x: Tensor) -> Tensor { norm.map { $0(x) } ?? x }
}

extension TransformerEncoder: SavableLayer {
  private enum CodingKeys: CodingKey { case layers, settings, finalNorm }

  /// Writes the settings, not the weights.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(layers.count, forKey: .layers)
    try container.encode(layers[0].settings, forKey: .settings)
    try container.encode(norm != nil, forKey: .finalNorm)
  }

  /// A stack of the settings that were written.
  public convenience init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let count = try container.decode(Int.self, forKey: .layers)
    if !(1...1000).contains(count) {
      throw DecodingError.dataCorruptedError(
        forKey: .layers, in: container, debugDescription: "needs 1 to 1000 layers, not \(count)")
    }
    let settings = try TransformerSettings.decoded(
      from: container.superDecoder(forKey: .settings))
    self.init(
      settings, layers: count, finalNorm: try container.decode(Bool.self, forKey: .finalNorm),
      dtype: .float32)
  }
}
