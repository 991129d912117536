import Adjoint

/// Self-attention and two linear maps, each added to its input and normalised.
///
/// `y = norm1(x + attention(x))`, result = norm2(y + W_2 activation(W_1 y + b_1) + b_2); with
/// `normFirst` `y = x + attention(norm1(x))`, result = y + the maps of norm2(y). In training mode
/// dropout acts on the attention's weights, on both summands and between the maps.
///
/// Shapes: `[n, steps, embeddingSize]` gives the same shape; masks are those of ``MultiHeadAttention``.
///
/// Parameters: PyTorch's, `self_attn.in_proj_weight`, ..., `linear1.weight`, `linear2.weight`,
/// `norm1.weight`, `norm2.weight` and biases. Weights start Glorot-uniform and biases zero, as
/// PyTorch's whole `Transformer` does.
///
/// Sources: Vaswani et al., "Attention is all you need", NeurIPS 2017; Xiong et al., "On layer
/// normalization in the transformer architecture", ICML 2020 (`normFirst`).
public final class TransformerEncoderLayer: Layer {
  let settings: TransformerSettings
  /// The attention of the sequence to itself.
  public let selfAttention: MultiHeadAttention
  private let feedforward: Feedforward
  private let norm1, norm2: LayerNorm

  /// A block.
  ///
  /// - Parameters:
  ///   - embeddingSize: the features of a step, a multiple of `heads`.
  ///   - heads: the heads of the attention.
  ///   - feedforwardSize: the features between the two linear maps.
  ///   - dropoutRate: the probability of a zero, in training mode.
  ///   - activation: the function between the two linear maps.
  ///   - epsilon: what the normalisations add to the variance.
  ///   - normFirst: whether the inputs of both parts are normalised, not their results.
  ///   - rotary: positions by which queries and keys are turned.
  ///   - dtype: the type of the parameters, a floating one.
  public convenience init(
    embeddingSize: Int, heads: Int, feedforwardSize: Int = 2048, dropoutRate: Double = 0.1,
    activation: ActivationFunction = .relu, epsilon: Double = 1e-5, normFirst: Bool = false,
    rotary: RotaryEncoding? = nil, dtype: DType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    let settings = TransformerSettings(
      embeddingSize: embeddingSize, heads: heads, feedforwardSize: feedforwardSize,
      dropoutRate: dropoutRate, activation: activation, epsilon: epsilon, normFirst: normFirst,
      rotary: rotary)
    settings.check("TransformerEncoderLayer", file, line)
    self.init(settings, dtype: dtype)
  }

  init(_ settings: TransformerSettings, dtype: DType) {
    self.settings = settings
    selfAttention = settings.attention(dtype: dtype)
    feedforward = Feedforward(settings, dtype: dtype)
    norm1 = settings.norm(dtype: dtype)
    norm2 = settings.norm(dtype: dtype)
  }

  /// The sizes.
  public var details: [String] { settings.details }

  /// The block's result where every step sees all others.
  public func forward(_ x: Tensor) -> Tensor {
    check(x)
    return around(x) { self.selfAttention($0) }
  }

  /// The block's result with limits to what steps see.
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
    return CallSite.$current.withValue(CallSite(file: file, line: line)) {
      check(x)
      let y = around(x) {
        self.selfAttention($0, mask: mask, keyMask: keyMask, file: file, line: line)
      }
      ShapeObserver.current?.note(self, input: x.shape, output: y.shape)
      return y
    }
  }

  /// The block's result for further steps, which see those in the cache and, causally, one another.
  public func callAsFunction(
    _ x: Tensor, cache: inout KeyValueCache, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let span = beginProfiling()
    defer { span?.end() }
    return CallSite.$current.withValue(CallSite(file: file, line: line)) {
      check(x)
      return around(x) { self.selfAttention($0, cache: &cache, file: file, line: line) }
    }
  }

  private func around(_ x: Tensor, _ attention: (Tensor) -> Tensor) -> Tensor {
    if settings.normFirst {
      let y = x + settings.dropped(attention(norm1(x)))
      return y + feedforward(norm2(y))
    }
    let y = norm1(x + settings.dropped(attention(x)))
    return norm2(y + feedforward(y))
  }

  private func check(_ x: Tensor) {
    if x.rank != 3 || x.shape[2] != settings.embeddingSize {
      fail(
        "needs an input [n, steps, \(settings.embeddingSize)], not \(x.shape)"
          + sequenceAdvice(x.shape, settings.embeddingSize))
    }
  }
}

extension TransformerEncoderLayer: CustomReflectable {
  /// The parameters under PyTorch's names.
  public var customMirror: Mirror {
    Mirror(
      self,
      children: [("self_attn", selfAttention)] + feedforward.children
        + [("norm1", norm1), ("norm2", norm2)])
  }
}

extension TransformerEncoderLayer: SavableLayer {
  private enum CodingKeys: CodingKey { case settings }

  /// Writes the settings, not the weights.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(settings, forKey: .settings)
  }

  /// A block of the settings that were written.
  public convenience init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try TransformerSettings.decoded(from: container.superDecoder(forKey: .settings)),
      dtype: .float32)
  }
}
