import Adjoint

/// A convolution of each channel with kernels of its own: `Conv2d` with as many groups as channels.
///
/// Shapes: `[batch, channels, a, b]` gives `[batch, channels * depthMultiplier, a', b']`; `weight`
/// is `[channels * depthMultiplier, 1, ka, kb]` and `bias` `[channels * depthMultiplier]`, those of
/// PyTorch's `Conv2d(groups: channels)`.
///
/// The weight starts Glorot-uniform and the bias zero.
public final class DepthwiseConv2d: Convolution {
  override class var spatialAxes: Int { 2 }

  /// A convolution of each channel.
  /// - Parameters:
  ///   - channels: the channels that come in.
  ///   - kernelSize: one size for both axes, or one for each.
  ///   - depthMultiplier: the number of kernels for each channel.
  ///   - stride: how far the kernel moves.
  ///   - padding: `.valid`, `.same`, or how many elements are put on both sides of each axis.
  ///   - dilation: how far the kernel's elements are apart.
  ///   - paddingMode: what the padding consists of.
  ///   - activation: the function f of the result.
  ///   - useBias: whether there is a bias.
  ///   - weightInitializer: how the weight starts.
  ///   - biasInitializer: how the bias starts.
  ///   - dtype: the type of the parameters, a floating one.
  public init(
    channels: Int, kernelSize: PerAxis, depthMultiplier: Int = 1, stride: PerAxis = 1,
    padding: ConvolutionPadding = .valid, dilation: PerAxis = 1,
    paddingMode: PaddingMode = .zeros, activation: ActivationFunction = .identity,
    useBias: Bool = true, weightInitializer: Initializer = .glorotUniform,
    biasInitializer: Initializer = .zeros, dtype: DType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    let (outputs, overflow) = channels.multipliedReportingOverflow(by: depthMultiplier)
    let settings = ConvolutionSettings(
      inputChannels: channels, outputChannels: overflow ? -1 : outputs,
      kernelSize: AxisNumbers(kernelSize), stride: AxisNumbers(stride),
      padding: PaddingAmount(padding), paddingMode: paddingMode, dilation: AxisNumbers(dilation),
      groups: channels, useBias: useBias, activation: activation == .identity ? nil : activation)
    super.init(
      Self.checked(settings, file, line), weightInitializer, biasInitializer, dtype, file, line)
  }

  required init(decoded settings: ConvolutionSettings) {
    super.init(settings, .zeros, .zeros, .float32, #fileID, #line)
  }
}
