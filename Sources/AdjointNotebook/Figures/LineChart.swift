/// A named line of a chart.
public struct Series: Sendable {
  let name: String
  let points: [(x: Double, y: Double)]

  /// A line through values numbered 1, 2, 3, …, such as one value per epoch.
  public init(_ name: String, y: [Double]) {
    self.name = name
    points = y.enumerated().map { (Double($0.offset) + 1, $0.element) }
  }

  /// A line through points.
  ///
  /// - Throws: ``FigureError/unequalCounts(series:x:y:)`` when the counts differ.
  public init(_ name: String, x: [Double], y: [Double]) throws(FigureError) {
    guard x.count == y.count else {
      throw .unequalCounts(series: name, x: x.count, y: y.count)
    }
    self.name = name
    points = zip(x, y).map { ($0, $1) }
  }

  /// The runs of points that are joined: a value that is not finite leaves a gap.
  fileprivate var runs: [[(x: Double, y: Double)]] {
    points.split { !$0.x.isPlottable || !$0.y.isPlottable }.map(Array.init)
  }
}

/// Where the legend of a chart stands.
public enum LegendPlace: Sendable {
  case upperLeft, upperRight, lowerLeft, lowerRight
  /// A corner without lines, or else beside the chart.
  case best
  /// No legend.
  case none
}

extension Figure {
  /// Lines over common axes, with a legend when there is more than one.
  ///
  /// Values that are NaN or infinite leave a gap; a chart without any value says so.
  public static func lineChart(
    _ series: [Series], title: String? = nil, xLabel: String? = nil, yLabel: String? = nil,
    legend: LegendPlace = .best, width: Double = 640, height: Double = 340
  ) -> Figure {
    let points = series.flatMap { $0.runs.joined() }
    var x = Axes.Scale(covering: points.lazy.map(\.x), margin: 0.04, label: xLabel)
    let y = Axes.Scale(covering: points.lazy.map(\.y), margin: 0.06, label: yLabel)
    x.wholeNumbers = points.allSatisfy { $0.x == $0.x.rounded() }
    let names = series.map(\.name).joined(separator: ", ")
    func axes(margin: Double) -> Axes {
      Axes(
        width: Axes.width(width), height: Axes.height(height), margin: margin, title: title, x: x,
        y: y,
        summary: "Line chart" + (title.map { " \"\($0)\"" } ?? "") + ": \(names)")
    }
    var chart = axes(margin: 0)
    let box = Legend(names: series.map(\.name), room: chart.plot.width * 0.4)
    var corner: Point?
    if series.count > 1, legend != .none {
      let places = series.flatMap { line in
        line.runs.flatMap { densified($0.map { chart.place($0.x, $0.y) }) }
      }
      corner = box.corner(legend, in: chart.plot, avoiding: places)
      if corner == nil {
        chart = axes(margin: box.width + 2)
        corner = Point(chart.plot.maxX + 12, chart.plot.y)
      }
    }
    if points.isEmpty { chart.note("no data") }
    for (index, line) in series.enumerated() {
      for run in line.runs {
        let path = run.map { chart.place($0.x, $0.y) }
        chart.draw { drawing in
          if path.count > 1 {
            drawing.path(path, .series(index), width: 2)
          } else {
            drawing.circle(path[0], radius: 3, fill: .series(index))
          }
        }
      }
    }
    if let corner { chart.draw { box.draw(at: corner, in: &$0) } }
    return Figure(drawing: chart.finished())
  }

  /// Points along a path close enough together to see which corner it crosses.
  private static func densified(_ path: [Point]) -> [Point] {
    guard path.count < 2_000 else { return path }
    return path.prefix(1)
      + zip(path, path.dropFirst()).flatMap { start, end in
        (1...8).map { step in
          let t = Double(step) / 8
          return Point(start.x + (end.x - start.x) * t, start.y + (end.y - start.y) * t)
        }
      }
  }
}

private struct Legend {
  private static let style = TextStyle(size: 12.5)
  private static let rowHeight = 20.0
  private let names: [String]
  let width: Double
  private var height: Double { Double(names.count) * Legend.rowHeight + 12 }

  init(names: [String], room: Double) {
    self.names = names.map { Legend.style.fitted($0, to: max(40, room - 60)) }
    width = (self.names.map { Legend.style.width(of: $0) }.max() ?? 0) + 58
  }

  /// The upper left corner of the legend's box, or nil when no corner is free for it.
  func corner(_ place: LegendPlace, in plot: Box, avoiding points: [Point]) -> Point? {
    let inset = 10.0
    let (right, bottom) = (plot.maxX - width - inset, plot.maxY - height - inset)
    let corners: [(LegendPlace, Point)] = [
      (.upperRight, Point(right, plot.y + inset)),
      (.lowerRight, Point(right, bottom)),
      (.upperLeft, Point(plot.x + inset, plot.y + inset)),
      (.lowerLeft, Point(plot.x + inset, bottom)),
    ]
    guard place == .best else { return corners.first { $0.0 == place }?.1 }
    return corners.map(\.1).first { corner in
      let box = Box(x: corner.x - 6, y: corner.y - 6, width: width + 12, height: height + 12)
      return box.x > plot.x && box.maxY < plot.maxY && !points.contains(where: box.contains)
    }
  }

  func draw(at corner: Point, in drawing: inout Drawing) {
    let box = Box(
      x: corner.x.rounded() + 0.5, y: corner.y.rounded() + 0.5, width: width.rounded(),
      height: height)
    drawing.rectangle(box, cornerRadius: 5, fill: .paper, stroke: Stroke(ink: .grid))
    for (index, name) in names.enumerated() {
      let middle = box.y + 6 + (Double(index) + 0.5) * Legend.rowHeight
      drawing.line(
        Point(box.x + 12, middle), Point(box.x + 36, middle), .series(index), width: 2.5)
      drawing.text(name, at: Point(box.x + 45, middle + 4.3), Legend.style)
    }
  }
}
