import Adjoint

/// Shifts and scales each of several groups of channels of each example to mean 0 and variance 1.
///
/// `y = (x - mean) / sqrt(variance + epsilon) * weight + bias`
///
/// Shapes: `[batch, channels, ...]` and the same; `weight` and `bias` are `[channels]`, as in
/// PyTorch. The weight starts at 1, the bias at 0.
///
/// Source: Wu and He, "Group normalization", ECCV 2018.
public final class GroupNorm: SavableLayer, ConfiguredLayer {
  /// The factors of the channels; nil without them.
  public let weight: Parameter?
  /// What is added to the channels; nil without it.
  public let bias: Parameter?
  let settings: Settings

  /// A normalisation of groups of channels.
  /// - Parameters:
  ///   - groups: the number of groups, of which the number of channels is a multiple.
  ///   - channels: the size of axis 1.
  ///   - epsilon: what is added to the variance.
  ///   - affine: whether there are a weight and a bias.
  ///   - dtype: the type of the parameters, a floating one.
  public convenience init(
    groups: Int, channels: Int, epsilon: Double = 1e-5, affine: Bool = true,
    dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    let settings = Settings(groups: groups, channels: channels, epsilon: epsilon, isAffine: affine)
    self.init(Self.checked(settings, file, line), dtype)
  }

  private init(_ settings: Settings, _ dtype: DType) {
    self.settings = settings
    let shape = Shape([settings.channels])
    weight = settings.isAffine ? Parameter(Tensor.full(shape, 1, dtype: dtype)) : nil
    bias = settings.isAffine ? Parameter(Tensor.zeros(shape, dtype: dtype)) : nil
  }

  /// The groups, the channels and the settings that are not the usual ones.
  public var details: [String] {
    var details = ["\(settings.groups) groups", "\(settings.channels) channels"]
    if settings.epsilon != 1e-5 { details.append("epsilon \(settings.epsilon)") }
    if !settings.isAffine { details.append("not affine") }
    return details
  }

  /// The normalised input.
  public func forward(_ x: Tensor) -> Tensor {
    requireChannels(x, settings.channels, dtypeOf: weight)
    let site = CallSite.current
    return groupNorm(
      x, groups: settings.groups, weight: weight?.value, bias: bias?.value,
      epsilon: settings.epsilon, file: site.file, line: site.line)
  }

  struct Settings: Codable {
    let groups: Int
    let channels: Int
    let epsilon: Double
    let isAffine: Bool
  }
  static func problem(with settings: Settings) -> String? {
    let (groups, channels) = (settings.groups, settings.channels)
    return firstProblem(
      unless(
        groups >= 1 && channels >= 1 && channels % max(groups, 1) == 0,
        "\(channels) channels do not make \(groups) groups"),
      unless(settings.epsilon >= 0, "epsilon \(settings.epsilon) is negative"))
  }
  convenience init(decoded settings: Settings) { self.init(settings, .float32) }
}
