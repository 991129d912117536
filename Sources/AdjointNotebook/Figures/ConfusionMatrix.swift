extension Figure {
  /// A square table of counts with a colour for each, such as a confusion matrix.
  ///
  /// - Parameters:
  ///   - counts: The rows of the table; a row that is too short ends with empty cells.
  ///   - labels: The names of rows and columns.
  ///   - title: The line above the figure.
  ///   - xLabel: What the columns are.
  ///   - yLabel: What the rows are.
  ///   - cellSize: The side of a cell in CSS pixels, 16 to 200.
  public static func confusionMatrix(
    _ counts: [[Int]], labels: [String], title: String? = nil, xLabel: String = "predicted",
    yLabel: String = "truth", cellSize: Double = 44
  ) -> Figure {
    let size = min(max(16, cellSize), 200)
    let tickStyle = TextStyle(size: 12, anchor: .end, ink: .muted)
    let widest = labels.map { tickStyle.width(of: $0) }.max() ?? 0
    let (left, top) = (widest + 44, title == nil ? 14.0 : 40)
    let side = size * Double(labels.count)
    var drawing = Drawing(
      width: left + side + 20, height: top + side + 56,
      summary: "Confusion matrix" + (title.map { " \"\($0)\"" } ?? "")
        + " of \(labels.count) classes")
    if let title {
      let text = Axes.titleStyle.fitted(title, to: drawing.width - 16)
      drawing.text(text, at: Point(drawing.width / 2, 24), Axes.titleStyle)
    }
    let greatest = Double(counts.joined().max() ?? 0)
    let cells = labels.indices.map { row in
      labels.indices.map { column -> Int? in
        row < counts.count && column < counts[row].count ? counts[row][column] : nil
      }
    }
    // The root lets single mistakes be seen beside thousands of right answers.
    let shares = cells.joined().map { count in
      greatest > 0 ? (Double(max(count ?? 0, 0)) / greatest).squareRoot() : 0
    }
    let pixels = shares.flatMap { share -> [UInt8] in
      let colour = ColorMap.blues.colour(at: share)
      return [colour.red, colour.green, colour.blue]
    }
    drawing.image(
      PixelImage(pixels: pixels, width: labels.count, height: labels.count, format: .rgb),
      in: Box(x: left, y: top, width: side, height: side))
    for (index, count) in cells.joined().enumerated() {
      guard let count else { continue }
      let (row, column) = index.quotientAndRemainder(dividingBy: labels.count)
      var style = TextStyle(size: min(12.5, size * 0.32), anchor: .middle)
      style.ink = shares[index] > 0.55 ? .onDark : .onLight
      let (x, y) = (Double(column) + 0.5, Double(row) + 0.5)
      drawing.text(
        String(count), at: Point(left + x * size, top + y * size + style.size * 0.35), style)
    }
    drawing.rectangle(
      Box(x: left, y: top, width: side, height: side), stroke: Stroke(ink: .axis))
    for (index, label) in labels.enumerated() {
      let middle = (Double(index) + 0.5) * size
      drawing.text(label, at: Point(left - 8, top + middle + 4.2), tickStyle)
      var style = tickStyle
      style.anchor = .middle
      drawing.text(style.fitted(label, to: size), at: Point(left + middle, top + side + 18), style)
    }
    var style = TextStyle(size: 13, anchor: .middle)
    drawing.text(xLabel, at: Point(left + side / 2, top + side + 42), style)
    style.vertical = true
    drawing.text(yLabel, at: Point(18, top + side / 2), style)
    return Figure(drawing: drawing)
  }
}
