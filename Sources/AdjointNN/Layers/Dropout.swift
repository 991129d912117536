import Adjoint

/// Zeroes each element with probability `rate` and scales the others by 1 / (1 - rate), in training
/// mode; at inference it changes nothing.
///
/// Masks come from the generator of `withGenerator(seed:)`.
///
/// Source: Srivastava et al., "Dropout", JMLR 15 (2014).
public final class Dropout: Layer {
  /// The probability of a zero, in `0 ..< 1`.
  public let rate: Double

  /// Dropout with the given rate.
  public init(rate: Double, file: StaticString = #fileID, line: UInt = #line) {
    if !(0..<1).contains(rate) {
      programmingError(
        "Dropout", "the rate must be in 0 ..< 1, not \(rate)", file: file, line: line)
    }
    self.rate = rate
  }

  /// The rate.
  public var details: [String] { ["rate \(rate)"] }

  /// The masked and scaled input in training mode, else the input.
  public func forward(_ x: Tensor) -> Tensor {
    if !x.dtype.isFloatingPoint { fail("needs a floating input, not \(x.dtype) \(x.shape)") }
    return Mode.current == .training ? dropout(x, rate: rate) : x
  }
}

extension Dropout: SavableLayer {
  private enum CodingKeys: CodingKey { case rate }

  /// Writes the rate.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rate, forKey: .rate)
  }

  /// Dropout with the rate that was written.
  public convenience init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let rate = try container.decode(Double.self, forKey: .rate)
    guard (0..<1).contains(rate) else {
      throw DecodingError.dataCorruptedError(
        forKey: .rate, in: container, debugDescription: "the rate \(rate) is not in 0 ..< 1")
    }
    self.init(rate: rate)
  }
}
