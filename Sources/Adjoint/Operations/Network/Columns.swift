// The windows of a convolution as columns of a matrix, for operations that are not convolutions.

/// The windows of `convolution`, written out as columns.
///
/// Shapes: `[batch, channels, a, b, ...]` gives `[batch, channels * ka * kb * ..., positions]`; PyTorch
/// calls this `unfold`. Memory grows with the size of the windows.
public func im2col(
  _ x: Tensor, size: PerAxis, stride: PerAxis = 1, padding: PerAxis = 0, dilation: PerAxis = 1,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let check = PoolingCheck("im2col", x, file, line)
  let spatial = Array(x.shape.dropFirst(2))
  return writtenOut(x, windowPlan(check, x, spatial, size, stride, padding, dilation))
}

/// The sum of windows given as columns: the transpose of `im2col`, not its inverse.
///
/// Shapes: `[batch, channels * ka * kb * ..., positions]` gives `[batch, channels] + outputSize`; PyTorch
/// calls this `fold`.
public func col2im(
  _ columns: Tensor, outputSize: [Int], size: PerAxis, stride: PerAxis = 1, padding: PerAxis = 0,
  dilation: PerAxis = 1, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let check = PoolingCheck("col2im", columns, file, line)
  if columns.rank != 3 || !(1...3).contains(outputSize.count) {
    check.fail(
      "needs columns of [batch, channels * window, positions] and one to three output sizes, not "
        + "\(columns.shape) and \(outputSize)")
  }
  let kernel = size.values(outputSize.count, atLeast: 1, "size", "col2im", file, line)
  let window = Shape(kernel).elementCount
  if columns.shape[1] % window != 0 {
    check.fail("\(columns.shape[1]) rows of \(columns.shape) are not a multiple of \(window)")
  }
  let image = Tensor.zeros(
    Shape([columns.shape[0], columns.shape[1] / window] + outputSize), dtype: columns.dtype)
  let plan = windowPlan(check, image, outputSize, size, stride, padding, dilation)
  let positions = plan.axes.reduce(1) { $0 * $1.output }
  if columns.shape[2] != positions {
    check.fail("\(columns.shape) has \(columns.shape[2]) positions; \(outputSize) has \(positions)")
  }
  return summed(columns, plan)
}

private func writtenOut(_ x: Tensor, _ plan: ConvolutionPlan) -> Tensor {
  Tensor(plan.columns(x.payload)).recorded("im2col", x) { summed($0, plan) }
}

private func summed(_ y: Tensor, _ plan: ConvolutionPlan) -> Tensor {
  Tensor(plan.image(y.payload)).recorded("col2im", y) { writtenOut($0, plan) }
}

private func windowPlan(
  _ check: PoolingCheck, _ image: Tensor, _ sizes: [Int], _ size: PerAxis, _ stride: PerAxis,
  _ padding: PerAxis, _ dilation: PerAxis
) -> ConvolutionPlan {
  func values(_ numbers: PerAxis, _ least: Int, _ what: String) -> [Int] {
    numbers.values(sizes.count, atLeast: least, what, check.name, check.file, check.line)
  }
  let (kernels, strides) = (values(size, 1, "size"), values(stride, 1, "stride"))
  let (zeros, dilations) = (values(padding, 0, "padding"), values(dilation, 1, "dilation"))
  let axes = sizes.indices.map { axis in
    let reach = (kernels[axis] - 1) * dilations[axis] + 1
    let room = sizes[axis] + 2 * zeros[axis]
    if reach > room {
      check.fail("windows of \(size) do not fit into axis \(axis + 2) of \(image.shape)")
    }
    return ConvolutionAxis(
      input: sizes[axis], output: (room - reach) / strides[axis] + 1, kernel: kernels[axis],
      stride: strides[axis], dilation: dilations[axis], padding: zeros[axis])
  }
  let rows = Shape(exactly: kernels + [image.shape[1]])?.elementCount
  let positions = axes.map(\.output)
  if rows.flatMap({ Shape(exactly: [image.shape[0], $0] + positions) }) == nil {
    check.fail("windows of \(size) of \(image.shape) have too many elements")
  }
  return ConvolutionPlan(
    batch: image.shape[0], inputs: image.shape[1], outputs: image.shape[1], groups: 1, axes: axes)
}
