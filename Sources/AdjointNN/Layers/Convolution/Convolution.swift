import Adjoint

/// A convolution with learned kernels.
///
/// It is what `Conv1d`, `Conv2d`, `Conv3d` and `DepthwiseConv2d` share.
///
/// y[n, o, t] = f(bias[o] + sum over c, k of w[o, c, k] x[n, c, t stride + k dilation - padding])
///
/// Shapes: `[batch, inputChannels, a, ...]` gives `[batch, outputChannels, a', ...]`, where a' is
/// floor((a + 2 padding - dilation (kernelSize - 1) - 1) / stride) + 1; `weight` is
/// `[outputChannels, inputChannels / groups, kernel...]` and `bias` `[outputChannels]`, as in
/// PyTorch.
///
/// The weight starts Glorot-uniform and the bias zero, as in Keras.
public class Convolution: SavableLayer, ConfiguredLayer {
  class var spatialAxes: Int { noSpatialAxes() }

  /// The kernels, `[outputChannels, inputChannels / groups, kernel...]`.
  public let weight: Parameter
  /// A number for each output channel; nil for a convolution without bias.
  public let bias: Parameter?
  let settings: ConvolutionSettings

  /// A convolution.
  /// - Parameters:
  ///   - inputChannels: the channels that come in.
  ///   - outputChannels: the channels that go out.
  ///   - kernelSize: one size for all axes, or one for each.
  ///   - stride: how far the kernel moves.
  ///   - padding: `.valid`, `.same`, or how many elements are put on both sides of each axis.
  ///   - dilation: how far the kernel's elements are apart.
  ///   - groups: output channels see only the input channels of their group.
  ///   - paddingMode: what the padding consists of.
  ///   - activation: the function f of the result.
  ///   - useBias: whether there is a bias.
  ///   - weightInitializer: how the weight starts.
  ///   - biasInitializer: how the bias starts.
  ///   - dtype: the type of the parameters, a floating one.
  public convenience init(
    inputChannels: Int, outputChannels: Int, kernelSize: PerAxis, stride: PerAxis = 1,
    padding: ConvolutionPadding = .valid, dilation: PerAxis = 1, groups: Int = 1,
    paddingMode: PaddingMode = .zeros, activation: ActivationFunction = .identity,
    useBias: Bool = true, weightInitializer: Initializer = .glorotUniform,
    biasInitializer: Initializer = .zeros, dtype: DType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    let settings = ConvolutionSettings(
      inputChannels: inputChannels, outputChannels: outputChannels,
      kernelSize: AxisNumbers(kernelSize), stride: AxisNumbers(stride),
      padding: PaddingAmount(padding), paddingMode: paddingMode, dilation: AxisNumbers(dilation),
      groups: groups, useBias: useBias, activation: activation == .identity ? nil : activation)
    self.init(
      Self.checked(settings, file, line), weightInitializer, biasInitializer, dtype, file, line)
  }

  init(
    _ settings: ConvolutionSettings, _ weights: Initializer, _ biases: Initializer, _ dtype: DType,
    _ file: StaticString, _ line: UInt
  ) {
    self.settings = settings
    let shape = settings.weightShape(axes: Self.spatialAxes)
    weight = Parameter(weights(shape, dtype: dtype), file: file, line: line)
    bias =
      settings.useBias
      ? Parameter(biases([settings.outputChannels], dtype: dtype), file: file, line: line) : nil
  }

  required convenience init(decoded settings: ConvolutionSettings) {
    self.init(settings, .zeros, .zeros, .float32, #fileID, #line)
  }

  static func problem(with settings: ConvolutionSettings) -> String? {
    settings.problem(axes: spatialAxes)
  }

  /// The channels and the settings that are not the usual ones.
  public var details: [String] {
    ["\(settings.inputChannels) to \(settings.outputChannels) channels"] + settings.details
  }

  /// The convolution of x and its activation.
  public func forward(_ x: Tensor) -> Tensor {
    let axes = Self.spatialAxes
    requireChannels(x, settings.inputChannels, axes: axes...axes, dtypeOf: weight)
    let site = CallSite.current
    let (spaced, padding) = padded(x, site)
    let y = convolution(
      spaced, weight.value, bias: bias?.value, stride: settings.stride.perAxis, padding: padding,
      dilation: settings.dilation.perAxis, groups: settings.groups, file: site.file,
      line: site.line)
    return settings.activation?(y, at: site) ?? y
  }

  /// The input with its padding, and what is left for the operation to pad.
  private func padded(_ x: Tensor, _ site: CallSite) -> (Tensor, ConvolutionPadding) {
    if settings.paddingMode == .zeros { return (x, settings.padding.padding) }
    let axes = Self.spatialAxes
    let (sizes, dilations) = (settings.kernelSize.values(axes), settings.dilation.values(axes))
    let reach = zip(sizes, dilations).map { ($0 - 1) * $1 + 1 }
    let widths = settings.padding.widths(reach)
    let spaced = x.padded(
      widths, with: settings.paddingMode.padding, file: site.file, line: site.line)
    return (spaced, .valid)
  }
}

/// A convolution over the axis of `[batch, channels, a]`; see ``Convolution``.
public final class Conv1d: Convolution { override class var spatialAxes: Int { 1 } }
/// A convolution over the axes of `[batch, channels, a, b]`; see ``Convolution``.
public final class Conv2d: Convolution { override class var spatialAxes: Int { 2 } }
/// A convolution over the axes of `[batch, channels, a, b, c]`; see ``Convolution``.
public final class Conv3d: Convolution { override class var spatialAxes: Int { 3 } }
