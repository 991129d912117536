import Adjoint

/// Zeroes each element with probability `rate` and scales the others, in training mode.
///
/// The factor is 1 / (1 - rate). At inference it changes nothing.
///
/// Masks come from the generator of `withGenerator(seed:)`.
///
/// Source: Srivastava et al., "Dropout", JMLR 15 (2014).
public final class Dropout: SavableLayer, ConfiguredLayer {
  /// The probability of a zero, in `0 ..< 1`.
  public let rate: Double

  /// Dropout with the given rate.
  public init(rate: Double, file: StaticString = #fileID, line: UInt = #line) {
    self.rate = Self.checked(DropoutSettings(rate: rate), file, line).rate
  }

  /// The rate.
  public var details: [String] { ["rate \(rate)"] }

  /// The masked and scaled input in training mode, else the input.
  public func forward(_ x: Tensor) -> Tensor {
    if !x.dtype.isFloatingPoint { fail("needs a floating input, not \(x.dtype) \(x.shape)") }
    return Mode.current == .training ? dropout(x, rate: rate) : x
  }

  var settings: DropoutSettings { DropoutSettings(rate: rate) }
  static func problem(with settings: DropoutSettings) -> String? { settings.problem }
  init(decoded settings: DropoutSettings) { rate = settings.rate }
}

/// What all kinds of dropout have.
struct DropoutSettings: Codable {
  let rate: Double

  var problem: String? {
    unless((0..<1).contains(rate), "the rate must be in 0 ..< 1, not \(rate)")
  }
}
