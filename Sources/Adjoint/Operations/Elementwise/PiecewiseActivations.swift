// Activation functions made of straight pieces, and shrinkage. At a corner the derivative is that
// of the flatter piece, 0 where one is flat.

/// min(max(x, 0), 6) of each element.
///
/// The derivatives at 0 and 6 are 0.
public func relu6(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  checkFloating("relu6", x, file, line)
  return clamp(x, min: 0, max: 6)
}

/// Each element between -1 and 1, or the bounds given.
///
/// The derivatives at the bounds are 0.
public func hardtanh(
  _ x: Tensor, min: Double = -1, max: Double = 1, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkFloating("hardtanh", x, file, line)
  if !(min < max) {
    programmingError("hardtanh", "min \(min) must be below max \(max)", file: file, line: line)
  }
  return clamp(x, min: min, max: max)
}

/// relu6(x + 3) / 6, a sigmoid of straight pieces.
///
/// The derivatives at -3 and 3 are 0.
public func hardsigmoid(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  checkFloating("hardsigmoid", x, file, line)
  return clamp(x + 3, min: 0, max: 6) / 6
}

/// x relu6(x + 3) / 6 of each element.
///
/// The derivative at -3 is 0, at 3 it is 1. Howard et al.: Searching for MobileNetV3, ICCV 2019.
public func hardswish(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  checkFloating("hardswish", x, file, line)
  return x * hardsigmoid(x)
}

/// Each element `bound` nearer to zero, and 0 up to there.
///
/// The derivative is 1, and 0 where the result is 0. NaN stays.
public func softshrink(
  _ x: Tensor, bound: Double = 0.5, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkShrinkage("softshrink", x, bound, file, line)
  return `where`(abs(x.detached) .<= Tensor(floatLiteral: bound), 0, x - bound * sign(x))
}

/// Each element, but 0 for those of at most `bound` in size.
///
/// The derivative is 1, and 0 where the result is 0. NaN stays.
public func hardshrink(
  _ x: Tensor, bound: Double = 0.5, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkShrinkage("hardshrink", x, bound, file, line)
  return `where`(abs(x.detached) .<= Tensor(floatLiteral: bound), 0, x)
}

private func checkShrinkage(
  _ name: StaticString, _ x: Tensor, _ bound: Double, _ file: StaticString, _ line: UInt
) {
  checkFloating("\(name)", x, file, line)
  if !(bound >= 0) {
    programmingError(
      "\(name)", "the bound must not be negative, but is \(bound)", file: file, line: line)
  }
}

/// x - tanh(x) of each element.
public func tanhshrink(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  x - tanh(x, file: file, line: line)
}

/// Each element above a bound, and another number in place of the others.
///
/// The derivative is 1 above the bound, else 0. NaN stays.
public func threshold(
  _ x: Tensor, above bound: Double, otherwise value: Double, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  checkFloating("threshold", x, file, line)
  return `where`(x .<= Tensor(floatLiteral: bound), Tensor(floatLiteral: value), x)
}

/// x for positive elements, slope times x for others, with a learned slope for each channel.
///
/// The derivative at 0 is the slope. He et al.: Delving deep into rectifiers, ICCV 2015.
///
/// Shapes: slopes `[]` or `[1]` for all elements, or `[c]` for `[n, c, ...]`.
public func prelu(
  _ x: Tensor, slopes: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (x, slopes) = matched("prelu", x, slopes, file, line)
  checkFloating("prelu", x, file, line)
  var sizes = Shape(repeating: 1, count: x.rank)
  if slopes.rank == 1 && x.rank > 1 && slopes.shape[0] == x.shape[1] {
    sizes[1] = x.shape[1]
  } else if slopes.rank > 1 || slopes.elementCount != 1 {
    programmingError(
      "prelu",
      "needs one slope, or one for each channel of [n, c, ...], not \(slopes.shape) for "
        + "\(x.shape)", file: file, line: line)
  }
  return `where`(x .> 0, x, slopes.reshaped(sizes) * x)
}
