import Adjoint

/// Each channel shifted and scaled to mean 0 and variance 1 over the batch.
///
/// In training that is over the batch and all positions, at inference by running means. It is what
/// `BatchNorm1d`, `BatchNorm2d` and `BatchNorm3d` share.
///
/// `y = (x - mean) / sqrt(variance + epsilon) * weight + bias`
///
/// Running values become (1 - momentum) * running + momentum * batch: PyTorch's momentum, which is
/// 1 minus that of Keras. The running variance has Bessel's correction, the other has not.
///
/// Shapes: `[batch, channels, ...]` and the same; `weight`, `bias`, `running_mean` and
/// `running_var` are `[channels]`, `num_batches_tracked` is a number, as in PyTorch. Weights start
/// at 1, biases at 0.
///
/// Source: Ioffe and Szegedy, "Batch normalization", ICML 2015.
public class BatchNorm: SavableLayer, ConfiguredLayer, CustomReflectable {
  /// The numbers of spatial axes of the input.
  class var spatialAxes: ClosedRange<Int> { noSpatialAxes() }

  private let state: ChannelState
  let settings: ChannelNormSettings

  /// A normalisation of channels.
  /// - Parameters:
  ///   - channels: the size of axis 1.
  ///   - epsilon: what is added to the variance.
  ///   - momentum: the weight of a new batch in the running values; nil for the mean of all.
  ///   - affine: whether there are a weight and a bias.
  ///   - tracksRunningStatistics: whether running values are kept; else every batch is normalised by
  ///     its own, at inference too.
  ///   - dtype: the type of the parameters, a floating one.
  public convenience init(
    channels: Int, epsilon: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
    tracksRunningStatistics: Bool = true, dtype: DType = .float32, file: StaticString = #fileID,
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

  static func problem(with settings: ChannelNormSettings) -> String? { settings.problem }

  /// The factors of the channels; nil without them.
  public var weight: Parameter? { state.weight }
  /// What is added to the channels; nil without it.
  public var bias: Parameter? { state.bias }
  /// The running means of the channels; nil if they are not kept.
  public var runningMean: Buffer? { state.statistics?.mean }
  /// The running variances of the channels; nil if they are not kept.
  public var runningVariance: Buffer? { state.statistics?.variance }

  /// The channels and the settings that are not the usual ones.
  public var details: [String] { settings.details(affine: true, tracking: true) }

  /// Parameters and running values under PyTorch's names.
  public var customMirror: Mirror {
    Mirror(self, children: state.children, ancestorRepresentation: .suppressed)
  }

  /// The normalised input.
  public func forward(_ x: Tensor) -> Tensor {
    requireChannels(
      x, settings.channels, axes: Self.spatialAxes, dtypeOf: weight)
    let site = CallSite.current
    let isTraining = Mode.current == .training
    if !isTraining, let statistics = state.statistics {
      return batchNorm(
        x, mean: statistics.mean.value, variance: statistics.variance.value,
        weight: weight?.value, bias: bias?.value, epsilon: settings.epsilon, file: site.file,
        line: site.line)
    }
    let count = x.shape[0] * x.shape.dropFirst(2).reduce(1, *)
    if isTraining && count < 2 {
      fail("training needs more than one element in each channel; the input is \(x.shape)")
    }
    let (y, mean, variance) = batchNorm(
      x, weight: weight?.value, bias: bias?.value, epsilon: settings.epsilon, file: site.file,
      line: site.line)
    if isTraining, let statistics = state.statistics {
      statistics.batches.value = statistics.batches.value + 1
      statistics.update(
        mean: mean, variance: variance, count: count, momentum: settings.momentum)
    }
    return y
  }
}

/// Normalises the channels of `[batch, channels]` or `[batch, channels, a]`; see ``BatchNorm``.
public final class BatchNorm1d: BatchNorm {
  override class var spatialAxes: ClosedRange<Int> { 0...1 }
}
/// Normalises the channels of `[batch, channels, a, b]`; see ``BatchNorm``.
public final class BatchNorm2d: BatchNorm {
  override class var spatialAxes: ClosedRange<Int> { 2...2 }
}
/// Normalises the channels of `[batch, channels, a, b, c]`; see ``BatchNorm``.
public final class BatchNorm3d: BatchNorm {
  override class var spatialAxes: ClosedRange<Int> { 3...3 }
}
