extension Figure {
  /// Numbers on a grid over two axes as colours, with a bar that says which, and series over it.
  ///
  /// ```swift
  /// .heatMap(
  ///   probabilities, columns: 200, x: -1...1, y: -1...1, colors: .diverging, range: 0...1,
  ///   series: [.points("class 0", x: px, y: py)])
  /// ```
  /// - Parameters:
  ///   - values: The numbers in rows, from the smallest y to the largest.
  ///   - columns: The number of numbers in a row.
  ///   - x: What the columns cover, from the left edge of the first to the right edge of the last.
  ///   - y: What the rows cover.
  ///   - colors: The colours from the least to the greatest number.
  ///   - range: The numbers at both ends of the colours; the least and the greatest by default.
  ///   - series: Lines and points to draw over the colours.
  ///   - title: The line above the figure.
  ///   - xLabel: The name of the first axis.
  ///   - yLabel: The name of the second axis.
  ///   - legend: Where the names of the series stand.
  ///   - width: The width in CSS pixels.
  ///   - height: The height in CSS pixels.
  /// - Throws: ``FigureError/badImage(width:height:pixels:)`` when the values are not whole rows.
  public static func heatMap(
    _ values: [Double], columns: Int, x: ClosedRange<Double> = 0...1,
    y: ClosedRange<Double> = 0...1, colors: ColorMap = .viridis,
    range: ClosedRange<Double>? = nil, series: [Series] = [], title: String? = nil,
    xLabel: String? = nil, yLabel: String? = nil, legend: LegendPlace = .best,
    width: Double = 520, height: Double = 440
  ) throws(FigureError) -> Figure {
    guard columns > 0, !values.isEmpty, values.count.isMultiple(of: columns) else {
      throw .badImage(
        width: columns, height: columns > 0 ? values.count / columns : 0, pixels: values.count)
    }
    let rows = values.count / columns
    let finite = values.lazy.filter(\.isPlottable)
    let (low, high) = (
      range?.lowerBound ?? finite.min() ?? 0, range?.upperBound ?? finite.max() ?? 1
    )
    func position(_ value: Double) -> Double { high > low ? (value - low) / (high - low) : 0.5 }
    // Rows of a picture come from the top.
    let pixels = (0..<rows).reversed().flatMap { row in
      (0..<columns).flatMap { column -> [UInt8] in
        let colour = colors.colour(at: position(values[row * columns + column]))
        return [colour.red, colour.green, colour.blue]
      }
    }
    let image = PixelImage(pixels: pixels, width: columns, height: rows, format: .rgb)
    func scale(_ ends: ClosedRange<Double>, _ label: String?) -> Axes.Scale {
      var scale = Axes.Scale(
        covering: [ends.lowerBound, ends.upperBound], margin: 0, label: label)
      scale.hasGrid = false
      return scale
    }
    let names = ([title] + series.map { $0.name }).compactMap { $0 }.joined(separator: ", ")
    let bar = ColourBar(colors: colors, low: low, high: high)
    let drawing = series.drawn(
      legend: legend, emptyNote: nil,
      over: { axes in
        let plot = axes.plot
        axes.draw { $0.image(image, in: plot) }
        axes.draw { bar.draw(beside: plot, in: &$0) }
      },
      axes: { margin in
        Axes(
          width: Axes.width(width), height: Axes.height(height), margin: margin + bar.width,
          title: title, x: scale(x, xLabel), y: scale(y, yLabel),
          summary: "Heat map of \(rows) × \(columns) numbers" + (names.isEmpty ? "" : ": \(names)"))
      })
    return Figure(drawing: drawing)
  }
}

/// The colours of a heat map beside it, with their numbers.
private struct ColourBar {
  private static let style = TextStyle(size: 11, ink: .muted)
  let colors: ColorMap
  let low: Double
  let high: Double

  private var ticks: Ticks { Ticks(from: low, to: high, limit: 5) }

  var width: Double {
    44 + (ticks.labels.map { ColourBar.style.width(of: $0) }.max() ?? 0)
  }

  func draw(beside plot: Box, in drawing: inout Drawing) {
    let steps = 64
    let pixels = (0..<steps).flatMap { step -> [UInt8] in
      let colour = colors.colour(at: 1 - Double(step) / Double(steps - 1))
      return [colour.red, colour.green, colour.blue]
    }
    let box = Box(x: plot.maxX + 14, y: plot.y, width: 14, height: plot.height)
    drawing.image(PixelImage(pixels: pixels, width: 1, height: steps, format: .rgb), in: box)
    guard high > low else { return }
    for (value, label) in zip(ticks.values, ticks.labels) {
      let y = box.maxY - (value - low) / (high - low) * box.height
      drawing.line(Point(box.maxX, y), Point(box.maxX + 3, y), .axis)
      drawing.text(label, at: Point(box.maxX + 6, y + 4), ColourBar.style)
    }
  }
}
