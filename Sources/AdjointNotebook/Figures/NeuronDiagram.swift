extension Figure {
  /// A network as columns of neurons from left to right, every neuron joined to the next column's.
  ///
  /// A layer with parameters is a column; the layers between two columns are named below the one
  /// they act on. Of a column with many neurons the first and the last few are drawn.
  public static func neurons(_ layers: [NetworkDiagram.Layer], title: String? = nil) -> Figure {
    let columns = NeuronColumn.columns(of: layers)
    let top = title == nil ? 12.0 : 48
    let notes = columns.map(\.notes.count).max() ?? 0
    let width = max(360, Double(columns.count) * 170)
    let bottom = top + NeuronColumn.height
    var drawing = Drawing(
      width: width, height: bottom + 56 + Double(notes) * 18,
      summary: "Neurons" + (title.map { " of \"\($0)\"" } ?? "") + ": "
        + columns.map { "\($0.name) \($0.units)" }.joined(separator: " → "))
    if let title {
      let text = Axes.titleStyle.fitted(title, to: width - 16)
      drawing.text(text, at: Point(width / 2, 26), Axes.titleStyle)
    }
    if columns.isEmpty {
      drawing.text(
        "no layers", at: Point(width / 2, top + 20),
        TextStyle(size: 13, anchor: .middle, ink: .muted))
    }
    let places = columns.enumerated().map { index, column in
      column.places(x: (Double(index) + 0.5) * width / Double(columns.count), top: top)
    }
    for (left, right) in zip(places, places.dropFirst()) {
      for start in left {
        for end in right { drawing.path([start, end], .axis, width: 0.8, opacity: 0.35) }
      }
    }
    for (index, column) in columns.enumerated() {
      column.draw(places[index], isInput: index == 0, bottom: bottom, &drawing)
    }
    return Figure(drawing: drawing)
  }
}

/// A column of neurons and what stands below it.
private struct NeuronColumn {
  static let height = 238.0
  private static let shown = 8
  private static let radius = 9.5

  var name: String
  var units: Int
  var notes: [String] = []

  static func columns(of layers: [NetworkDiagram.Layer]) -> [NeuronColumn] {
    guard let first = layers.first else { return [] }
    var columns = [NeuronColumn(name: "input", units: units(first.inputShape))]
    for layer in layers {
      let units = units(layer.outputShape)
      if layer.parameterCount > 0 {
        let name = layer.name.isEmpty ? layer.kind : layer.name
        columns.append(NeuronColumn(name: name, units: units))
      } else {
        let words = [layer.kind] + layer.details
        columns[columns.count - 1].notes.append(words.joined(separator: ", "))
      }
    }
    return columns
  }

  /// The number of scalars per example: all axes but the first, which is the batch.
  private static func units(_ shape: [Int?]) -> Int {
    shape.dropFirst().reduce(1) { product, length in
      let (result, overflow) = product.multipliedReportingOverflow(by: max(0, length ?? 1))
      return overflow ? Int.max : result
    }
  }

  /// The centres of the neurons that are drawn; a gap in the middle stands for the others.
  func places(x: Double, top: Double) -> [Point] {
    let count = min(units, NeuronColumn.shown)
    let hasGap = units > NeuronColumn.shown
    let step = NeuronColumn.height / Double(NeuronColumn.shown + 1)
    let slots = hasGap ? count + 1 : count
    let start = top + (NeuronColumn.height - Double(max(0, slots - 1)) * step) / 2
    return (0..<slots).filter { !hasGap || $0 != slots / 2 }
      .map { Point(x, start + Double($0) * step) }
  }

  func draw(_ places: [Point], isInput: Bool, bottom: Double, _ drawing: inout Drawing) {
    let x = places.first?.x ?? 0
    for place in places {
      drawing.circle(
        place, radius: NeuronColumn.radius, fill: isInput ? .panel : .series(0),
        stroke: Stroke(ink: isInput ? .axis : .paper, width: 1.4))
    }
    if units > NeuronColumn.shown {
      let middle = places.map(\.y).reduce(0, +) / Double(max(1, places.count))
      for offset in [-7.0, 0, 7] {
        drawing.circle(Point(x, middle + offset), radius: 1.7, fill: .muted)
      }
    }
    var style = TextStyle(size: 13, bold: true, anchor: .middle)
    drawing.text(style.fitted(name, to: 160), at: Point(x, bottom + 20), style)
    style = TextStyle(size: 12.5, anchor: .middle)
    let count = units == 1 ? "1 unit" : "\(String(units).grouped) units"
    drawing.text(count, at: Point(x, bottom + 38), style)
    style.ink = .muted
    for (row, note) in notes.enumerated() {
      drawing.text(
        style.fitted(note, to: 160), at: Point(x, bottom + 56 + Double(row) * 18), style)
    }
  }
}
