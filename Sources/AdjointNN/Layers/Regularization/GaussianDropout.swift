import Adjoint

/// x times normal noise of mean 1 and variance rate / (1 - rate), in training mode.
///
/// Mean and variance of the noise are those of ``Dropout``'s factors. Keras has it.
///
/// Shapes: any, and the same.
///
/// Source: Srivastava et al., "Dropout", JMLR 15 (2014), section 10.
public final class GaussianDropout: SavableLayer, ConfiguredLayer {
  /// The rate of a dropout of the same variance, in `0 ..< 1`.
  public let rate: Double

  /// Gaussian dropout with the given rate.
  public init(rate: Double, file: StaticString = #fileID, line: UInt = #line) {
    self.rate = Self.checked(DropoutSettings(rate: rate), file, line).rate
  }

  /// The rate.
  public var details: [String] { ["rate \(rate)"] }

  /// The noisy input in training mode, else the input.
  public func forward(_ x: Tensor) -> Tensor {
    requireDType(x, of: nil)
    if Mode.current == .inference || rate == 0 { return x }
    let deviation = (rate / (1 - rate)).squareRoot()
    return x * Tensor.normal(x.shape, mean: 1, standardDeviation: deviation, dtype: x.dtype)
  }

  var settings: DropoutSettings { DropoutSettings(rate: rate) }
  static func problem(with settings: DropoutSettings) -> String? { settings.problem }
  init(decoded settings: DropoutSettings) { rate = settings.rate }
}
