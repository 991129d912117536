import Adjoint

/// x plus normal noise of mean 0, in training mode: an augmentation of the data.
///
/// Keras has it.
///
/// Shapes: any, and the same.
public final class GaussianNoise: SavableLayer, ConfiguredLayer {
  /// The standard deviation of the noise.
  public let standardDeviation: Double

  /// Noise of the given standard deviation.
  public init(standardDeviation: Double, file: StaticString = #fileID, line: UInt = #line) {
    let settings = Settings(standardDeviation: standardDeviation)
    self.standardDeviation = Self.checked(settings, file, line).standardDeviation
  }

  /// The standard deviation.
  public var details: [String] { ["standard deviation \(standardDeviation)"] }

  /// The noisy input in training mode, else the input.
  public func forward(_ x: Tensor) -> Tensor {
    requireDType(x, of: nil)
    if Mode.current == .inference { return x }
    return x + Tensor.normal(x.shape, standardDeviation: standardDeviation, dtype: x.dtype)
  }

  struct Settings: Codable { let standardDeviation: Double }
  var settings: Settings { Settings(standardDeviation: standardDeviation) }
  static func problem(with settings: Settings) -> String? {
    let deviation = settings.standardDeviation
    return unless(
      deviation >= 0 && deviation.isFinite,
      "the standard deviation must not be negative, but is \(deviation)")
  }
  init(decoded settings: Settings) { standardDeviation = settings.standardDeviation }
}
