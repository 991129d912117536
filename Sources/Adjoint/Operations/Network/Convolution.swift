// Convolutions over one, two or three spatial axes. A convolution is linear in its input and in its
// weights; the rules of its three products are one another, so derivatives of every order follow.

/// The cross-correlation of an input with kernels, which neural networks call convolution.
///
/// `y[n, o, t] = bias[o] + sum over c and k of w[o, c, k] x[n, c, t stride + k dilation - padding]`
///
/// Shapes: input `[batch, inputs, a, b, ...]` with one to three spatial axes and weights
/// `[outputs, inputs / groups, ka, kb, ...]` give `[batch, outputs, a', b', ...]`, where a' is
/// floor((a + 2 padding - dilation (ka - 1) - 1) / stride) + 1. The layout is PyTorch's.
/// - Parameters:
///   - x: the input `[batch, inputs, a, b, ...]`.
///   - weights: the kernels `[outputs, inputs / groups, ka, kb, ...]`.
///   - bias: a number for each output channel, `[outputs]`.
///   - stride: how far the kernel moves.
///   - padding: `.valid`, `.same`, or zeros on both sides of each axis.
///   - dilation: how far the kernel's elements are apart.
///   - groups: output channels see only the input channels of their group; as many groups as input
///     channels make a depthwise convolution.
public func convolution(
  _ x: Tensor, _ weights: Tensor, bias: Tensor? = nil, stride: PerAxis = 1,
  padding: ConvolutionPadding = .valid, dilation: PerAxis = 1, groups: Int = 1,
  file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  let check = ConvolutionCheck("convolution", x, weights, bias, groups, file, line)
  let axes = check.axes(stride, dilation)
  let outputs = weights.shape[0]
  if weights.shape[1] * groups != x.shape[1] || outputs % groups != 0 {
    check.fail(
      "weights \(weights.shape) do not fit the input \(x.shape) in \(groups) groups: expected "
        + "[outputs, \(x.shape[1]) / \(groups), ...] with outputs a multiple of \(groups)")
  }
  check.bias(of: outputs)
  var plan = ConvolutionPlan(
    batch: x.shape[0], inputs: x.shape[1], outputs: outputs, groups: groups, axes: axes)
  let zeros = check.padding(padding, axes)
  for axis in axes.indices {
    let reach = (axes[axis].kernel - 1) * axes[axis].dilation + 1
    let room = x.shape[axis + 2] + zeros[axis].before + zeros[axis].after
    if reach > room {
      check.fail(
        "a kernel that reaches over \(reach) elements of axis \(axis + 2) does not fit into "
          + "\(room), the size in \(x.shape) and its padding; more padding or less pooling before "
          + "it leaves more")
    }
    plan.axes[axis].input = x.shape[axis + 2]
    plan.axes[axis].padding = zeros[axis].before
    plan.axes[axis].output = (room - reach) / axes[axis].stride + 1
  }
  check.fits(plan.outputShape)
  return convolved(x, weights, bias, plan)
}

/// The transpose of `convolution` as a linear map: the gradient of its input, as an operation.
///
/// Also called fractionally strided convolution or, wrongly, deconvolution. Each element of the
/// input is spread over a window of the result.
///
/// Shapes: input `[batch, inputs, a, b, ...]` and weights `[inputs, outputs / groups, ka, kb, ...]`
/// give `[batch, outputs, a', b', ...]`, where a' is
/// (a - 1) stride - 2 padding + dilation (ka - 1) + outputPadding + 1.
/// - Parameters:
///   - x: the input `[batch, inputs, a, b, ...]`.
///   - weights: the kernels `[inputs, outputs / groups, ka, kb, ...]`.
///   - bias: a number for each output channel, `[outputs]`.
///   - stride: how far windows of the result are apart.
///   - padding: how much is cut off at both ends of each axis.
///   - outputPadding: further elements at the end of each axis, fewer than the stride or the
///     dilation: several sizes have the same convolution, and this says which one is meant.
///   - dilation: how far the kernel's elements are apart.
///   - groups: output channels see only the input channels of their group.
public func transposedConvolution(
  _ x: Tensor, _ weights: Tensor, bias: Tensor? = nil, stride: PerAxis = 1, padding: PerAxis = 0,
  outputPadding: PerAxis = 0, dilation: PerAxis = 1, groups: Int = 1, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  let check = ConvolutionCheck("transposedConvolution", x, weights, bias, groups, file, line)
  let axes = check.axes(stride, dilation)
  if weights.shape[0] != x.shape[1] || x.shape[1] % groups != 0 {
    check.fail(
      "weights \(weights.shape) do not fit the input \(x.shape) in \(groups) groups: expected "
        + "[\(x.shape[1]), outputs / \(groups), ...] with the inputs a multiple of \(groups)")
  }
  let outputs = weights.shape[1] * groups
  check.bias(of: outputs)
  var plan = ConvolutionPlan(
    batch: x.shape[0], inputs: outputs, outputs: x.shape[1], groups: groups, axes: axes)
  let cut = check.values(padding, atLeast: 0, "padding")
  let more = check.values(outputPadding, atLeast: 0, "outputPadding")
  for axis in axes.indices {
    let (step, spread) = (axes[axis].stride, axes[axis].dilation)
    if more[axis] >= max(step, spread) {
      check.fail(
        "outputPadding \(outputPadding) must be smaller than the stride \(stride) or the dilation "
          + "\(dilation)")
    }
    let size = x.shape[axis + 2]
    let full = (size - 1) * step - 2 * cut[axis] + spread * (axes[axis].kernel - 1) + more[axis] + 1
    if size > 0 && full < 1 {
      check.fail("padding \(padding) leaves nothing of axis \(axis + 2) of \(x.shape)")
    }
    plan.axes[axis].output = size
    plan.axes[axis].padding = cut[axis]
    plan.axes[axis].input = max(full, 0)
  }
  check.fits(plan.inputShape)
  return spread(x, weights, bias, plan)
}

// MARK: The three products

private func convolved(
  _ x: Tensor, _ weights: Tensor, _ bias: Tensor?, _ plan: ConvolutionPlan
) -> Tensor {
  let result = Tensor(plan.product(x.payload, weights.payload, bias: bias?.payload))
  return result.recorded(
    "convolution",
    [
      (x, .gradient { spread($0, weights, nil, plan) }),
      (weights, .gradient { correlated(x, $0, plan) }),
    ] + channelRule(bias))
}

private func spread(
  _ y: Tensor, _ weights: Tensor, _ bias: Tensor?, _ plan: ConvolutionPlan
) -> Tensor {
  let result = Tensor(plan.transposedProduct(y.payload, weights.payload, bias: bias?.payload))
  return result.recorded(
    "transposedConvolution",
    [
      (y, .gradient { convolved($0, weights, nil, plan) }),
      (weights, .gradient { correlated($0, y, plan) }),
    ] + channelRule(bias))
}

/// What `convolved` and `spread` do to the gradient of the weights: input times result.
private func correlated(_ x: Tensor, _ y: Tensor, _ plan: ConvolutionPlan) -> Tensor {
  let result = Tensor(plan.weightProduct(x.payload, y.payload))
  return result.recorded(
    "correlation", x, .gradient { spread(y, $0, nil, plan) }, y,
    .gradient { convolved(x, $0, nil, plan) })
}

private func channelRule(_ bias: Tensor?) -> [(Tensor, Rule)] {
  guard let bias else { return [] }
  return [
    (
      bias,
      .gradient { g in
        // First the long axes, whose elements are neighbours.
        g.reshaped([g.shape[0], g.shape[1], Shape(g.shape.dropFirst(2)).elementCount])
          .sum(axes: [2]).sum(axes: [0])
      }
    )
  ]
}

// MARK: Checks

/// What both convolutions ask of their operands, with the name the user called.
private struct ConvolutionCheck {
  let name: String
  let x: Tensor
  let weights: Tensor
  let bias: Tensor?
  let file: StaticString
  let line: UInt
  var spatial: Int { x.rank - 2 }

  init(
    _ name: String, _ x: Tensor, _ weights: Tensor, _ bias: Tensor?, _ groups: Int,
    _ file: StaticString, _ line: UInt
  ) {
    (self.name, self.x, self.weights, self.bias) = (name, x, weights, bias)
    (self.file, self.line) = (file, line)
    if x.dtype != weights.dtype || !x.dtype.isFloatingPoint {
      fail("needs tensors of one floating dtype, not \(x.dtype) and \(weights.dtype)")
    }
    if !(3...5).contains(x.rank) || weights.rank != x.rank {
      fail(
        "input \(x.shape) and weights \(weights.shape) must both be [batch or outputs, channels, "
          + "...] with the same one to three spatial axes")
    }
    if groups < 1 { fail("\(groups) groups; at least 1 is needed") }
  }

  func fail(_ message: String) -> Never { programmingError(name, message, file: file, line: line) }

  func fits(_ shape: Shape) {
    if Shape(exactly: Array(shape)) == nil { fail("the result \(shape) is too large") }
  }

  func values(_ numbers: PerAxis, atLeast least: Int, _ what: String) -> [Int] {
    numbers.values(spatial, atLeast: least, what, name, file, line)
  }

  /// The spatial axes as far as the kernel says.
  func axes(_ stride: PerAxis, _ dilation: PerAxis) -> [ConvolutionAxis] {
    let strides = values(stride, atLeast: 1, "stride")
    let dilations = values(dilation, atLeast: 1, "dilation")
    return (0..<spatial).map { axis in
      let kernel = weights.shape[axis + 2]
      if kernel < 1 { fail("the kernel of weights \(weights.shape) is empty") }
      return ConvolutionAxis(kernel: kernel, stride: strides[axis], dilation: dilations[axis])
    }
  }

  func padding(_ padding: ConvolutionPadding, _ axes: [ConvolutionAxis]) -> [(
    before: Int, after: Int
  )] {
    switch padding {
    case .valid: return axes.map { _ in (0, 0) }
    case .zeros(let numbers): return values(numbers, atLeast: 0, "padding").map { ($0, $0) }
    case .same:
      if axes.contains(where: { $0.stride != 1 }) {
        fail("padding .same is for stride 1; give the number of zeros instead")
      }
      return axes.map { axis in
        let total = (axis.kernel - 1) * axis.dilation
        return (total / 2, total - total / 2)
      }
    }
  }

  func bias(of outputs: Int) {
    guard let bias else { return }
    if bias.shape != [outputs] || bias.dtype != x.dtype {
      fail(
        "the bias must be \(x.dtype) [\(outputs)], one number for each output channel, not "
          + "\(bias.dtype) \(bias.shape)")
    }
  }
}
