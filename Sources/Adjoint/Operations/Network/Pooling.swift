// Pooling over the spatial axes of [batch, channels, a, b, ...] with one to three of them.

/// The largest element of each window.
///
/// The first of equal elements gets the gradient; a NaN is the largest element of its window. Padding
/// never is.
///
/// Shapes: `[batch, channels, a, ...]` gives `[batch, channels, a', ...]`, where a' is
/// floor((a + 2 padding - dilation (size - 1) - 1) / stride) + 1.
/// - Parameters:
///   - x: the input `[batch, channels, a, ...]`.
///   - size: the windows' size.
///   - stride: how far windows are apart; their size if left out.
///   - padding: how far windows may reach over the edges, at most half their size.
///   - dilation: how far the elements of a window are apart.
///   - roundingUp: whether a last window may be incomplete, as long as it starts inside.
public func maxPooling(
  _ x: Tensor, size: PerAxis, stride: PerAxis? = nil, padding: PerAxis = 0, dilation: PerAxis = 1,
  roundingUp: Bool = false, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  maxPoolingWithIndices(
    x, size: size, stride: stride, padding: padding, dilation: dilation, roundingUp: roundingUp,
    file: file, line: line
  ).values
}

/// `maxPooling` and the places of the elements found: `int32` positions within `[a, b, ...]`.
public func maxPoolingWithIndices(
  _ x: Tensor, size: PerAxis, stride: PerAxis? = nil, padding: PerAxis = 0, dilation: PerAxis = 1,
  roundingUp: Bool = false, file: StaticString = #fileID, line: UInt = #line
) -> (values: Tensor, indices: Tensor) {
  let check = PoolingCheck("maxPooling", x, file, line)
  let axes = check.windows(size, stride, padding, dilation, roundingUp).map {
    WindowAxis(
      size: $0.size, count: $0.count, kernel: $0.kernel, stride: $0.stride, padding: $0.padding,
      step: $0.dilation)
  }
  for (axis, windows) in axes.enumerated() where windows.hasEmptyWindow {
    check.fail(
      "a window of \(size) with dilation \(dilation) and padding \(padding) meets no element of axis "
        + "\(axis + 2) of \(x.shape)")
  }
  return largest(x, axes)
}

/// The largest element of each of `outputSize` windows that share the axes as evenly as possible.
///
/// Window `i` of an axis of `a` covers floor(i a / n) up to but not including ceil((i + 1) a / n).
/// Ties and NaN are those of `maxPooling`.
///
/// Shapes: `[batch, channels, a, ...]` gives `[batch, channels, n, ...]`.
public func adaptiveMaxPooling(
  _ x: Tensor, outputSize: PerAxis, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  adaptiveMaxPoolingWithIndices(x, outputSize: outputSize, file: file, line: line).values
}

/// `adaptiveMaxPooling` and the places of the elements found; see `maxPoolingWithIndices`.
public func adaptiveMaxPoolingWithIndices(
  _ x: Tensor, outputSize: PerAxis, file: StaticString = #fileID, line: UInt = #line
) -> (values: Tensor, indices: Tensor) {
  let check = PoolingCheck("adaptiveMaxPooling", x, file, line)
  let sizes = check.values(outputSize, atLeast: 0, "outputSize")
  check.refuse(sizes)
  return largest(x, sizes.enumerated().map { WindowAxis(size: x.shape[$0 + 2], adaptingTo: $1) })
}

private func largest(_ x: Tensor, _ axes: [WindowAxis]) -> (values: Tensor, indices: Tensor) {
  let (values, places) = x.payload.maxPooled(axes)
  let (indices, shape) = (Tensor(places), x.shape)
  let result = Tensor(values).recorded("maxPooling", x) { scattered($0, indices, to: shape) }
  return (result, indices)
}

/// Zeros with the elements of `x` added at the places `maxPoolingWithIndices` found them.
///
/// Elements with one place are added; PyTorch keeps one of them.
///
/// Shapes: `[batch, channels, a', ...]` with indices of the same shape gives `[batch, channels] +
/// size`.
/// - Parameters:
///   - x: the maxima.
///   - indices: where they were found.
///   - size: the spatial axes of the result.
public func maxUnpooling(
  _ x: Tensor, indices: Tensor, size: [Int], file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let check = PoolingCheck("maxUnpooling", x, file, line)
  if indices.shape != x.shape {
    check.fail("indices \(indices.shape) and elements \(x.shape) differ in shape")
  }
  let spatial = PerAxis(size).values(
    x.rank - 2, atLeast: 0, "size", "maxUnpooling", file, line)
  let shape = Shape(Array(x.shape.prefix(2)) + spatial)
  let plane = Shape(spatial).elementCount
  if plane > Int(Int32.max) { check.fail("\(shape) has more than 2^31 - 1 elements in a plane") }
  let checked = indices.checkedIndices(
    below: plane, "maxUnpooling", "elements in a plane of \(Shape(spatial))", file, line)
  return scattered(x, checked.cast(to: .int32), to: shape)
}

private func scattered(_ x: Tensor, _ indices: Tensor, to shape: Shape) -> Tensor {
  Tensor(x.payload.scatteringInPlanes(indices.payload, axes: shape.rank - 2, shape: shape))
    .recorded("maxUnpooling", x) { gathered($0, indices) }
}

private func gathered(_ x: Tensor, _ indices: Tensor) -> Tensor {
  let full = x.shape
  return Tensor(x.payload.gatheringInPlanes(indices.payload, axes: full.rank - 2))
    .recorded("gatheringInPlanes", x) { scattered($0, indices, to: full) }
}

// MARK: Checks

/// What all kinds of pooling ask of their operand, with the name the user called.
struct PoolingCheck {
  /// The windows along one axis.
  struct Windows {
    let size: Int
    let count: Int
    let kernel: Int
    let stride: Int
    let padding: Int
    let dilation: Int
  }

  let name: String
  let x: Tensor
  let file: StaticString
  let line: UInt

  init(_ name: String, _ x: Tensor, _ file: StaticString, _ line: UInt) {
    (self.name, self.x, self.file, self.line) = (name, x, file, line)
    if !x.dtype.isFloatingPoint || !(3...5).contains(x.rank) {
      fail(
        "needs a floating [batch, channels, ...] with one to three spatial axes, not "
          + "\(x.dtype) \(x.shape)")
    }
    if Shape(unchecked: x.shape.dropFirst(2)).elementCount > Int(Int32.max) {
      fail("\(x.shape) has more than 2^31 - 1 elements in a plane")
    }
  }

  func fail(_ message: String) -> Never { programmingError(name, message, file: file, line: line) }

  func values(_ numbers: PerAxis, atLeast least: Int, _ what: String) -> [Int] {
    numbers.values(x.rank - 2, atLeast: least, what, name, file, line)
  }

  /// Checks the spatial sizes of a result.
  func refuse(_ sizes: [Int]) {
    let shape = Array(x.shape.prefix(2)) + sizes
    if Shape(exactly: shape) == nil { fail("the result \(shape) is too large") }
    for (axis, count) in sizes.enumerated() where count > 0 && x.shape[axis + 2] == 0 {
      fail("axis \(axis + 2) of \(x.shape) is empty and has no windows")
    }
  }

  func windows(
    _ size: PerAxis, _ stride: PerAxis?, _ padding: PerAxis, _ dilation: PerAxis, _ roundingUp: Bool
  ) -> [Windows] {
    let kernels = values(size, atLeast: 1, "size")
    let strides = values(stride ?? size, atLeast: 1, "stride")
    let paddings = values(padding, atLeast: 0, "padding")
    let dilations = values(dilation, atLeast: 1, "dilation")
    let windows = kernels.indices.map { axis in
      let (kernel, step, zeros) = (kernels[axis], strides[axis], paddings[axis])
      let existing = x.shape[axis + 2]
      if 2 * zeros > kernel {
        fail("padding \(padding) must be at most half the window's size \(size)")
      }
      let room = existing + 2 * zeros - (kernel - 1) * dilations[axis] - 1
      if room < 0 && !(roundingUp && room > -step) || existing == 0 {
        fail("windows of \(size) do not fit into axis \(axis + 2) of \(x.shape)")
      }
      var count = (roundingUp ? room + step - 1 : room) / step + 1
      if roundingUp && (count - 1) * step >= existing + zeros { count -= 1 }
      return Windows(
        size: existing, count: count, kernel: kernel, stride: step, padding: zeros,
        dilation: dilations[axis])
    }
    refuse(windows.map(\.count))
    return windows
  }
}
