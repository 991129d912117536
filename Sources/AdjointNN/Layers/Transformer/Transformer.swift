import Adjoint

/// An encoder and a decoder, as for translation: decoder(target, encoder(source)).
///
/// Embeddings, positions and the map to words are not part of it.
///
/// Shapes: the source `[n, m, embeddingSize]` and the target `[n, t, embeddingSize]` give
/// `[n, t, embeddingSize]`.
///
/// Parameters: PyTorch's, `encoder.layers.0. ...`, `encoder.norm.weight`, `decoder.layers.0. ...`,
/// `decoder.norm.weight` and so on. Both have a last normalisation.
///
/// Source: Vaswani et al., "Attention is all you need", NeurIPS 2017.
public final class Transformer: Module {
  /// What reads the source.
  public let encoder: TransformerEncoder
  /// What reads the target and the encoder's result.
  public let decoder: TransformerDecoder

  /// A transformer; the other parameters are those of ``TransformerEncoderLayer``.
  public init(
    embeddingSize: Int = 512, heads: Int = 8, encoderLayers: Int = 6, decoderLayers: Int = 6,
    feedforwardSize: Int = 2048, dropoutRate: Double = 0.1, activation: ActivationFunction = .relu,
    epsilon: Double = 1e-5, normFirst: Bool = false, dtype: DType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let settings = TransformerSettings(
      embeddingSize: embeddingSize, heads: heads, feedforwardSize: feedforwardSize,
      dropoutRate: dropoutRate, activation: activation, epsilon: epsilon, normFirst: normFirst,
      rotary: nil)
    settings.check("Transformer", file, line)
    if min(encoderLayers, decoderLayers) < 1 {
      programmingError(
        "Transformer",
        "needs layers of both kinds, not \(encoderLayers) and \(decoderLayers)", file: file,
        line: line)
    }
    encoder = TransformerEncoder(settings, layers: encoderLayers, finalNorm: true, dtype: dtype)
    decoder = TransformerDecoder(settings, layers: decoderLayers, finalNorm: true, dtype: dtype)
  }

  /// The decoder's result.
  ///
  /// - Parameters:
  ///   - source: the encoder's input `[n, m, embeddingSize]`.
  ///   - target: the decoder's input `[n, t, embeddingSize]`.
  ///   - mask: where the target's steps may look among themselves; `.causal` unless you say
  ///     otherwise, where PyTorch has no mask by default.
  ///   - sourceKeyMask: bool `[n, m]`, false for padding, in encoder and decoder.
  ///   - targetKeyMask: bool `[n, t]`, false for padding.
  public func callAsFunction(
    source: Tensor, target: Tensor, mask: AttentionMask = .causal, sourceKeyMask: Tensor? = nil,
    targetKeyMask: Tensor? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let span = beginProfiling()
    defer { span?.end() }
    let memory = encoder(source, mask: .none, keyMask: sourceKeyMask, file: file, line: line)
    return decoder(
      target, memory: memory, mask: mask, keyMask: targetKeyMask, memoryKeyMask: sourceKeyMask,
      file: file, line: line)
  }
}
