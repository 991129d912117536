import Adjoint

/// A convolution of each channel, then one of size 1 that mixes the channels.
///
/// It does nearly what a `Conv2d` does with a fraction of its weights.
///
/// Shapes: `[batch, inputChannels, a, b]` gives `[batch, outputChannels, a', b']`; the parameters
/// are `depthwise.weight` `[inputChannels * depthMultiplier, 1, ka, kb]`, `pointwise.weight`
/// `[outputChannels, inputChannels * depthMultiplier, 1, 1]` and `pointwise.bias`
/// `[outputChannels]`. Like Keras's it has one bias, at the end.
///
/// Source: Chollet, "Xception: deep learning with depthwise separable convolutions", CVPR 2017.
public final class SeparableConv2d: SavableLayer, ConfiguredLayer {
  /// The convolution of each channel.
  public let depthwise: DepthwiseConv2d
  /// The convolution of size 1.
  public let pointwise: Conv2d

  /// A separable convolution; see ``Conv2d`` for the settings.
  public init(
    inputChannels: Int, outputChannels: Int, kernelSize: PerAxis, depthMultiplier: Int = 1,
    stride: PerAxis = 1, padding: ConvolutionPadding = .valid, dilation: PerAxis = 1,
    paddingMode: PaddingMode = .zeros, activation: ActivationFunction = .identity,
    useBias: Bool = true, weightInitializer: Initializer = .glorotUniform,
    biasInitializer: Initializer = .zeros, dtype: DType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    depthwise = DepthwiseConv2d(
      channels: inputChannels, kernelSize: kernelSize, depthMultiplier: depthMultiplier,
      stride: stride, padding: padding, dilation: dilation, paddingMode: paddingMode,
      useBias: false, weightInitializer: weightInitializer, dtype: dtype, file: file, line: line)
    pointwise = Conv2d(
      inputChannels: depthwise.settings.outputChannels, outputChannels: outputChannels,
      kernelSize: 1, activation: activation, useBias: useBias,
      weightInitializer: weightInitializer, biasInitializer: biasInitializer, dtype: dtype,
      file: file, line: line)
  }

  /// The settings of both convolutions.
  public var details: [String] {
    ["\(depthwise.settings.inputChannels) to \(pointwise.settings.outputChannels) channels"]
      + depthwise.settings.details.filter { $0 != "no bias" && !$0.hasSuffix("groups") }
  }

  /// One convolution after the other.
  public func forward(_ x: Tensor) -> Tensor {
    requireChannels(x, depthwise.settings.inputChannels, axes: 2...2, dtypeOf: depthwise.weight)
    let site = CallSite.current
    return pointwise.applied(to: depthwise.applied(to: x, at: site), at: site)
  }

  struct Settings: Codable {
    let depthwise: ConvolutionSettings
    let pointwise: ConvolutionSettings
  }
  var settings: Settings {
    Settings(depthwise: depthwise.settings, pointwise: pointwise.settings)
  }
  static func problem(with settings: Settings) -> String? {
    let (first, second) = (settings.depthwise, settings.pointwise)
    return firstProblem(
      DepthwiseConv2d.problem(with: first), Conv2d.problem(with: second),
      unless(
        first.outputChannels == second.inputChannels,
        "\(first.outputChannels) channels meet a convolution of \(second.inputChannels)"))
  }
  init(decoded settings: Settings) {
    depthwise = DepthwiseConv2d(decoded: settings.depthwise)
    pointwise = Conv2d(decoded: settings.pointwise)
  }
}
