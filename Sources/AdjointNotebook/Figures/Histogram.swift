extension Figure {
  /// How often numbers fall into each of several equally wide intervals.
  ///
  /// The intervals reach from the least to the greatest number, and the last includes its upper
  /// end. Numbers that are not finite are left out.
  public static func histogram<Value: BinaryFloatingPoint>(
    _ values: [Value], bins: Int = 10, title: String? = nil, xLabel: String? = nil,
    yLabel: String? = nil, width: Double = 640, height: Double = 340
  ) -> Figure {
    let histogram = Histogram(values.map { Double($0) }, bins: bins)
    return histogram.figure(
      title: title, xLabel: xLabel, yLabel: yLabel, width: Axes.width(width),
      height: Axes.height(height))
  }

  /// How often integers, such as pixel values, fall into each of several intervals.
  public static func histogram<Value: BinaryInteger>(
    _ values: [Value], bins: Int = 10, title: String? = nil, xLabel: String? = nil,
    yLabel: String? = nil, width: Double = 640, height: Double = 340
  ) -> Figure {
    histogram(
      values.map { Double($0) }, bins: bins, title: title, xLabel: xLabel, yLabel: yLabel,
      width: width, height: height)
  }
}

/// Counts per interval.
package struct Histogram: Sendable {
  package let low: Double
  package let high: Double
  package let counts: [Int]

  package init(_ values: [Double], bins: Int) {
    let finite = values.filter(\.isPlottable)
    let count = min(max(1, bins), 10_000)
    let (least, greatest) = (finite.min() ?? 0, finite.max() ?? 1)
    // Equal values stand in the middle of an interval of length 1, as NumPy places them.
    let room = least == greatest ? max(0.5, abs(least) * 1e-9) : 0
    (low, high) = (least - room, greatest + room)
    var counts = Array(repeating: 0, count: count)
    for value in finite {
      let position = (value - low) / (high - low) * Double(count)
      counts[min(count - 1, max(0, Int(position)))] += 1
    }
    self.counts = counts
  }

  fileprivate func figure(
    title: String?, xLabel: String?, yLabel: String?, width: Double, height: Double
  ) -> Figure {
    let top = max(1, Double(counts.max() ?? 0))
    var x = Axes.Scale(covering: [low, high], margin: 0.03, label: xLabel)
    x.hasGrid = false
    var y = Axes.Scale(covering: [0, top], margin: 0, label: yLabel)
    y.high = top * 1.06
    y.wholeNumbers = true
    let total = counts.reduce(0, +)
    var axes = Axes(
      width: width, height: height, title: title, x: x, y: y,
      summary: "Histogram" + (title.map { " \"\($0)\"" } ?? "") + " of \(total) values")
    if total == 0 { axes.note("no data") }
    let step = (high - low) / Double(counts.count)
    for (index, count) in counts.enumerated() where count > 0 {
      let left = axes.place(low + Double(index) * step, Double(count))
      let right = axes.place(low + Double(index + 1) * step, 0)
      // A hairline of ground separates bars as long as they are wide enough to spare it.
      let gap = right.x - left.x > 6 ? 1.0 : 0
      axes.draw {
        $0.rectangle(
          Box(
            x: left.x + gap / 2, y: left.y, width: max(0.5, right.x - left.x - gap),
            height: max(0.75, right.y - left.y)),
          fill: .series(0))
      }
    }
    return Figure(drawing: axes.finished())
  }
}
