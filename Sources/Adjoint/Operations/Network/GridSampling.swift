/// How `gridSample` makes values between elements.
public enum GridSamplingMode: Sendable, CaseIterable {
  /// The element whose centre is nearest; halves go to the even one.
  case nearest
  /// Linear along each axis: bilinear, trilinear.
  case linear
}

/// What `gridSample` finds beyond the edges.
public enum GridSamplingPadding: Sendable, CaseIterable {
  /// Zeros.
  case zeros
  /// The elements at the edge.
  case border
  /// The image, mirrored again and again.
  case reflection
}

/// The input at computed places, such as a picture turned by an angle.
///
/// A place is x, y (and z) from -1 to 1; x belongs to the last axis. These are the outer edges of the
/// image, or with `aligningCorners` the centres of its corners. A place that is NaN counts as outside
/// and gives 0. At an element the derivative with respect to the grid is that to its right; it is 0 with
/// `.nearest`, and with `.border` at the outer elements and beyond them.
///
/// Shapes: `[batch, channels, h, w]` with a grid `[batch, a, b, 2]` gives `[batch, channels, a, b]`;
/// one to three spatial axes.
///
/// Source: Jaderberg et al., "Spatial transformer networks", 2015.
public func gridSample(
  _ x: Tensor, _ grid: Tensor, mode: GridSamplingMode = .linear,
  padding: GridSamplingPadding = .zeros, aligningCorners: Bool = false,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let check = PoolingCheck("gridSample", x, file, line)
  let (batch, channels) = (x.shape[0], x.shape[1])
  let sizes = Array(x.shape.dropFirst(2))
  if grid.dtype != x.dtype {
    check.fail("dtypes \(x.dtype) and \(grid.dtype) differ; convert one operand with cast(to:)")
  }
  if grid.rank != x.rank || grid.shape[0] != batch || grid.shape[grid.rank - 1] != sizes.count {
    let places = sizes.map { _ in "n, " }.joined()
    check.fail(
      "images of shape \(x.shape) need a grid [\(batch), \(places)\(sizes.count)], not "
        + "\(grid.shape)")
  }
  if sizes.contains(0) { check.fail("the images of shape \(x.shape) have no elements") }

  let outputs = Array(grid.shape[1..<grid.rank - 1])
  let count = Shape(unchecked: outputs).elementCount
  let numbers = Tensor.arange(batch).expandingDimension(at: -1)
  var corners = [Corner(index: numbers.broadcast(to: [batch, count]).flattened())]
  let coordinates = grid.movingAxis(-1, to: 0)
  for (axis, size) in sizes.enumerated() {
    let coordinate = coordinates[sizes.count - 1 - axis].flattened()
    let place = unnormalized(coordinate, size, aligningCorners)
    let inside = padding.place(place, size, aligningCorners)
    let found = neighbours(of: inside, size, mode)
    corners = corners.flatMap { corner in found.map { corner.joined(with: $0, size) } }
  }
  // Elements with their channels as rows: one gather reads all corners of all places.
  let elements = Shape(unchecked: sizes).elementCount
  let rows = x.movingAxis(1, to: -1).reshaped([batch * elements, channels])
  let found = rows.gathering(stacked(corners.map(\.index)))
  func column(_ parts: [Tensor]) -> Tensor { stacked(parts).expandingDimension(at: -1) }
  // Beyond the edges an element was read that does not matter, not even if it is NaN.
  let values = `where`(column(corners.compactMap(\.isInside)), found, 0)
  let weights = corners.compactMap(\.weight)
  let sum = weights.isEmpty ? values[0] : (values * column(weights)).sum(axes: [0])
  return sum.reshaped(Shape(unchecked: [batch] + outputs + [channels])).movingAxis(-1, to: 1)
}

/// An element that takes part in the value at each place.
private struct Corner {
  var index: Tensor
  var isInside: Tensor? = nil
  var weight: Tensor? = nil

  /// The corner with one more axis.
  func joined(with next: Corner, _ size: Int) -> Corner {
    func both(_ a: Tensor?, _ b: Tensor?, _ join: (Tensor, Tensor) -> Tensor) -> Tensor? {
      if let a, let b { join(a, b) } else { a ?? b }
    }
    return Corner(
      index: index * Tensor(Double(size), dtype: .int64) + next.index,
      isInside: both(isInside, next.isInside, .&), weight: both(weight, next.weight, *))
  }
}

/// Coordinates from -1 to 1 as places on an axis, where element i is at i.
private func unnormalized(_ x: Tensor, _ size: Int, _ aligning: Bool) -> Tensor {
  let size = Double(size)
  return aligning ? (x + 1) * ((size - 1) / 2) : (x + 1) * (size / 2) - 0.5
}

/// The elements beside a place on one axis.
private func neighbours(of place: Tensor, _ size: Int, _ mode: GridSamplingMode) -> [Corner] {
  func neighbour(_ element: Tensor, _ weight: Tensor?) -> Corner {
    let isInside = (element .>= 0) .& (element .<= Tensor(Double(size - 1), dtype: element.dtype))
    return Corner(
      index: `where`(isInside, element, 0).cast(to: .int64), isInside: isInside,
      weight: weight.map { `where`(isInside, $0, 0) })
  }
  if mode == .nearest { return [neighbour(round(place.detached), nil)] }
  let low = floor(place.detached)
  let t = place - low
  return [neighbour(low, 1 - t), neighbour(low + 1, t)]
}

extension GridSamplingPadding {
  /// A place, brought back onto the axis.
  fileprivate func place(_ x: Tensor, _ size: Int, _ aligning: Bool) -> Tensor {
    if self == .zeros { return x }
    let last = Double(size - 1)
    if self == .border { return clamp(x, min: 0, max: last) }
    let (edge, span) = aligning ? (0, last) : (-0.5, Double(size))
    if span == 0 { return Tensor.zeros(x.shape, dtype: x.dtype) }
    let mirrored = span - abs(remainder(x - edge, Tensor(2 * span, dtype: x.dtype)) - span) + edge
    return clamp(mirrored, min: 0, max: last)
  }
}

/// The grid of an affine map for `gridSample`: where each element of the result is taken from.
///
/// Row i of a map gives coordinate i of the place of (x, y, 1).
///
/// Shapes: `[batch, 2, 3]` and the size `[h, w]` give `[batch, h, w, 2]`; `[batch, 3, 4]` with three
/// sizes is for volumes.
public func affineGrid(
  _ maps: Tensor, size: [Int], aligningCorners: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  func fail(_ message: String) -> Never {
    programmingError("affineGrid", message, file: file, line: line)
  }
  let rank = size.count
  if !maps.dtype.isFloatingPoint || !(1...3).contains(rank) || maps.rank != 3
    || maps.shape[1] != rank || maps.shape[2] != rank + 1
  {
    fail(
      "\(rank) sizes need floating maps of shape [batch, \(rank), \(rank + 1)], not \(maps.dtype) "
        + "\(maps.shape)")
  }
  guard !size.contains(where: { $0 < 0 }),
    let shape = Shape(exactly: [maps.shape[0]] + size + [rank])
  else { fail("there is no grid of size \(size)") }
  let lines = size.map { count in
    let scale = aligningCorners ? Double(max(count - 1, 1)) : Double(count)
    return Tensor((0..<count).map { Double(2 * $0 - count + 1) / scale }, dtype: maps.dtype)
  }
  let axes = meshgrid(lines).reversed().map { $0.flattened() }
  let points = axes + [Tensor.ones([axes[0].elementCount], dtype: maps.dtype)]
  return matmul(stacked(points, axis: -1), maps.transposed()).reshaped(shape)
}
