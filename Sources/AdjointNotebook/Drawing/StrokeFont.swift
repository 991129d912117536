import Foundation

/// A built-in sans-serif typeface for pictures, so that a PNG needs no font of the system.
///
/// Letters are centre lines that a round pen follows; bold is a wider pen.
package enum StrokeFont {
  package static func width(of text: some StringProtocol, size: Double, bold: Bool) -> Double {
    text.reduce(0) { $0 + glyph($1).advance } * size / 100 * (bold ? 1.05 : 1)
  }

  static func penWidth(size: Double, bold: Bool) -> Double {
    size * (bold ? 0.122 : 0.082)
  }

  /// The strokes of a text in units of its font size, y down, starting at the origin.
  ///
  /// A dot is a stroke of one point.
  static func strokes(of text: String, size: Double, bold: Bool) -> [[Point]] {
    let (scaleX, scaleY) = (size / 100 * (bold ? 1.05 : 1), size / 100)
    var strokes: [[Point]] = []
    var x = 0.0
    for character in text {
      let glyph = glyph(character)
      for stroke in glyph.strokes {
        strokes.append(stroke.map { Point((x + $0.x) * scaleX, -$0.y * scaleY) })
      }
      x += glyph.advance
    }
    return strokes
  }

  private struct Glyph: Sendable {
    var advance: Double
    var strokes: [[Point]]
  }

  private static let glyphs = Glyphs.table.mapValues {
    Glyph(advance: $0.advance, strokes: parse($0.strokes))
  }
  private static let missing = Glyph(
    advance: Glyphs.missing.advance, strokes: parse(Glyphs.missing.strokes))

  private static func glyph(_ character: Character) -> Glyph {
    if let glyph = glyphs[character] { return glyph }
    // A letter with accents is drawn without them rather than not at all.
    let base = String(character).decomposedStringWithCanonicalMapping.unicodeScalars.first
    return base.flatMap { glyphs[Character($0)] } ?? missing
  }

  private static func parse(_ strokes: String) -> [[Point]] {
    var words = strokes.split(separator: " ")[...]
    var result: [[Point]] = []
    var points: [Point] = []
    func number() -> Double { words.popFirst().flatMap { Double($0) } ?? 0 }
    func point() -> Point {
      let x = number()
      return Point(x, number())
    }
    while let command = words.popFirst() {
      let start = points.last ?? Point(0, 0)
      switch command {
      case "M":
        if points.count > 1 { result.append(points) }
        points = [point()]
      case ".":
        result.append([point()])
      case "L":
        points.append(point())
      case "C":
        points += curve(start, point(), point(), point())
      default:
        // A quarter of a slightly squared ellipse between two axis-parallel tangents.
        let end = point()
        let bend = 0.58
        let (dx, dy) = (end.x - start.x, end.y - start.y)
        points +=
          command == "h"
          ? curve(
            start, Point(start.x + dx * bend, start.y), Point(end.x, end.y - dy * bend), end)
          : curve(
            start, Point(start.x, start.y + dy * bend), Point(end.x - dx * bend, end.y), end)
      }
    }
    if points.count > 1 { result.append(points) }
    return result
  }

  private static func curve(_ a: Point, _ b: Point, _ c: Point, _ d: Point) -> [Point] {
    let count = 10
    return (1...count).map { step in
      let t = Double(step) / Double(count)
      let u = 1 - t
      let weights = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
      return Point(
        weights.0 * a.x + weights.1 * b.x + weights.2 * c.x + weights.3 * d.x,
        weights.0 * a.y + weights.1 * b.y + weights.2 * c.y + weights.3 * d.y)
    }
  }
}
