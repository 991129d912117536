import Foundation
import Synchronization

/// A layer that can be written to a file and made again.
///
/// What it encodes is its architecture, such as sizes and rates, and not its weights, which are
/// written as tensors. What it decodes comes from a file: it must throw where a value is not
/// possible, never stop the program. In the file it goes by the name of its class.
public protocol SavableLayer: Layer, Codable, SendableMetatype {}

/// The layers a file may name.
struct LayerKinds: Sendable {
  private static let own: [any SavableLayer.Type] = [
    Dense.self, Embedding.self, EmbeddingBag.self, Identity.self,
    Activation.self, PReLU.self, ReLU.self, Softmax.self,
    Parallel.self, Residual.self, Sequential.self, SpectralNorm.self, WeightNorm.self,
    Conv1d.self, Conv2d.self, Conv3d.self, DepthwiseConv2d.self, SeparableConv2d.self,
    ConvTranspose1d.self, ConvTranspose2d.self, ConvTranspose3d.self,
    MaxPool1d.self, MaxPool2d.self, MaxPool3d.self, AvgPool1d.self, AvgPool2d.self, AvgPool3d.self,
    LPPool1d.self, LPPool2d.self, LPPool3d.self, GlobalAvgPool.self, GlobalMaxPool.self,
    AdaptiveAvgPool1d.self, AdaptiveAvgPool2d.self, AdaptiveAvgPool3d.self,
    AdaptiveMaxPool1d.self, AdaptiveMaxPool2d.self, AdaptiveMaxPool3d.self,
    BatchNorm1d.self, BatchNorm2d.self, BatchNorm3d.self, GroupNorm.self, LayerNorm.self,
    InstanceNorm1d.self, InstanceNorm2d.self, InstanceNorm3d.self, LocalResponseNorm.self,
    RMSNorm.self,
    AlphaDropout.self, Dropout.self, Dropout1d.self, Dropout2d.self, Dropout3d.self,
    GaussianDropout.self, GaussianNoise.self,
    ChannelShuffle.self, Flatten.self, Padding.self, Permute.self, PixelShuffle.self,
    PixelUnshuffle.self,
    Reshape.self, Unflatten.self, Upsample.self,
    GRU.self, LSTM.self, LearnedPositionalEncoding.self, RNN.self, SinusoidalEncoding.self,
    TransformerEncoder.self, TransformerEncoderLayer.self,
  ]
  static let key = CodingUserInfoKey(rawValue: "Adjoint layer kinds")!

  private let types: [String: any SavableLayer.Type]

  /// This library's layers and those of the caller, which come first.
  init(adding others: [any SavableLayer.Type]) {
    types = Dictionary((Self.own + others).map { (String(describing: $0), $0) }) { $1 }
  }

  subscript(_ kind: String) -> (any SavableLayer.Type)? { types[kind] }

  var names: String { types.keys.sorted().joined(separator: ", ") }
}

extension SavableLayer {
  /// The architecture as JSON; throws where a layer cannot be saved.
  func encodedArchitecture() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.userInfo[EncodedLayers.key] = EncodedLayers()
    return try encoder.encode(CodedLayer(self))
  }
}

/// The layers with parameters that have been encoded.
private final class EncodedLayers: Sendable {
  static let key = CodingUserInfoKey(rawValue: "Adjoint encoded layers")!
  private let layers = Mutex<Set<ObjectIdentifier>>([])

  /// Whether a layer is there for the first time.
  func insert(_ layer: any Layer) -> Bool {
    let identity = ObjectIdentifier(layer)
    return layer.parameters.isEmpty || layers.withLock { $0.insert(identity).inserted }
  }
}

/// A layer with the name of its kind: `{"kind": "Dropout", "configuration": {"rate": 0.2}}`.
struct CodedLayer: Codable {
  let layer: any SavableLayer

  private enum CodingKeys: CodingKey { case kind, configuration }

  init(_ layer: any SavableLayer) { self.layer = layer }

  /// A part of a layer that is being encoded; it throws if the part cannot be.
  init(_ layer: any Layer, as part: String, for encoder: any Encoder) throws {
    guard let layer = layer as? any SavableLayer else {
      throw EncodingError.invalidValue(
        layer,
        EncodingError.Context(
          codingPath: encoder.codingPath,
          debugDescription: "\(part), a \(layer.kind), cannot be saved: it is no SavableLayer"))
    }
    self.layer = layer
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let kind = try container.decode(String.self, forKey: .kind)
    let kinds = decoder.userInfo[LayerKinds.key] as? LayerKinds ?? LayerKinds(adding: [])
    guard let type = kinds[kind] else {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container,
        debugDescription: "unknown kind of layer \"\(kind)\"; name your own with "
          + "load(from:layers: [\(kind).self]); known are \(kinds.names)")
    }
    layer = try type.init(from: container.superDecoder(forKey: .configuration))
  }

  func encode(to encoder: any Encoder) throws {
    if let encoded = encoder.userInfo[EncodedLayers.key] as? EncodedLayers, !encoded.insert(layer) {
      throw EncodingError.invalidValue(
        layer,
        EncodingError.Context(
          codingPath: encoder.codingPath,
          debugDescription:
            "a \(layer.kind) stands in the model twice, and a file does not tell that "
            + "its parameters are shared; saveWeights(to:) writes them once"))
    }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(layer.kind, forKey: .kind)
    try layer.encode(to: container.superEncoder(forKey: .configuration))
  }
}

extension Sequential: SavableLayer {
  private enum CodingKeys: CodingKey { case layers }

  /// Writes the kinds and settings of the layers.
  public func encode(to encoder: any Encoder) throws {
    let coded = try layers.enumerated().map { index, layer in
      try CodedLayer(layer, as: "layer \(index)", for: encoder)
    }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(coded, forKey: .layers)
  }

  /// A stack of the layers that were written.
  public convenience init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(try container.decode([CodedLayer].self, forKey: .layers).map(\.layer))
  }
}
