import Adjoint

extension Layer {
  /// Stops the program unless the input has the dtype of the layer's parameters.
  func requireDType(_ x: Tensor, of parameter: Parameter?) {
    if let parameter, x.dtype != parameter.dtype {
      fail(
        "the input is \(x.dtype) \(x.shape), the weight \(parameter.dtype) \(parameter.shape): "
          + "convert the input with cast(to: .\(parameter.dtype))")
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
      fail(
        "an input of shape \(x.shape) does not fit: expected [\(expected)]"
          + channelAdvice(x.shape, channels, axes))
    }
    requireDType(x, of: parameter)
  }

  /// What to do about an input that lacks one axis or has its channels last.
  private func channelAdvice(
    _ shape: Shape, _ channels: Int?, _ axes: ClosedRange<Int>?
  ) -> String {
    guard let channels, let axes, axes.count == 1 else { return "" }
    let rank = axes.lowerBound + 2
    if shape.rank == rank && shape[rank - 1] == channels {
      return "; if the channels are last, movingAxis(-1, to: 1) moves them to the front"
    }
    if shape.rank == rank - 1 && shape[0] == channels {
      return "; a single example is a batch of one: expandingDimension(at: 0)"
    }
    if shape.rank == rank - 1 && channels == 1 {
      return "; an axis of one channel is made by expandingDimension(at: 1)"
    }
    return ""
  }
}

/// What to do about a single sequence `[steps, size]` where several are expected.
func sequenceAdvice(_ shape: Shape, _ size: Int) -> String {
  shape.rank == 2 && shape[1] == size
    ? "; a single sequence is a batch of one: expandingDimension(at: 0)" : ""
}
