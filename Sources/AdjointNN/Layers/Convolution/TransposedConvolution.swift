import Adjoint

/// The transpose of a convolution as a linear map, with learned kernels, which enlarges its input.
///
/// It is what `ConvTranspose1d`, `ConvTranspose2d` and `ConvTranspose3d` share.
///
/// Shapes: `[batch, inputChannels, a, ...]` gives `[batch, outputChannels, a', ...]`, where a' is
/// (a - 1) stride - 2 padding + dilation (kernelSize - 1) + outputPadding + 1; `weight` is
/// `[inputChannels, outputChannels / groups, kernel...]` and `bias` `[outputChannels]`, as in
/// PyTorch.
///
/// The weight starts Glorot-uniform and the bias zero, as in Keras.
///
/// Source: Zeiler et al., "Deconvolutional networks", CVPR 2010.
public class TransposedConvolution: SavableLayer, ConfiguredLayer {
  class var spatialAxes: Int { noSpatialAxes() }

  /// The kernels, `[inputChannels, outputChannels / groups, kernel...]`.
  public let weight: Parameter
  /// A number for each output channel; nil for a convolution without bias.
  public let bias: Parameter?
  let settings: ConvolutionSettings

  /// A transposed convolution.
  /// - Parameters:
  ///   - inputChannels: the channels that come in.
  ///   - outputChannels: the channels that go out.
  ///   - kernelSize: one size for all axes, or one for each.
  ///   - stride: how far windows of the result are apart.
  ///   - padding: how much is cut off at both ends of each axis.
  ///   - outputPadding: further elements at the end of each axis, fewer than the stride or the
  ///     dilation.
  ///   - dilation: how far the kernel's elements are apart.
  ///   - groups: output channels see only the input channels of their group.
  ///   - activation: the function of the result.
  ///   - useBias: whether there is a bias.
  ///   - weightInitializer: how the weight starts.
  ///   - biasInitializer: how the bias starts.
  ///   - dtype: the type of the parameters, a floating one.
  public init(
    inputChannels: Int, outputChannels: Int, kernelSize: PerAxis, stride: PerAxis = 1,
    padding: PerAxis = 0, outputPadding: PerAxis = 0, dilation: PerAxis = 1, groups: Int = 1,
    activation: ActivationFunction = .identity, useBias: Bool = true,
    weightInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    settings = Self.checked(
      ConvolutionSettings(
        inputChannels: inputChannels, outputChannels: outputChannels,
        kernelSize: AxisNumbers(kernelSize), stride: AxisNumbers(stride),
        padding: .numbers(AxisNumbers(padding)), outputPadding: AxisNumbers(outputPadding),
        dilation: AxisNumbers(dilation), groups: groups, useBias: useBias,
        activation: activation == .identity ? nil : activation), file, line)
    let shape = settings.weightShape(axes: Self.spatialAxes, isTransposed: true)
    weight = Parameter(weightInitializer(shape, dtype: dtype), file: file, line: line)
    bias =
      useBias
      ? Parameter(biasInitializer([outputChannels], dtype: dtype), file: file, line: line) : nil
  }

  required init(decoded settings: ConvolutionSettings) {
    self.settings = settings
    let shape = settings.weightShape(axes: Self.spatialAxes, isTransposed: true)
    weight = Parameter(Tensor.zeros(shape))
    bias = settings.useBias ? Parameter(Tensor.zeros([settings.outputChannels])) : nil
  }

  static func problem(with settings: ConvolutionSettings) -> String? {
    guard case .numbers = settings.padding, settings.paddingMode == .zeros,
      settings.outputPadding != nil
    else { return "a transposed convolution has numbers for padding and outputPadding" }
    return settings.problem(axes: spatialAxes, isTransposed: true)
  }

  /// The channels and the settings that are not the usual ones.
  public var details: [String] {
    ["\(settings.inputChannels) to \(settings.outputChannels) channels"] + settings.details
  }

  /// The transposed convolution of x and its activation.
  public func forward(_ x: Tensor) -> Tensor {
    let axes = Self.spatialAxes
    requireChannels(x, settings.inputChannels, axes: axes...axes, dtypeOf: weight)
    guard case .numbers(let padding) = settings.padding else { fail("has no padding") }
    let site = CallSite.current
    let y = transposedConvolution(
      x, weight.value, bias: bias?.value, stride: settings.stride.perAxis,
      padding: padding.perAxis, outputPadding: settings.outputPadding?.perAxis ?? 0,
      dilation: settings.dilation.perAxis, groups: settings.groups, file: site.file,
      line: site.line)
    return settings.activation?(y, at: site) ?? y
  }
}

/// A transposed convolution over the axis of `[batch, channels, a]`; see ``TransposedConvolution``.
public final class ConvTranspose1d: TransposedConvolution {
  override class var spatialAxes: Int { 1 }
}
/// A transposed convolution over the axes of `[batch, channels, a, b]`.
///
/// See ``TransposedConvolution``.
public final class ConvTranspose2d: TransposedConvolution {
  override class var spatialAxes: Int { 2 }
}
/// A transposed convolution over the axes of `[batch, channels, a, b, c]`.
///
/// See ``TransposedConvolution``.
public final class ConvTranspose3d: TransposedConvolution {
  override class var spatialAxes: Int { 3 }
}
