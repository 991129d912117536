/// A figure as a list of shapes, in drawing order.
///
/// The y axis points down.
package struct Drawing: Sendable {
  package var width: Double
  package var height: Double
  package var summary: String
  package private(set) var shapes: [Shape] = []

  package init(width: Double, height: Double, summary: String) {
    (self.width, self.height, self.summary) = (width, height, summary)
  }

  package enum Shape: Sendable {
    /// A line through all points, with round joins and ends.
    case path([Point], Stroke)
    case rectangle(Box, cornerRadius: Double, fill: Ink?, stroke: Stroke?)
    /// A filled polygon; where it crosses itself, what is inside an odd number of times is filled.
    case polygon([Point], Ink, opacity: Double)
    case circle(center: Point, radius: Double, fill: Ink, stroke: Stroke?)
    case text(String, at: Point, TextStyle)
    case image(PixelImage, Box)
  }

  package mutating func path(_ points: [Point], _ ink: Ink, width: Double = 1, opacity: Double = 1)
  {
    shapes.append(.path(points, Stroke(ink: ink, width: width, opacity: opacity)))
  }

  package mutating func line(_ start: Point, _ end: Point, _ ink: Ink, width: Double = 1) {
    path([start, end], ink, width: width)
  }

  package mutating func rectangle(
    _ box: Box, cornerRadius: Double = 0, fill: Ink? = nil, stroke: Stroke? = nil
  ) {
    shapes.append(.rectangle(box, cornerRadius: cornerRadius, fill: fill, stroke: stroke))
  }

  package mutating func polygon(_ points: [Point], fill: Ink, opacity: Double = 1) {
    shapes.append(.polygon(points, fill, opacity: opacity))
  }

  package mutating func circle(
    _ center: Point, radius: Double, fill: Ink, stroke: Stroke? = nil
  ) {
    shapes.append(.circle(center: center, radius: radius, fill: fill, stroke: stroke))
  }

  package mutating func text(_ text: String, at point: Point, _ style: TextStyle) {
    guard !text.isEmpty else { return }
    shapes.append(.text(text, at: point, style))
  }

  package mutating func image(_ image: PixelImage, in box: Box) {
    shapes.append(.image(image, box))
  }

  /// Adds all shapes of another drawing with its corner at `origin`.
  package mutating func place(_ other: Drawing, at origin: Point) {
    shapes += other.shapes.map { $0.moved(by: origin) }
  }
}

extension Drawing.Shape {
  fileprivate func moved(by offset: Point) -> Self {
    switch self {
    case .path(let points, let stroke): .path(points.map { $0 + offset }, stroke)
    case .rectangle(let box, let radius, let fill, let stroke):
      .rectangle(box.moved(by: offset), cornerRadius: radius, fill: fill, stroke: stroke)
    case .polygon(let points, let ink, let opacity):
      .polygon(points.map { $0 + offset }, ink, opacity: opacity)
    case .circle(let center, let radius, let fill, let stroke):
      .circle(center: center + offset, radius: radius, fill: fill, stroke: stroke)
    case .text(let text, let point, let style): .text(text, at: point + offset, style)
    case .image(let image, let box): .image(image, box.moved(by: offset))
    }
  }
}

package struct Point: Sendable, Equatable {
  package var x: Double
  package var y: Double

  package init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }

  package static func + (a: Point, b: Point) -> Point { Point(a.x + b.x, a.y + b.y) }
}

package struct Box: Sendable, Equatable {
  package var x, y, width, height: Double

  package init(x: Double, y: Double, width: Double, height: Double) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }

  package var maxX: Double { x + width }
  package var maxY: Double { y + height }
  package var midX: Double { x + width / 2 }
  package var midY: Double { y + height / 2 }

  package func moved(by offset: Point) -> Box {
    Box(x: x + offset.x, y: y + offset.y, width: width, height: height)
  }

  package func contains(_ point: Point) -> Bool {
    point.x >= x && point.x <= maxX && point.y >= y && point.y <= maxY
  }
}

package struct Stroke: Sendable {
  package var ink: Ink
  package var width: Double = 1
  package var opacity: Double = 1
}

package struct TextStyle: Sendable {
  package enum Anchor: String, Sendable { case start, middle, end }

  package var size: Double = 12
  package var bold = false
  package var anchor = Anchor.start
  package var ink = Ink.text
  /// Whether the text runs upwards, as beside a vertical axis.
  package var vertical = false

  /// The room that a text takes: as drawn in PNG, with a reserve for a page's wider typeface.
  package func width(of text: String) -> Double {
    StrokeFont.width(of: text, size: size, bold: bold) * 1.06
  }

  /// The text, shortened with an ellipsis to fit a width.
  package func fitted(_ text: String, to limit: Double) -> String {
    guard width(of: text) > limit else { return text }
    var kept = text[...]
    while !kept.isEmpty, width(of: kept + "…") > limit { kept.removeLast() }
    while kept.last == " " { kept.removeLast() }
    return kept + "…"
  }
}

/// A picture of grey or coloured pixels, rows from the top; 0 is black.
package struct PixelImage: Sendable, Equatable {
  package var pixels: [UInt8]
  package var width: Int
  package var height: Int
  package var format = PNGWriter.Format.greyscale

  func colour(_ x: Int, _ y: Int) -> Colour {
    let index = (y * width + x) * format.channels
    switch format {
    case .greyscale: return Colour(red: pixels[index], green: pixels[index], blue: pixels[index])
    case .rgb:
      return Colour(red: pixels[index], green: pixels[index + 1], blue: pixels[index + 2])
    }
  }
}
