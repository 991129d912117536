import Adjoint

/// Blocks that attend to themselves and to an encoder's result, one upon the other.
///
/// A decoder without an encoder, as of GPT, is a ``TransformerEncoder`` with a causal mask.
///
/// Shapes: the input `[n, t, embeddingSize]` and the memory `[n, m, embeddingSize]` give
/// `[n, t, embeddingSize]`.
///
/// Parameters: PyTorch's, `layers.0.self_attn.in_proj_weight` and so on, and `norm.weight`, `norm.bias`
/// of the last normalisation, if there is one. See ``TransformerDecoderLayer``.
public final class TransformerDecoder: Module {
  /// The blocks.
  public let layers: [TransformerDecoderLayer]
  /// The normalisation of the result, if any.
  let norm: LayerNorm?

  /// A stack of blocks; the parameters are those of ``TransformerEncoder``.
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
    settings.check("TransformerDecoder", layers: layers, file, line)
    self.init(settings, layers: layers, finalNorm: finalNorm ?? normFirst, dtype: dtype)
  }

  init(_ settings: TransformerSettings, layers: Int, finalNorm: Bool, dtype: DType) {
    self.layers = (0..<layers).map { _ in TransformerDecoderLayer(settings, dtype: dtype) }
    norm = finalNorm ? settings.norm(dtype: dtype) : nil
  }

  /// The number of blocks and their sizes.
  public var details: [String] { ["\(layers.count) layers"] + layers[0].details }

  /// The result; the parameters are those of ``TransformerDecoderLayer``.
  public func callAsFunction(
    _ x: Tensor, memory: Tensor, mask: AttentionMask = .none, keyMask: Tensor? = nil,
    memoryMask: AttentionMask = .none, memoryKeyMask: Tensor? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let span = beginProfiling()
    defer { span?.end() }
    let y = layers.reduce(x) { x, layer in
      layer(
        x, memory: memory, mask: mask, keyMask: keyMask, memoryMask: memoryMask,
        memoryKeyMask: memoryKeyMask, file: file, line: line)
    }
    return norm.map { $0(y) } ?? y
  }
}
