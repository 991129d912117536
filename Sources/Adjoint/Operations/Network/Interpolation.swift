/// How `interpolate` makes elements between those that exist.
public enum InterpolationMode: Sendable, CaseIterable {
  /// The element at floor(i a / n), as PyTorch's older `nearest`.
  case nearest
  /// The element whose centre is nearest.
  case nearestExact
  /// Linear along each axis: linear, bilinear, trilinear.
  case linear
  /// Cubic convolution along each axis (bicubic) with the parameter -0.75.
  ///
  /// Source: Keys, "Cubic convolution interpolation for digital image processing", 1981.
  case cubic
  /// The mean of the elements that fall into one: `adaptiveAveragePooling`.
  case area
}

/// The input sampled at other spatial sizes.
///
/// Without `aligningCorners` an element is a square and the images share their outer edges; with it an
/// element is a point and the images share their corners. What lies over the edge is the edge.
///
/// Shapes: `[batch, channels, a, ...]` gives `[batch, channels, n, ...]`.
/// - Parameters:
///   - x: the input `[batch, channels, a, ...]`.
///   - size: the spatial sizes of the result.
///   - mode: how elements are made.
///   - aligningCorners: for `.linear` and `.cubic` only.
public func interpolate(
  _ x: Tensor, size: PerAxis, mode: InterpolationMode = .nearest, aligningCorners: Bool = false,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let check = PoolingCheck("interpolate", x, file, line)
  let sizes = check.values(size, atLeast: 0, "size")
  let scales = sizes.enumerated().map { Double(x.shape[$0 + 2]) / Double($1) }
  return interpolated(check, sizes, scales, mode, aligningCorners)
}

/// The input sampled at spatial sizes multiplied by `scale` and rounded down.
///
/// Elements are exactly 1 / scale apart, which for odd scales is not a / n; see the variant for sizes.
public func interpolate(
  _ x: Tensor, scale: Double, mode: InterpolationMode = .nearest, aligningCorners: Bool = false,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let check = PoolingCheck("interpolate", x, file, line)
  let sizes = x.shape.dropFirst(2).map { (Double($0) * scale).rounded(.down) }
  if !(scale > 0) || sizes.contains(where: { $0 > Double(Int32.max) }) {
    check.fail("\(x.shape) cannot be scaled by \(scale)")
  }
  let scales = sizes.map { _ in 1 / scale }
  return interpolated(check, sizes.map { Int($0) }, scales, mode, aligningCorners)
}

private func interpolated(
  _ check: PoolingCheck, _ sizes: [Int], _ scales: [Double], _ mode: InterpolationMode,
  _ aligning: Bool
) -> Tensor {
  let x = check.x
  check.refuse(sizes)
  if aligning && mode != .linear && mode != .cubic {
    check.fail("aligningCorners has a meaning for .linear and .cubic only, not for .\(mode)")
  }
  if mode == .area {
    return adaptiveAveragePooling(
      x, outputSize: PerAxis(sizes), file: check.file, line: check.line)
  }
  let bands = sizes.enumerated().map { axis, count -> Band? in
    let size = x.shape[axis + 2]
    // A scale that is not exact moves elements even where the size stays.
    if count == size && (aligning || scales[axis] == 1) { return nil }
    let rows = (0..<count).map { index in
      taps(index, of: count, from: size, scale: scales[axis], mode, aligning)
    }
    return Band(size: size, rows: rows)
  }
  return bandedSum(x, bands)
}

/// The elements that make element `index` of an axis, and their weights.
private func taps(
  _ index: Int, of count: Int, from size: Int, scale: Double, _ mode: InterpolationMode,
  _ aligning: Bool
) -> (start: Int, weights: [Double]) {
  if mode == .nearest || mode == .nearestExact {
    // In single precision, so that the same elements are chosen as by PyTorch.
    let offset = mode == .nearestExact ? 0.5 : 0
    let place = Float((Double(index) + offset) * Double(Float(scale)))
    return (min(Int(place.rounded(.down)), size - 1), [1])
  }
  let place =
    aligning
    ? (count > 1 ? Double(index) * Double(size - 1) / Double(count - 1) : 0)
    : (Double(index) + 0.5) * scale - 0.5
  if mode == .linear {
    let low = min(Int(max(place, 0)), size - 1)
    let t = min(max(place, 0) - Double(low), 1)
    return low + 1 < size ? (low, [1 - t, t]) : (low, [1])
  }
  let low = Int(place.rounded(.down))
  let t = place - Double(low)
  let start = min(max(low - 1, 0), size - 1)
  var weights = Array(repeating: 0.0, count: min(max(low + 2, 0), size - 1) - start + 1)
  for tap in -1...2 {
    weights[min(max(low + tap, 0), size - 1) - start] += cubicWeight(abs(t - Double(tap)))
  }
  return (start, weights)
}

/// Keys' cubic kernel at a distance below 2.
private func cubicWeight(_ x: Double) -> Double {
  let a = -0.75
  return x <= 1
    ? ((a + 2) * x - (a + 3)) * x * x + 1 : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
}
