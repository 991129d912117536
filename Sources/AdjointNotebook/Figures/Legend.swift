/// Where the legend of a chart stands.
public enum LegendPlace: Sendable {
  /// The upper left corner.
  case upperLeft
  /// The upper right corner.
  case upperRight
  /// The lower left corner.
  case lowerLeft
  /// The lower right corner.
  case lowerRight
  /// A corner without lines or points, or else beside the chart.
  case best
  /// No legend.
  case none
}

/// The names of series with their marks, in a box.
struct Legend {
  private static let style = TextStyle(size: 12.5)
  private static let rowHeight = 20.0
  private let entries: [(name: String, mark: Series.Mark, ink: Ink)]
  let width: Double
  private var height: Double { Double(entries.count) * Legend.rowHeight + 12 }

  /// The series that have a name; one alone needs no legend.
  init(of series: [Series], room: Double) {
    let named = series.enumerated().filter { !$0.element.name.isEmpty || series.count < 2 }
    entries = named.map { index, series in
      (
        Legend.style.fitted(series.name, to: max(40, room - 60)), series.mark,
        .series(series.colour ?? index)
      )
    }
    width = (entries.map { Legend.style.width(of: $0.name) }.max() ?? 0) + 58
  }

  var isEmpty: Bool { entries.count < 2 }

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
    for (index, entry) in entries.enumerated() {
      let middle = box.y + 6 + (Double(index) + 0.5) * Legend.rowHeight
      let (left, right) = (Point(box.x + 12, middle), Point(box.x + 36, middle))
      switch entry.mark {
      case .line(dashed: false): drawing.line(left, right, entry.ink, width: 2.5)
      case .line(dashed: true):
        drawing.line(left, Point(left.x + 8, middle), entry.ink, width: 2.5)
        drawing.line(Point(right.x - 8, middle), right, entry.ink, width: 2.5)
      case .points(let radius):
        drawing.circle(Point(box.x + 24, middle), radius: min(radius, 6), fill: entry.ink)
      case .band:
        let corners = [(left, -6.0), (right, -6), (right, 6), (left, 6)]
        drawing.polygon(
          corners.map { Point($0.x, $0.y + $1) }, fill: entry.ink, opacity: 0.22)
      }
      drawing.text(entry.name, at: Point(box.x + 45, middle + 4.3), Legend.style)
    }
  }
}
