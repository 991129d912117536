import Adjoint

/// What an RNN, LSTM or GRU is built from.
struct RecurrentSettings: Codable, Sendable {
  let inputSize: Int
  let hiddenSize: Int
  let layers: Int
  let bidirectional: Bool
  let useBias: Bool
  let dropoutRate: Double
  let returnsSequence: Bool

  /// The number of directions.
  var directions: Int { bidirectional ? 2 : 1 }
  /// The number of features of the result.
  var outputSize: Int { hiddenSize * directions }

  /// What is wrong with the settings, if anything is.
  var mistake: String? {
    if inputSize < 1 || hiddenSize < 1 {
      return "there is no layer from \(inputSize) to \(hiddenSize) features"
    }
    // Eight times the size is the largest number that is computed: gates of both directions.
    if hiddenSize.multipliedReportingOverflow(by: 8).overflow || inputSize > Int.max / 8 {
      return "\(inputSize) to \(hiddenSize) features are too many"
    }
    let sizes = [4 * hiddenSize, max(inputSize, outputSize)]
    if Shape(exactly: sizes) == nil { return "weights of \(sizes) elements are too many" }
    if !(1...1000).contains(layers) { return "needs 1 to 1000 layers, not \(layers)" }
    if !(0..<1).contains(dropoutRate) {
      return "the dropout rate must be in 0 ..< 1, not \(dropoutRate)"
    }
    return nil
  }

  /// The sizes and what is not usual.
  var details: [String] {
    [
      layers > 1 ? "\(layers) layers" : nil, bidirectional ? "bidirectional" : nil,
      dropoutRate > 0 ? "dropout \(dropoutRate)" : nil, useBias ? nil : "no bias",
      returnsSequence ? nil : "last output",
    ].compactMap(\.self)
  }

  /// A text such as `LSTM(128 to 256, 2 layers)`.
  func description(_ kind: String) -> String {
    "\(kind)(\((["\(inputSize) to \(hiddenSize)"] + details).joined(separator: ", ")))"
  }

  /// Settings from a file, which may be anything.
  static func decoded(from decoder: any Decoder) throws -> RecurrentSettings {
    let settings = try RecurrentSettings(from: decoder)
    if let mistake = settings.mistake {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: mistake))
    }
    return settings
  }
}
