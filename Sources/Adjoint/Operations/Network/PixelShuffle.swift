// Channels that become positions, and positions that become channels.

/// Channels rearranged into a finer grid.
///
/// Shapes: `[..., c r r, h, w]` gives `[..., c, h r, w r]` for the factor r.
///
/// Source: Shi et al., "Real-time single image and video super-resolution using an efficient sub-pixel
/// convolutional neural network", CVPR 2016.
public func pixelShuffle(
  _ x: Tensor, factor: Int, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let check = GridCheck("pixelShuffle", x, factor, file, line)
  let area = factor * factor
  if check.channels % area != 0 {
    check.fail("the \(check.channels) channels of \(x.shape) are not a multiple of \(area)")
  }
  let (c, h, w) = (check.channels / area, check.height, check.width)
  return x.reshaped([check.outer, c, factor, factor, h, w])
    .permuted(0, 1, 4, 2, 5, 3)
    .reshaped(Shape(unchecked: check.front + [c, h * factor, w * factor]))
}

/// The inverse of `pixelShuffle`.
///
/// Shapes: `[..., c, h r, w r]` gives `[..., c r r, h, w]` for the factor r.
public func pixelUnshuffle(
  _ x: Tensor, factor: Int, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let check = GridCheck("pixelUnshuffle", x, factor, file, line)
  if check.height % factor != 0 || check.width % factor != 0 {
    check.fail("height and width of \(x.shape) are not multiples of \(factor)")
  }
  let (h, w) = (check.height / factor, check.width / factor)
  return x.reshaped([check.outer, check.channels, h, factor, w, factor])
    .permuted(0, 1, 3, 5, 2, 4)
    .reshaped(Shape(unchecked: check.front + [check.channels * factor * factor, h, w]))
}

/// Channels in `groups` groups dealt out again, one from each group in turn.
///
/// Shapes: `[batch, channels, ...]` gives the same shape.
///
/// Source: Zhang et al., "ShuffleNet", CVPR 2018.
public func channelShuffle(
  _ x: Tensor, groups: Int, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  if x.rank < 2 || groups < 1 || x.shape[1] % groups != 0 {
    programmingError(
      "channelShuffle",
      "needs [batch, channels, ...] with channels in \(groups) equal groups, not \(x.shape)",
      file: file, line: line)
  }
  let area = Shape(x.shape.dropFirst(2)).elementCount
  return x.reshaped([x.shape[0], groups, x.shape[1] / groups, area])
    .transposed(1, 2).reshaped(x.shape)
}

/// What rearrangements of [..., channels, height, width] ask.
private struct GridCheck {
  let name: String
  let x: Tensor
  let file: StaticString
  let line: UInt
  var front: [Int] { Array(x.shape.dropLast(3)) }
  var outer: Int { Shape(unchecked: front).elementCount }
  var channels: Int { x.shape[x.rank - 3] }
  var height: Int { x.shape[x.rank - 2] }
  var width: Int { x.shape[x.rank - 1] }

  init(_ name: String, _ x: Tensor, _ factor: Int, _ file: StaticString, _ line: UInt) {
    (self.name, self.x, self.file, self.line) = (name, x, file, line)
    if x.rank < 3 || factor < 1 || factor > Int(Int16.max) {
      fail("needs [..., channels, height, width] and a factor of at least 1, not \(x.shape)")
    }
  }

  func fail(_ message: String) -> Never { programmingError(name, message, file: file, line: line) }
}
