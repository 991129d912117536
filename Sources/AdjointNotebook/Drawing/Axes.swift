import Foundation

/// The frame of a chart: title, labels, ticks and grid, and the map from numbers to places.
struct Axes {
  /// An axis to draw: the numbers at its ends and what it says.
  struct Scale {
    var low: Double
    var high: Double
    var label: String?
    var wholeNumbers = false
    var hasGrid = true
    /// Whether equal lengths are equal quotients; the ends are then logarithms to base 10.
    let isLogarithmic: Bool

    /// The range of the finite values with a margin on both sides, never empty.
    init(
      covering values: some Sequence<Double>, margin: Double, label: String?,
      isLogarithmic: Bool = false
    ) {
      self.isLogarithmic = isLogarithmic
      var (low, high) = (Double.infinity, -Double.infinity)
      for value in values where value.isPlottable {
        let value = isLogarithmic ? log10(value) : value
        guard value.isFinite else { continue }
        (low, high) = (min(low, value), max(high, value))
      }
      if low > high { (low, high) = (0, 1) }
      if low == high {
        let room = max(0.5, abs(low) * 0.05)
        (low, high) = (low - room, high + room)
      }
      let room = (high - low) * margin
      (self.low, self.high, self.label) = (low - room, high + room, label)
    }

    /// Where a number lies: 0 at the low end, 1 at the high end; not finite if it has no place.
    func position(_ value: Double) -> Double {
      ((isLogarithmic ? log10(value) : value) - low) / (high - low)
    }

    fileprivate func ticks(limit: Int) -> Ticks {
      isLogarithmic
        ? Ticks(fromPower: low, toPower: high, limit: limit)
        : Ticks(from: low, to: high, limit: limit, wholeNumbers: wholeNumbers)
    }
  }

  static let titleStyle = TextStyle(size: 15, bold: true, anchor: .middle)
  private static let labelStyle = TextStyle(size: 13, anchor: .middle)
  private static let tickStyle = TextStyle(size: 12, ink: .muted)

  private(set) var drawing: Drawing
  let plot: Box
  private let x: Scale
  private let y: Scale

  /// - Parameter margin: Room to keep free at the right.
  init(
    width: Double, height: Double, margin: Double = 0, title: String?, x: Scale, y: Scale,
    summary: String
  ) {
    drawing = Drawing(width: width, height: height, summary: summary)
    (self.x, self.y) = (x, y)
    let top = title == nil ? 14.0 : 40
    let bottom = x.label == nil ? 30.0 : 52
    let yTicks = y.ticks(limit: max(2, Int((height - top - bottom) / 36)))
    let widest = yTicks.labels.map { Axes.tickStyle.width(of: $0) }.max() ?? 0
    let left = (widest + 14 + (y.label == nil ? 4 : 26)).rounded(.up)
    plot = Box(
      x: left + 0.5, y: top + 0.5, width: max(20, width - left - 20 - margin),
      height: max(20, height - top - bottom))
    let xTicks = Axes.fittingTicks(x, width: plot.width)
    drawGrid(xTicks, yTicks)
    drawLabels(xTicks, yTicks, title: title)
  }

  /// A width that leaves room for a plot and is a sensible size of a picture.
  static func width(_ wanted: Double) -> Double { min(max(160, wanted), 10_000) }
  static func height(_ wanted: Double) -> Double { min(max(120, wanted), 10_000) }

  func place(_ xValue: Double, _ yValue: Double) -> Point {
    Point(
      plot.x + x.position(xValue) * plot.width, plot.maxY - y.position(yValue) * plot.height)
  }

  /// Draws the axes over the data, so that no bar or line covers them.
  mutating func finished() -> Drawing {
    drawing.line(Point(plot.x, plot.y), Point(plot.x, plot.maxY), .axis)
    drawing.line(Point(plot.x, plot.maxY), Point(plot.maxX, plot.maxY), .axis)
    return drawing
  }

  /// Shows that there is nothing to plot.
  mutating func note(_ text: String) {
    drawing.text(
      text, at: Point(plot.midX, plot.midY + 5),
      TextStyle(size: 13, anchor: .middle, ink: .muted))
  }

  mutating func draw(_ body: (inout Drawing) -> Void) { body(&drawing) }

  /// As many ticks as leave a gap between their labels.
  private static func fittingTicks(_ scale: Scale, width: Double) -> Ticks {
    // Counts, such as epochs, are read one by one; measures are estimated between few ticks.
    var limit = scale.wholeNumbers ? 12 : 8
    while limit > 1 {
      let ticks = scale.ticks(limit: limit)
      let widest = ticks.labels.map { tickStyle.width(of: $0) }.max() ?? 0
      if Double(max(1, ticks.values.count)) * (widest + 18) <= width { return ticks }
      limit -= 1
    }
    return scale.ticks(limit: 1)
  }

  private mutating func drawGrid(_ xTicks: Ticks, _ yTicks: Ticks) {
    for value in yTicks.values where y.hasGrid {
      let height = crisp(plot.maxY - y.position(value) * plot.height)
      drawing.line(Point(plot.x, height), Point(plot.maxX, height), .grid)
    }
    for value in xTicks.values where x.hasGrid {
      let across = crisp(plot.x + x.position(value) * plot.width)
      drawing.line(Point(across, plot.y), Point(across, plot.maxY), .grid)
    }
  }

  private mutating func drawLabels(_ xTicks: Ticks, _ yTicks: Ticks, title: String?) {
    var style = Axes.tickStyle
    style.anchor = .end
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      let height = crisp(plot.maxY - y.position(value) * plot.height)
      drawing.line(Point(plot.x - 4, height), Point(plot.x, height), .axis)
      drawing.text(label, at: Point(plot.x - 8, height + 4.2), style)
    }
    style.anchor = .middle
    for (value, label) in zip(xTicks.values, xTicks.labels) {
      let across = crisp(plot.x + x.position(value) * plot.width)
      drawing.line(Point(across, plot.maxY), Point(across, plot.maxY + 4), .axis)
      drawing.text(label, at: Point(across, plot.maxY + 18), style)
    }
    if let title {
      let text = Axes.titleStyle.fitted(title, to: drawing.width - 16)
      let half = Axes.titleStyle.width(of: text) / 2 + 8
      let middle = min(max(plot.midX, half), max(half, drawing.width - half))
      drawing.text(text, at: Point(middle, 24), Axes.titleStyle)
    }
    var labelStyle = Axes.labelStyle
    if let label = x.label {
      let text = labelStyle.fitted(label, to: plot.width)
      drawing.text(text, at: Point(plot.midX, plot.maxY + 40), labelStyle)
    }
    if let label = y.label {
      labelStyle.vertical = true
      let text = labelStyle.fitted(label, to: plot.height)
      drawing.text(text, at: Point(18, plot.midY), labelStyle)
    }
  }
}

/// The centre of the nearest pixel, where a line of width 1 is sharp.
private func crisp(_ length: Double) -> Double { length.rounded(.down) + 0.5 }

extension Double {
  /// Whether the number can stand on an axis: finite, and so far from overflow that ranges are too.
  var isPlottable: Bool { abs(self) < 1e300 }
}
