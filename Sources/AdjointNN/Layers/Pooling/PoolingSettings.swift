import Adjoint

/// What layers that pool windows are made from.
struct PoolingSettings: Codable, PoolingWindows {
  let kernelSize: AxisNumbers
  /// Nil for the kernel's size.
  var stride: AxisNumbers?
  var padding = AxisNumbers(0)
  var dilation = AxisNumbers(1)
  var roundingUp = false
  /// Of means only.
  var includingPadding: Bool?
  /// Of p-norms only.
  var exponent: Double?

  func problem(axes: Int) -> String? {
    let numbers = firstProblem(
      kernelSize.problem("kernelSize", axes: axes, atLeast: 1),
      stride?.problem("stride", axes: axes, atLeast: 1),
      padding.problem("padding", axes: axes, atLeast: 0),
      dilation.problem("dilation", axes: axes, atLeast: 1))
    if let numbers { return numbers }
    let (zeros, sizes) = (padding.values(axes), kernelSize.values(axes))
    return unless(
      zip(zeros, sizes).allSatisfy { $0 <= $1 / 2 },
      "padding \(padding) must be at most half of kernelSize \(kernelSize)")
  }

  /// The settings that are not the usual ones, for summaries.
  var details: [String] {
    var details = ["kernel \(kernelSize)"]
    if let exponent { details.insert("exponent \(exponent)", at: 0) }
    if let stride, stride != kernelSize { details.append("stride \(stride)") }
    if padding != AxisNumbers(0) { details.append("padding \(padding)") }
    if dilation != AxisNumbers(1) { details.append("dilation \(dilation)") }
    if roundingUp { details.append("rounding up") }
    if includingPadding == false { details.append("without padding") }
    return details
  }
}

/// What adaptive pooling is made from.
struct AdaptivePoolingSettings: Codable, PoolingWindows {
  let outputSize: AxisNumbers

  func problem(axes: Int) -> String? {
    outputSize.problem("outputSize", axes: axes, atLeast: 1)
  }

  /// The size of the result, for summaries.
  var details: [String] { ["to \(outputSize)"] }
}
