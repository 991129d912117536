import Adjoint

/// Each channel of each example shifted and scaled to mean 0 and variance 1.
///
/// It is what `InstanceNorm1d`, `InstanceNorm2d` and `InstanceNorm3d` share.
///
/// `y = (x - mean) / sqrt(variance + epsilon) * weight + bias`
///
/// As in PyTorch there is neither weight nor bias, and running values are not kept, unless asked
/// for. If they are, inference uses them; momentum is that of ``BatchNorm``, and
/// `num_batches_tracked` is there but stays 0, again as in PyTorch.
///
/// Shapes: `[batch, channels, a, ...]` and the same; `weight`, `bias`, `running_mean` and
/// `running_var` are `[channels]`.
///
/// Source: Ulyanov, Vedaldi and Lempitsky, "Instance normalization", 2016.
public class InstanceNorm: SavableLayer, ConfiguredLayer, CustomReflectable {
  class var spatialAxes: Int { noSpatialAxes() }

  private let state: ChannelState
  let settings: ChannelNormSettings

  /// A normalisation of the channels of each example.
  /// - Parameters:
  ///   - channels: the size of axis 1.
  ///   - epsilon: what is added to the variance.
  ///   - momentum: the weight of a new batch in the running values.
  ///   - affine: whether there are a weight and a bias.
  ///   - tracksRunningStatistics: whether running values are kept, and used at inference.
  ///   - dtype: the type of the parameters, a floating one.
  public convenience init(
    channels: Int, epsilon: Double = 1e-5, momentum: Double = 0.1, affine: Bool = false,
    tracksRunningStatistics: Bool = false, dtype: DType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    let settings = ChannelNormSettings(
      channels: channels, epsilon: epsilon, momentum: momentum, isAffine: affine,
      tracksStatistics: tracksRunningStatistics)
    self.init(Self.checked(settings, file, line), dtype)
  }

  init(_ settings: ChannelNormSettings, _ dtype: DType) {
    (self.settings, state) = (settings, ChannelState(settings, dtype))
  }

  required convenience init(decoded settings: ChannelNormSettings) {
    self.init(settings, .float32)
  }

  static func problem(with settings: ChannelNormSettings) -> String? {
    settings.problem ?? unless(settings.momentum != nil, "the momentum is missing")
  }

  /// The factors of the channels; nil without them.
  public var weight: Parameter? { state.weight }
  /// What is added to the channels; nil without it.
  public var bias: Parameter? { state.bias }
  /// The running means of the channels; nil if they are not kept.
  public var runningMean: Buffer? { state.statistics?.mean }
  /// The running variances of the channels; nil if they are not kept.
  public var runningVariance: Buffer? { state.statistics?.variance }

  /// The channels and the settings that are not the usual ones.
  public var details: [String] { settings.details(affine: false, tracking: false) }

  /// Parameters and running values under PyTorch's names.
  public var customMirror: Mirror {
    Mirror(self, children: state.children, ancestorRepresentation: .suppressed)
  }

  /// The normalised input.
  public func forward(_ x: Tensor) -> Tensor {
    let axes = Self.spatialAxes
    requireChannels(x, settings.channels, axes: axes...axes, dtypeOf: weight)
    let site = CallSite.current
    guard let statistics = state.statistics else {
      return instanceNorm(
        x, weight: weight?.value, bias: bias?.value, epsilon: settings.epsilon, file: site.file,
        line: site.line)
    }
    if Mode.current == .inference {
      return batchNorm(
        x, mean: statistics.mean.value, variance: statistics.variance.value,
        weight: weight?.value, bias: bias?.value, epsilon: settings.epsilon, file: site.file,
        line: site.line)
    }
    let (batch, channels, area) = (x.shape[0], x.shape[1], x.shape.dropFirst(2).reduce(1, *))
    if area < 2 || batch == 0 {
      fail("training needs more than one element in each channel; the input is \(x.shape)")
    }
    // A channel of an example is a channel of a batch of one.
    let (y, means, variances) = batchNorm(
      x.reshaped([1, batch * channels, area]), epsilon: settings.epsilon)
    statistics.update(
      mean: means.reshaped([batch, channels]).mean(axes: [0]),
      variance: variances.reshaped([batch, channels]).mean(axes: [0]), count: area,
      momentum: settings.momentum)
    let view = Shape([1, channels] + Array(repeating: 1, count: axes))
    let scaled = weight.map { y.reshaped(x.shape) * $0.value.reshaped(view) }
    let result = scaled ?? y.reshaped(x.shape)
    return bias.map { result + $0.value.reshaped(view) } ?? result
  }
}

/// Normalises the channels of each example of `[batch, channels, a]`; see ``InstanceNorm``.
public final class InstanceNorm1d: InstanceNorm { override class var spatialAxes: Int { 1 } }
/// Normalises the channels of each example of `[batch, channels, a, b]`; see ``InstanceNorm``.
public final class InstanceNorm2d: InstanceNorm { override class var spatialAxes: Int { 2 } }
/// Normalises the channels of each example of `[batch, channels, a, b, c]`; see ``InstanceNorm``.
public final class InstanceNorm3d: InstanceNorm { override class var spatialAxes: Int { 3 } }
