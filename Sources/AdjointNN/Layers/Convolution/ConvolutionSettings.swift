import Adjoint

/// What all convolutions are made from.
struct ConvolutionSettings: Codable {
  let inputChannels: Int
  let outputChannels: Int
  let kernelSize: AxisNumbers
  var stride = AxisNumbers(1)
  var padding = PaddingAmount.valid
  var paddingMode = PaddingMode.zeros
  /// Of transposed convolutions only.
  var outputPadding: AxisNumbers?
  var dilation = AxisNumbers(1)
  var groups = 1
  var useBias = true
  /// Nil for the identity.
  var activation: ActivationFunction?

  /// The weight's shape before it is known to be possible: `[first, second, kernel...]`.
  private func sizes(axes: Int, isTransposed: Bool) -> [Int] {
    let (inputs, outputs) = (inputChannels, outputChannels)
    let front = isTransposed ? [inputs, outputs / groups] : [outputs, inputs / groups]
    return front + kernelSize.values(axes)
  }

  /// PyTorch's layout: `[outputs, inputs / groups, kernel...]`, and with inputs and outputs
  /// exchanged for a transposed convolution.
  func weightShape(axes: Int, isTransposed: Bool = false) -> Shape {
    Shape(sizes(axes: axes, isTransposed: isTransposed))
  }

  func problem(axes: Int, isTransposed: Bool = false) -> String? {
    let numbers = firstProblem(
      kernelSize.problem("kernelSize", axes: axes, atLeast: 1),
      stride.problem("stride", axes: axes, atLeast: 1),
      dilation.problem("dilation", axes: axes, atLeast: 1),
      outputPadding?.problem("outputPadding", axes: axes, atLeast: 0))
    if let numbers { return numbers }
    if case .numbers(let padding) = padding,
      let problem = padding.problem("padding", axes: axes, atLeast: 0)
    {
      return problem
    }
    let (inputs, outputs) = (inputChannels, outputChannels)
    if inputs < 1 || outputs < 1 || groups < 1 {
      return "there is no convolution from \(inputs) to \(outputs) channels in \(groups) groups"
    }
    if inputs % groups != 0 || outputs % groups != 0 {
      return "\(inputs) and \(outputs) channels cannot be shared by \(groups) groups evenly"
    }
    if padding == .same && stride.values(axes).contains(where: { $0 != 1 }) {
      return "padding .same is for stride 1, not \(stride); give the number of zeros instead"
    }
    if let more = outputPadding {
      let (strides, dilations) = (stride.values(axes), dilation.values(axes))
      let least = zip(strides, dilations).map { max($0, $1) }
      if zip(more.values(axes), least).contains(where: { $0 >= $1 }) {
        return "outputPadding \(more) must be smaller than the stride \(stride) or the dilation "
          + "\(dilation)"
      }
    }
    let sizes = sizes(axes: axes, isTransposed: isTransposed)
    return unless(Shape(exactly: sizes) != nil, "a weight of \(sizes) is too large")
  }

  /// The settings that are not the usual ones, for summaries.
  var details: [String] {
    var details = ["kernel \(kernelSize)"]
    if stride != AxisNumbers(1) { details.append("stride \(stride)") }
    switch padding {
    case .valid: break
    case .same: details.append("padding same")
    case .numbers(let numbers):
      if numbers != AxisNumbers(0) { details.append("padding \(numbers)") }
    }
    if paddingMode != .zeros { details.append("\(paddingMode)") }
    if let more = outputPadding, more != AxisNumbers(0) { details.append("output padding \(more)") }
    if dilation != AxisNumbers(1) { details.append("dilation \(dilation)") }
    if groups != 1 { details.append("\(groups) groups") }
    if !useBias { details.append("no bias") }
    if let activation { details.append("\(activation)") }
    return details
  }
}
