/// What a chart shows of one thing: a line, points or a band, with a name for the legend.
public struct Series: Sendable {
  /// How a series is drawn.
  enum Mark: Sendable {
    case line(dashed: Bool)
    case points(radius: Double)
    case band
  }

  let name: String
  let mark: Mark
  let points: [(x: Double, y: Double)]
  /// The upper edge of a band, of which `points` is the lower.
  private(set) var upper: [Double] = []
  /// The number of the colour; nil for that of its place in the chart.
  private(set) var colour: Int?

  /// A line through values numbered 1, 2, 3, …, such as one value per epoch.
  public init(_ name: String, y: [Double]) {
    self.init(
      name, .line(dashed: false), y.enumerated().map { (Double($0.offset) + 1, $0.element) })
  }

  /// A line through points.
  ///
  /// - Throws: ``FigureError/unequalCounts(series:x:y:)`` when the counts differ.
  public init(
    _ name: String, x: [Double], y: [Double], isDashed: Bool = false
  ) throws(FigureError) {
    self.init(name, .line(dashed: isDashed), try Self.paired(name, x, y))
  }

  /// Points that are not joined.
  ///
  /// - Parameters:
  ///   - name: The name in the legend.
  ///   - x: The first coordinates.
  ///   - y: The second ones, as many.
  ///   - radius: The size of a point in CSS pixels.
  /// - Throws: ``FigureError/unequalCounts(series:x:y:)`` when the counts differ.
  public static func points(
    _ name: String, x: [Double], y: [Double], radius: Double = 3
  ) throws(FigureError) -> Series {
    let radius = min(max(0.5, radius), 50)
    return Series(name, .points(radius: radius), try paired(name, x, y))
  }

  /// The room between two curves, such as the bounds of an uncertain value.
  ///
  /// - Throws: ``FigureError/unequalCounts(series:x:y:)`` when the counts differ.
  public static func band(
    _ name: String, x: [Double], lower: [Double], upper: [Double]
  ) throws(FigureError) -> Series {
    var series = Series(name, .band, try paired(name, x, lower))
    _ = try paired(name, x, upper)
    series.upper = upper
    return series
  }

  /// The same series in the colour of the n-th series of a chart, as a band around a line has.
  public func color(_ index: Int) -> Series {
    var series = self
    series.colour = max(0, index)
    return series
  }

  private init(_ name: String, _ mark: Mark, _ points: [(x: Double, y: Double)]) {
    (self.name, self.mark, self.points) = (name, mark, points)
  }

  private static func paired(
    _ name: String, _ x: [Double], _ y: [Double]
  ) throws(FigureError) -> [(x: Double, y: Double)] {
    guard x.count == y.count else {
      throw .unequalCounts(series: name, x: x.count, y: y.count)
    }
    return zip(x, y).map { ($0, $1) }
  }

  /// The runs of places that are joined: a value that has no place leaves a gap.
  ///
  /// - Returns: For each run the places of the points and, of a band, those of its upper edge.
  func runs(_ place: (Double, Double) -> Point) -> [(lower: [Point], upper: [Point])] {
    let places = points.enumerated().map { index, point -> (Point, Point?)? in
      let values = [point.x, point.y] + (upper.isEmpty ? [] : [upper[index]])
      guard values.allSatisfy(\.isPlottable) else { return nil }
      let found = values.dropFirst().map { place(point.x, $0) }
      // A logarithmic axis has no place for zero.
      guard found.allSatisfy({ $0.x.isPlottable && $0.y.isPlottable }) else { return nil }
      return (found[0], found.count > 1 ? found[1] : nil)
    }
    return places.split { $0 == nil }.map { run in
      (run.compactMap { $0?.0 }, run.compactMap { $0?.1 })
    }
  }
}
