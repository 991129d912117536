import Adjoint

/// Self-attention, attention to the result of an encoder, and two linear maps.
///
/// Each of the three parts is added to its input and normalised.
///
/// y = norm1(x + attention(x)), z = norm2(y + attention(y to memory)), result = norm3(z + W_2
/// activation(W_1 z + b_1) + b_2); with `normFirst` the inputs of the three parts are normalised instead.
///
/// Shapes: the input `[n, t, embeddingSize]` and the memory `[n, m, embeddingSize]` give
/// `[n, t, embeddingSize]`.
///
/// Parameters: PyTorch's, `self_attn.in_proj_weight`, ..., `multihead_attn.in_proj_weight`, ...,
/// `linear1.weight`, `linear2.weight`, `norm1.weight`, `norm2.weight`, `norm3.weight` and biases.
///
/// Source: Vaswani et al., "Attention is all you need", NeurIPS 2017.
public final class TransformerDecoderLayer: Module {
  private let settings: TransformerSettings
  /// The attention of the sequence to itself.
  public let selfAttention: MultiHeadAttention
  /// The attention to the memory.
  public let crossAttention: MultiHeadAttention
  private let feedforward: Feedforward
  private let norm1, norm2, norm3: LayerNorm

  /// A block; the parameters are those of ``TransformerEncoderLayer``.
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
    settings.check("TransformerDecoderLayer", file, line)
    self.init(settings, dtype: dtype)
  }

  init(_ settings: TransformerSettings, dtype: DType) {
    self.settings = settings
    selfAttention = settings.attention(dtype: dtype)
    crossAttention = settings.attention(dtype: dtype, isCross: true)
    feedforward = Feedforward(settings, dtype: dtype)
    norm1 = settings.norm(dtype: dtype)
    norm2 = settings.norm(dtype: dtype)
    norm3 = settings.norm(dtype: dtype)
  }

  /// The sizes.
  public var details: [String] { settings.details }

  /// The block's result.
  ///
  /// - Parameters:
  ///   - x: `[n, t, embeddingSize]`.
  ///   - memory: the encoder's result.
  ///   - mask: where steps may look among themselves; PyTorch's `tgt_mask`, which is `.none` by
  ///     default too: training a decoder needs `.causal`.
  ///   - keyMask: bool `[n, t]`, false for padding.
  ///   - memoryMask: where steps may look in the memory.
  ///   - memoryKeyMask: bool `[n, m]`, false for padding.
  public func callAsFunction(
    _ x: Tensor, memory: Tensor, mask: AttentionMask = .none, keyMask: Tensor? = nil,
    memoryMask: AttentionMask = .none, memoryKeyMask: Tensor? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let span = beginProfiling()
    defer { span?.end() }
    func own(_ x: Tensor) -> Tensor {
      settings.dropped(selfAttention(x, mask: mask, keyMask: keyMask, file: file, line: line))
    }
    func cross(_ x: Tensor) -> Tensor {
      settings.dropped(
        crossAttention(
          x, key: memory, mask: memoryMask, keyMask: memoryKeyMask, file: file, line: line))
    }
    return CallSite.$current.withValue(CallSite(file: file, line: line)) {
      if x.rank != 3 || x.shape[2] != settings.embeddingSize {
        fail(
          "needs an input [n, steps, \(settings.embeddingSize)], not \(x.shape)"
            + sequenceAdvice(x.shape, settings.embeddingSize))
      }
      if settings.normFirst {
        let y = x + own(norm1(x))
        let z = y + cross(norm2(y))
        return z + feedforward(norm3(z))
      }
      let y = norm1(x + own(x))
      let z = norm2(y + cross(y))
      return norm3(z + feedforward(z))
    }
  }
}

extension TransformerDecoderLayer: CustomReflectable {
  /// The parameters under PyTorch's names.
  public var customMirror: Mirror {
    let attentions: [(label: String?, value: Any)] = [
      ("self_attn", selfAttention), ("multihead_attn", crossAttention),
    ]
    return Mirror(
      self,
      children: attentions + feedforward.children
        + [("norm1", norm1), ("norm2", norm2), ("norm3", norm3)])
  }
}
