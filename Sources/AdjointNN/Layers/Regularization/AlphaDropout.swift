import Adjoint

/// Dropout for networks of `selu`, which keeps mean 0 and variance 1; in training mode only.
///
/// Elements become the function's limit at minus infinity, and an affine map restores mean and
/// variance.
///
/// Shapes: any, and the same.
///
/// Source: Klambauer et al., "Self-normalizing neural networks", NeurIPS 2017.
public final class AlphaDropout: SavableLayer, ConfiguredLayer {
  /// The probability that an element is dropped, in `0 ..< 1`.
  public let rate: Double

  /// Alpha dropout with the given rate.
  public init(rate: Double, file: StaticString = #fileID, line: UInt = #line) {
    self.rate = Self.checked(DropoutSettings(rate: rate), file, line).rate
  }

  /// The rate.
  public var details: [String] { ["rate \(rate)"] }

  /// The masked input in training mode, else the input.
  public func forward(_ x: Tensor) -> Tensor {
    requireDType(x, of: nil)
    return Mode.current == .training ? alphaDropout(x, rate: rate) : x
  }

  var settings: DropoutSettings { DropoutSettings(rate: rate) }
  static func problem(with settings: DropoutSettings) -> String? { settings.problem }
  init(decoded settings: DropoutSettings) { rate = settings.rate }
}
