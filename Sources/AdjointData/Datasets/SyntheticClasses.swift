import Adjoint

extension Synthetic {
  /// Two interleaving half circles: scikit-learn's `make_moons`.
  ///
  /// Shapes: x `[count, 2]`, y `[count]` of 0 (the upper moon) and 1.
  public static func moons(
    count: Int = 100, shuffled: Bool = true, noise: Double = 0, dtype: DType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Examples {
    check("moons", count: count, file: file, line: line)
    let outerCount = count / 2
    let outer = Tensor.linspace(0, .pi, count: outerCount, dtype: .float64)
    let inner = Tensor.linspace(0, .pi, count: count - outerCount, dtype: .float64)
    let x = concatenated([
      stacked([cos(outer), sin(outer)], axis: -1),
      stacked([1 - cos(inner), 0.5 - sin(inner)], axis: -1),
    ])
    return finished(
      "moons", x, classes([outerCount, count - outerCount]), shuffled: shuffled, noise: noise,
      dtype: dtype, file: file, line: line)
  }

  /// A circle within a circle: scikit-learn's `make_circles`.
  ///
  /// The outer one has the radius 1, the inner one `factor`.
  ///
  /// Shapes: x `[count, 2]`, y `[count]` of 0 (the outer circle) and 1.
  public static func circles(
    count: Int = 100, shuffled: Bool = true, noise: Double = 0, factor: Double = 0.8,
    dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) -> Examples {
    check("circles", count: count, file: file, line: line)
    if !(0..<1).contains(factor) {
      programmingError(
        "circles", "the factor must be in 0 ..< 1, not \(factor)", file: file, line: line)
    }
    let outerCount = count / 2
    let outer = halfOpen(2 * .pi, count: outerCount)
    let inner = halfOpen(2 * .pi, count: count - outerCount)
    let x = concatenated([
      stacked([cos(outer), sin(outer)], axis: -1),
      stacked([cos(inner), sin(inner)], axis: -1) * factor,
    ])
    return finished(
      "circles", x, classes([outerCount, count - outerCount]), shuffled: shuffled, noise: noise,
      dtype: dtype, file: file, line: line)
  }

  /// Spiral arms around the origin, one for each class.
  ///
  /// Arm k is r (cos a, sin a) with r from 0 to 1 and a = 2 pi (turns r + k / classCount); points are
  /// at equal steps of r.
  ///
  /// Shapes: x `[count, 2]`, y `[count]` of `0 ..< classCount`.
  public static func spirals(
    count: Int = 100, classCount: Int = 2, turns: Double = 1, shuffled: Bool = true,
    noise: Double = 0, dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) -> Examples {
    check("spirals", count: count, file: file, line: line)
    let sizes = shares(of: count, among: classCount, "spirals", file, line)
    let arms = sizes.enumerated().map { number, size in
      let radius = Tensor.linspace(0, 1, count: size, dtype: .float64)
      let start: Double = 2 * .pi * Double(number) / Double(classCount)
      let angle = radius * (2 * .pi * turns) + start
      return stacked([radius * cos(angle), radius * sin(angle)], axis: -1)
    }
    return finished(
      "spirals", concatenated(arms), classes(sizes), shuffled: shuffled, noise: noise,
      dtype: dtype, file: file, line: line)
  }

  /// Normally distributed clouds around centres drawn from a box: scikit-learn's `make_blobs`.
  ///
  /// Shapes: x `[count, features]`, y `[count]` of `0 ..< centers`.
  /// - Parameters:
  ///   - count: how many points, shared evenly among the clouds.
  ///   - features: the number of coordinates.
  ///   - centers: how many clouds.
  ///   - standardDeviation: of each coordinate within a cloud.
  ///   - box: where the centres' coordinates are drawn from.
  ///   - shuffled: whether the order is random; else it is by clouds.
  ///   - dtype: that of the points.
  public static func blobs(
    count: Int = 100, features: Int = 2, centers: Int = 3, standardDeviation: Double = 1,
    box: ClosedRange<Double> = -10...10, shuffled: Bool = true, dtype: DType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Examples {
    check("blobs", count: count, file: file, line: line)
    check("blobs", count: features, atLeast: 1, file: file, line: line)
    let sizes = shares(of: count, among: centers, "blobs", file, line)
    let middles = Tensor.uniform([centers, features], in: box, dtype: .float64)
    let y = classes(sizes)
    // The noise belongs to the point and not to the place, so shuffling may come after it.
    return finished(
      "blobs", middles.gathering(y), y, shuffled: shuffled, noise: standardDeviation, dtype: dtype,
      file: file, line: line)
  }

  /// Points spread evenly over the square from -1 to 1, with the colours of a checkerboard.
  ///
  /// Noise moves a point after its colour has been chosen.
  ///
  /// Shapes: x `[count, 2]`, y `[count]` of 0 and 1.
  /// - Parameters:
  ///   - count: how many points.
  ///   - squares: the number of squares along a side.
  ///   - noise: the standard deviation of what is added to each coordinate.
  ///   - dtype: that of the points.
  public static func checkerboard(
    count: Int = 100, squares: Int = 4, noise: Double = 0, dtype: DType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Examples {
    check("checkerboard", count: count, file: file, line: line)
    check("checkerboard", count: squares, atLeast: 1, file: file, line: line)
    let x = Tensor.uniform([count, 2], in: -1...1, dtype: .float64)
    let square = floor((x + 1) * (Double(squares) / 2)).cast(to: .int64)
    let y = remainder(square.sum(axes: [1]), Tensor(2, dtype: .int64))
    return finished(
      "checkerboard", x, y, shuffled: false, noise: noise, dtype: dtype, file: file, line: line)
  }

  /// How many points each class gets: the first ones have one more where it does not come out even.
  private static func shares(
    of count: Int, among classCount: Int, _ name: String, _ file: StaticString, _ line: UInt
  ) -> [Int] {
    check(name, count: classCount, atLeast: 1, file: file, line: line)
    return (0..<classCount).map { count / classCount + ($0 < count % classCount ? 1 : 0) }
  }
}
