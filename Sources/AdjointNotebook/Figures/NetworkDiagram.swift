/// What a picture of a network says about it.
public enum NetworkDiagram {
  /// One layer of a chain.
  public struct Layer: Sendable {
    /// The layer's path in the model, such as `hidden1`; may be empty.
    public var name: String
    /// The layer's type, such as `Dense`.
    public var kind: String
    /// Settings worth showing, such as `rate 0.2`.
    public var details: [String]
    /// The shape that goes in; nil for an axis of any length, such as the batch.
    public var inputShape: [Int?]
    /// The shape that comes out.
    public var outputShape: [Int?]
    /// The number of scalars that training changes.
    public var parameterCount: Int

    /// A layer with the given description.
    public init(
      name: String, kind: String, details: [String] = [], inputShape: [Int?],
      outputShape: [Int?], parameterCount: Int
    ) {
      (self.name, self.kind, self.details) = (name, kind, details)
      (self.inputShape, self.outputShape) = (inputShape, outputShape)
      self.parameterCount = parameterCount
    }
  }
}

extension Figure {
  /// A chain of layers from top to bottom, with a card for each.
  ///
  /// A card has its layer's name, type and settings, its shapes and the number of its parameters.
  public static func network(_ layers: [NetworkDiagram.Layer], title: String? = nil) -> Figure {
    let cards = layers.map(LayerCard.init)
    let width = max(360, cards.map(\.width).max() ?? 0).rounded(.up)
    let top = title == nil ? 8.0 : 44
    let height = top + Double(cards.count) * (LayerCard.height + LayerCard.gap) - LayerCard.gap + 8
    var drawing = Drawing(
      width: width + 16, height: max(top + 24, height),
      summary: "Network" + (title.map { " \"\($0)\"" } ?? "") + ": "
        + layers.map { $0.name.isEmpty ? $0.kind : "\($0.name) (\($0.kind))" }
        .joined(separator: " → "))
    if let title {
      let text = Axes.titleStyle.fitted(title, to: width)
      drawing.text(text, at: Point(drawing.width / 2, 26), Axes.titleStyle)
    }
    if layers.isEmpty {
      drawing.text(
        "no layers", at: Point(drawing.width / 2, top + 14),
        TextStyle(size: 13, anchor: .middle, ink: .muted))
    }
    for (index, card) in cards.enumerated() {
      let y = top + Double(index) * (LayerCard.height + LayerCard.gap)
      card.draw(in: Box(x: 8.5, y: y + 0.5, width: width - 1, height: LayerCard.height), &drawing)
      if index + 1 < cards.count {
        arrow(from: Point(drawing.width / 2, y + LayerCard.height + 3), &drawing)
      }
    }
    return Figure(drawing: drawing)
  }

  private static func arrow(from start: Point, _ drawing: inout Drawing) {
    let tip = Point(start.x, start.y + LayerCard.gap - 5)
    drawing.line(start, Point(tip.x, tip.y - 6), .axis, width: 1.6)
    drawing.polygon(
      [tip, Point(tip.x - 5, tip.y - 8), Point(tip.x + 5, tip.y - 8)], fill: .axis)
  }
}

/// The picture of one layer.
private struct LayerCard {
  static let height = 74.0
  static let gap = 24.0
  private static let nameStyle = TextStyle(size: 14, bold: true, ink: .titleText)
  private static let kindStyle = TextStyle(size: 14, ink: .titleText)
  private static let detailStyle = TextStyle(size: 13, anchor: .end, ink: .titleText)
  private static let captionStyle = TextStyle(size: 11.5, anchor: .middle, ink: .muted)
  private static let valueStyle = TextStyle(size: 13, anchor: .middle)

  private let name: String
  private let kind: String
  private let details: String
  private let columns: [(caption: String, value: String)]
  private let hasParameters: Bool

  init(_ layer: NetworkDiagram.Layer) {
    name = LayerCard.nameStyle.fitted(layer.name.isEmpty ? layer.kind : layer.name, to: 300)
    kind = layer.name.isEmpty ? "" : LayerCard.kindStyle.fitted(layer.kind, to: 220)
    details = LayerCard.detailStyle.fitted(layer.details.joined(separator: ", "), to: 260)
    hasParameters = layer.parameterCount > 0
    columns = [
      ("input shape", LayerCard.text(layer.inputShape)),
      ("output shape", LayerCard.text(layer.outputShape)),
      ("parameters", String(max(0, layer.parameterCount)).grouped),
    ]
  }

  private var nameWidth: Double { LayerCard.nameStyle.width(of: name) * 1.05 }

  var width: Double {
    let head =
      nameWidth + LayerCard.kindStyle.width(of: kind) + LayerCard.detailStyle.width(of: details)
    return max(head + 76, columnWidth * 3)
  }

  private var columnWidth: Double {
    (columns.map { LayerCard.valueStyle.width(of: $0.value) }.max() ?? 0) + 32
  }

  func draw(in box: Box, _ drawing: inout Drawing) {
    // The box lies between pixels for a sharp outline; its title ends on one.
    let head = Box(x: box.x, y: box.y, width: box.width, height: 29.5)
    let ink = hasParameters ? Ink.title : .quietTitle
    drawing.rectangle(box, cornerRadius: 6, fill: .panel)
    drawing.rectangle(head, cornerRadius: 6, fill: ink)
    drawing.rectangle(
      Box(x: head.x, y: head.midY, width: head.width, height: head.height / 2), fill: ink)
    drawing.rectangle(box, cornerRadius: 6, stroke: Stroke(ink: ink, width: 1.2))
    let baseline = head.midY + 5
    drawing.text(name, at: Point(head.x + 14, baseline), LayerCard.nameStyle)
    drawing.text(kind, at: Point(head.x + 24 + nameWidth, baseline), LayerCard.kindStyle)
    drawing.text(details, at: Point(head.maxX - 14, baseline), LayerCard.detailStyle)
    let third = box.width / 3
    for (index, column) in columns.enumerated() {
      let middle = box.x + (Double(index) + 0.5) * third
      drawing.text(column.caption, at: Point(middle, head.maxY + 17), LayerCard.captionStyle)
      drawing.text(column.value, at: Point(middle, head.maxY + 35), LayerCard.valueStyle)
      if index > 0 {
        let x = (box.x + Double(index) * third).rounded() + 0.5
        drawing.line(Point(x, head.maxY + 8), Point(x, box.maxY - 8), .grid)
      }
    }
  }

  /// A shape as Python prints a tuple, as Keras shows it.
  private static func text(_ shape: [Int?]) -> String {
    let axes = shape.map { $0.map(String.init) ?? "None" }
    return axes.count == 1 ? "(\(axes[0]),)" : "(\(axes.joined(separator: ", ")))"
  }
}
