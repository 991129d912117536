import Adjoint

/// Adds a learned vector for each place to a sequence: y_p = x_p + w_p.
///
/// Shapes: `[..., steps, size]` gives the same shape, for up to `maximumLength` steps; `weight` is
/// `[maximumLength, size]`, normal with standard deviation 0.02 as in BERT and GPT-2.
///
/// Source: Gehring et al., "Convolutional sequence to sequence learning", ICML 2017.
public final class LearnedPositionalEncoding: Layer {
  /// The vectors of all places.
  public let weight: Parameter

  /// An encoding of places below `maximumLength`.
  public init(
    maximumLength: Int, size: Int,
    weightInitializer: Initializer = .normal(standardDeviation: 0.02), dtype: DType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    guard let shape = Shape(exactly: [maximumLength, size]) else {
      programmingError(
        "LearnedPositionalEncoding", "there are no \(maximumLength) places of \(size) features",
        file: file, line: line)
    }
    weight = Parameter(weightInitializer(shape, dtype: dtype), file: file, line: line)
  }

  /// The sizes.
  public var details: [String] { ["\(weight.shape[0]) places", "\(weight.shape[1]) features"] }

  /// The input with the vectors of the places from 0 on added.
  public func forward(_ x: Tensor) -> Tensor { added(to: x, offset: 0) }

  /// The input with vectors added; its first step is at place `offset`.
  public func callAsFunction(
    _ x: Tensor, offset: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let span = beginProfiling()
    defer { span?.end() }
    return CallSite.$current.withValue(CallSite(file: file, line: line)) {
      added(to: x, offset: offset)
    }
  }

  private func added(to x: Tensor, offset: Int) -> Tensor {
    if x.rank < 2 || x.shape.last != weight.shape[1] || x.dtype != weight.dtype {
      fail(
        "needs a \(weight.dtype) sequence [..., steps, \(weight.shape[1])], not \(x.dtype) "
          + "\(x.shape)")
    }
    let end = offset + x.shape[x.rank - 2]
    if offset < 0 || end > weight.shape[0] {
      fail("an input of shape \(x.shape) ends at place \(end); there are \(weight.shape[0])")
    }
    return x + weight.value.sliced(offset..<end, axis: 0)
  }
}

extension LearnedPositionalEncoding: SavableLayer {
  private enum CodingKeys: CodingKey { case maximumLength, size }

  /// Writes the sizes, not the weights.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(weight.shape[0], forKey: .maximumLength)
    try container.encode(weight.shape[1], forKey: .size)
  }

  /// An encoding of the sizes that were written, with zeros for weights.
  public convenience init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let length = try container.decode(Int.self, forKey: .maximumLength)
    let size = try container.decode(Int.self, forKey: .size)
    guard Shape(exactly: [length, size]) != nil else {
      throw DecodingError.dataCorruptedError(
        forKey: .maximumLength, in: container,
        debugDescription: "there are no \(length) places of \(size) features")
    }
    self.init(maximumLength: length, size: size, weightInitializer: .zeros)
  }
}
