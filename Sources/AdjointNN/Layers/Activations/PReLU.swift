import Adjoint

/// A rectifier with learned slopes: x for positive elements, weight times x for others.
///
/// Shapes: `[batch, channels, ...]` and the same; with one slope any. `weight` is `[channels]`, as
/// in PyTorch, and starts at 0.25.
///
/// Source: He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV 2015.
public final class PReLU: SavableLayer, ConfiguredLayer {
  /// The slopes.
  public let weight: Parameter

  /// A rectifier with a slope for each channel, or one for all.
  public init(
    channels: Int = 1, weightInitializer: Initializer = .constant(0.25), dtype: DType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let settings = Self.checked(Settings(channels: channels), file, line)
    weight = Parameter(
      weightInitializer([settings.channels], dtype: dtype), file: file, line: line)
  }

  /// The number of slopes.
  public var details: [String] { weight.shape[0] == 1 ? [] : ["\(weight.shape[0]) channels"] }

  /// x, or weight times x.
  public func forward(_ x: Tensor) -> Tensor {
    if weight.shape[0] == 1 {
      requireDType(x, of: weight)
    } else {
      requireChannels(x, weight.shape[0], dtypeOf: weight)
    }
    return prelu(x, slopes: weight.value)
  }

  struct Settings: Codable { let channels: Int }
  var settings: Settings { Settings(channels: weight.shape[0]) }
  static func problem(with settings: Settings) -> String? {
    unless(settings.channels >= 1, "there are no slopes for \(settings.channels) channels")
  }
  convenience init(decoded settings: Settings) {
    self.init(channels: settings.channels, weightInitializer: .zeros)
  }
}
