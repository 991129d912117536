/// How an axis maps numbers to places.
public enum AxisScale: Sendable {
  /// Equal lengths are equal differences.
  case linear
  /// Equal lengths are equal quotients; numbers that are not positive have no place.
  case logarithmic
}

extension Figure {
  /// Lines, points and bands over common axes, with a legend when there is more than one.
  ///
  /// Later series are drawn over earlier ones. Values that are NaN or infinite leave a gap; a chart
  /// without any value says so.
  public static func chart(
    _ series: [Series], title: String? = nil, xLabel: String? = nil, yLabel: String? = nil,
    xScale: AxisScale = .linear, yScale: AxisScale = .linear, legend: LegendPlace = .best,
    width: Double = 640, height: Double = 340
  ) -> Figure {
    let points = series.flatMap(\.points)
    var x = Axes.Scale(
      covering: points.lazy.map(\.x), margin: 0.04, label: xLabel,
      isLogarithmic: xScale == .logarithmic)
    let heights = points.map(\.y) + series.flatMap(\.upper)
    let y = Axes.Scale(
      covering: heights, margin: 0.06, label: yLabel, isLogarithmic: yScale == .logarithmic)
    x.wholeNumbers = points.lazy.map(\.x).filter(\.isFinite).allSatisfy { $0 == $0.rounded() }
    let names = series.map(\.name).joined(separator: ", ")
    let summary = "Chart" + (title.map { " \"\($0)\"" } ?? "") + ": \(names)"
    return Figure(
      drawing: series.drawn(legend: legend) { margin in
        Axes(
          width: Axes.width(width), height: Axes.height(height), margin: margin, title: title, x: x,
          y: y, summary: summary)
      })
  }
}

extension [Series] {
  /// Draws the series into axes, which are made once the room for the legend beside them is known.
  func drawn(
    legend: LegendPlace, over background: (inout Axes) -> Void = { _ in }, axes: (Double) -> Axes
  )
    -> Drawing
  {
    var chart = axes(0)
    let box = Legend(of: self, room: chart.plot.width * 0.4)
    var corner: Point?
    if !box.isEmpty, legend != .none {
      let places = flatMap { series in
        series.runs(chart.place).flatMap { Self.densified($0.lower) + Self.densified($0.upper) }
      }
      corner = box.corner(legend, in: chart.plot, avoiding: places)
      if corner == nil {
        chart = axes(box.width + 2)
        corner = Point(chart.plot.maxX + 12, chart.plot.y)
      }
    }
    background(&chart)
    var isEmpty = true
    for (index, series) in enumerated() {
      let ink = Ink.series(series.colour ?? index)
      for run in series.runs(chart.place) {
        isEmpty = false
        chart.draw { series.draw(run, ink, in: &$0) }
      }
    }
    if isEmpty { chart.note("no data") }
    if let corner { chart.draw { box.draw(at: corner, in: &$0) } }
    return chart.finished()
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

extension Series {
  fileprivate func draw(
    _ run: (lower: [Point], upper: [Point]), _ ink: Ink, in drawing: inout Drawing
  ) {
    let path = run.lower
    switch mark {
    case .points(let radius):
      // A rim of ground keeps points apart from one another and from colours below.
      let rim = Stroke(ink: .paper, width: radius > 2 ? 1 : 0.5)
      for point in path { drawing.circle(point, radius: radius, fill: ink, stroke: rim) }
    case .band:
      drawing.polygon(path + run.upper.reversed(), fill: ink, opacity: 0.22)
    case .line where path.count == 1:
      drawing.circle(path[0], radius: 3, fill: ink)
    case .line(let dashed):
      for piece in dashed ? Self.dashes(path) : [path] { drawing.path(piece, ink, width: 2) }
    }
  }

  /// The pieces of a broken line: 7 pixels drawn, 5 left out.
  private static func dashes(_ path: [Point]) -> [[Point]] {
    let lengths = [7.0, 5]
    var pieces: [[Point]] = []
    var (piece, rest, isDrawn) = ([path[0]], lengths[0], true)
    for (start, end) in zip(path, path.dropFirst()) {
      let (dx, dy) = (end.x - start.x, end.y - start.y)
      let length = (dx * dx + dy * dy).squareRoot()
      var done = 0.0
      while length - done > rest {
        done += rest
        let corner = Point(start.x + dx * done / length, start.y + dy * done / length)
        if isDrawn { pieces.append(piece + [corner]) }
        isDrawn.toggle()
        (piece, rest) = ([corner], lengths[isDrawn ? 0 : 1])
      }
      rest -= length - done
      piece.append(end)
    }
    return isDrawn ? pieces + [piece] : pieces
  }
}
