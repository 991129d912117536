import Adjoint

/// What the blocks of a transformer are built from.
struct TransformerSettings: Codable, Sendable {
  let embeddingSize: Int
  let heads: Int
  let feedforwardSize: Int
  let dropoutRate: Double
  let activation: ActivationFunction
  let epsilon: Double
  let normFirst: Bool
  let rotary: RotaryEncoding?
  /// How weights start.
  ///
  /// Those of a file start as constants, which take no memory whatever sizes the file claims.
  private(set) var weightInitializer = Initializer.glorotUniform

  private enum CodingKeys: CodingKey {
    case embeddingSize, heads, feedforwardSize, dropoutRate, activation, epsilon, normFirst, rotary
  }

  /// What is wrong with the settings, if anything is.
  var mistake: String? {
    if embeddingSize < 1 || heads < 1 || embeddingSize % heads != 0 {
      return "\(embeddingSize) features cannot be cut into \(heads) equal heads"
    }
    if feedforwardSize < 1 { return "there is no inner layer of \(feedforwardSize) features" }
    let sizes = [max(feedforwardSize, embeddingSize), embeddingSize, 3]
    if Shape(exactly: sizes) == nil { return "weights of \(sizes) elements are too many" }
    if !(0..<1).contains(dropoutRate) {
      return "the dropout rate must be in 0 ..< 1, not \(dropoutRate)"
    }
    if !(epsilon >= 0) { return "epsilon \(epsilon) is negative" }
    if let rotary, rotary.size != embeddingSize / heads || rotary.size % 2 != 0 {
      return "rotary positions for \(rotary.size) features do not fit heads of "
        + "\(embeddingSize / heads)"
    }
    return nil
  }

  /// Stops the program if there is no such block, or no stack of so many.
  func check(_ kind: String, layers: Int = 1, _ file: StaticString, _ line: UInt) {
    let tooFew = layers < 1 ? "needs a layer at least, not \(layers)" : nil
    if let mistake = mistake ?? tooFew { programmingError(kind, mistake, file: file, line: line) }
  }

  /// The sizes and what is not usual.
  var details: [String] {
    ["\(embeddingSize) features", "\(heads) heads", "\(feedforwardSize) inside"]
      + (normFirst ? ["norm first"] : [])
  }

  func attention(dtype: DType, isCross: Bool = false) -> MultiHeadAttention {
    MultiHeadAttention(
      embeddingSize: embeddingSize, heads: heads, dropoutRate: dropoutRate,
      rotary: isCross ? nil : rotary, weightInitializer: weightInitializer, dtype: dtype)
  }

  func norm(dtype: DType) -> LayerNorm {
    LayerNorm(shape: [embeddingSize], epsilon: epsilon, dtype: dtype)
  }

  func dropped(_ x: Tensor) -> Tensor {
    Mode.current == .training && dropoutRate > 0 ? dropout(x, rate: dropoutRate) : x
  }

  /// Settings from a file, which may be anything.
  static func decoded(from decoder: any Decoder) throws -> TransformerSettings {
    var settings = try TransformerSettings(from: decoder)
    settings.weightInitializer = .zeros
    if let mistake = settings.mistake {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: mistake))
    }
    return settings
  }
}

/// The two linear maps of a block: W_2 activation(W_1 x + b_1) + b_2.
struct Feedforward {
  let settings: TransformerSettings
  let inner, outer: Dense

  init(_ settings: TransformerSettings, dtype: DType) {
    self.settings = settings
    inner = Dense(
      inputSize: settings.embeddingSize, outputSize: settings.feedforwardSize,
      weightInitializer: settings.weightInitializer, dtype: dtype)
    outer = Dense(
      inputSize: settings.feedforwardSize, outputSize: settings.embeddingSize,
      weightInitializer: settings.weightInitializer, dtype: dtype)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    settings.dropped(outer(settings.dropped(settings.activation(inner(x)))))
  }

  /// The layers under PyTorch's names.
  var children: [(label: String?, value: Any)] { [("linear1", inner), ("linear2", outer)] }
}
