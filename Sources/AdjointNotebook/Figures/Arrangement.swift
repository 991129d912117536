extension Figure {
  /// Figures below one another, each in the middle of the width.
  public static func column(_ figures: [Figure], spacing: Double = 12) -> Figure {
    let gap = min(max(0, spacing), 1_000)
    let width = figures.map(\.width).max() ?? 160
    let height = figures.map(\.height).reduce(0, +) + gap * Double(max(0, figures.count - 1))
    var drawing = Drawing(
      width: width, height: max(24, height),
      summary: figures.map(\.summary).joined(separator: ". "))
    var y = 0.0
    for figure in figures {
      drawing.place(figure.drawing, at: Point(((width - figure.width) / 2).rounded(), y.rounded()))
      y += figure.height + gap
    }
    return Figure(drawing: drawing)
  }

  /// Figures beside one another, aligned at their upper edges.
  public static func row(_ figures: [Figure], spacing: Double = 12) -> Figure {
    let gap = min(max(0, spacing), 1_000)
    let width = figures.map(\.width).reduce(0, +) + gap * Double(max(0, figures.count - 1))
    var drawing = Drawing(
      width: max(160, width), height: max(24, figures.map(\.height).max() ?? 0),
      summary: figures.map(\.summary).joined(separator: ". "))
    var x = 0.0
    for figure in figures {
      drawing.place(figure.drawing, at: Point(x.rounded(), 0))
      x += figure.width + gap
    }
    return Figure(drawing: drawing)
  }
}
