import Adjoint

extension Layer {
  /// Stops the program unless the input has the dtype of the layer's parameters.
  func requireDType(_ x: Tensor, of parameter: Parameter?) {
    if let parameter, x.dtype != parameter.dtype {
      fail(
        "the input is \(x.dtype) \(x.shape), the weight \(parameter.dtype) \(parameter.shape)")
    }
    if !x.dtype.isFloatingPoint { fail("needs a floating input, not \(x.dtype) \(x.shape)") }
  }

  /// Stops the program unless the input is `[batch, channels, ...]`.
  /// - Parameter axes: the number of spatial axes; nil for any.
  func requireChannels(
    _ x: Tensor, _ channels: Int? = nil, axes: ClosedRange<Int>? = nil,
    dtypeOf parameter: Parameter? = nil
  ) {
    let fitsRank = axes.map { $0.contains(x.rank - 2) } ?? (x.rank >= 2)
    if !fitsRank || channels != nil && x.shape[1] != channels {
      let names = ["a", "b", "c"].prefix(axes?.upperBound ?? 0)
      let rest = axes == nil ? ["..."] : Array(names)
      let expected = (["batch", channels.map(String.init) ?? "channels"] + rest)
        .joined(separator: ", ")
      fail("an input of shape \(x.shape) does not fit: expected [\(expected)]")
    }
    requireDType(x, of: parameter)
  }
}
