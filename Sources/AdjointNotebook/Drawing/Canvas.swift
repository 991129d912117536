/// A picture of RGB pixels that draws the shapes of a drawing with smooth edges.
///
/// Every shape is a signed distance; a pixel's coverage is how far its centre lies inside. A
/// line's coverage is the largest over its segments, so joints do not show.
struct Canvas {
  let width: Int
  let height: Int
  private(set) var pixels: [UInt8]
  private var coverage: [Float] = []

  init(width: Int, height: Int, background: Colour) {
    self.width = width
    self.height = height
    pixels = []
    pixels.reserveCapacity(width * height * 3)
    for _ in 0..<width * height {
      pixels += [background.red, background.green, background.blue]
    }
  }

  mutating func draw(_ drawing: Drawing, scale: Double) {
    for shape in drawing.shapes { draw(shape, scale: scale) }
  }

  private mutating func draw(_ shape: Drawing.Shape, scale: Double) {
    switch shape {
    case .path(let points, let stroke):
      self.stroke([points.map { $0 * scale }], stroke, scale: scale)
    case .rectangle(let box, let radius, let fill, let stroke):
      let box = box * scale
      if let fill { self.fill(.round(box, radius: radius * scale), fill.light) }
      if let stroke {
        let pen = max(stroke.width * scale, 1)
        self.fill(
          .frame(box, radius: radius * scale, pen: pen), stroke.ink.light, opacity: stroke.opacity)
      }
    case .polygon(let points, let ink, let opacity):
      fill(polygon: points.map { $0 * scale }, ink.light, opacity: opacity)
    case .circle(let center, let radius, let ink, let stroke):
      let box = Box(
        x: center.x - radius, y: center.y - radius, width: 2 * radius, height: 2 * radius)
      draw(
        .rectangle(box, cornerRadius: radius, fill: ink, stroke: stroke), scale: scale)
    case .text(let text, let point, let style):
      draw(text, at: point * scale, style, size: style.size * scale)
    case .image(let image, let box):
      draw(image, in: box * scale)
    }
  }

  private mutating func draw(_ text: String, at point: Point, _ style: TextStyle, size: Double) {
    let length = StrokeFont.width(of: text, size: size, bold: style.bold)
    let shift =
      switch style.anchor {
      case .start: 0.0
      case .middle: -length / 2
      case .end: -length
      }
    let strokes = StrokeFont.strokes(of: text, size: size, bold: style.bold).map { stroke in
      stroke.map { place in
        style.vertical
          ? Point(point.x + place.y, point.y - place.x - shift)
          : Point(point.x + place.x + shift, point.y + place.y)
      }
    }
    let pen = StrokeFont.penWidth(size: size, bold: style.bold)
    stroke(strokes, Stroke(ink: style.ink, width: pen), scale: 1)
  }
}

// MARK: - Lines

extension Canvas {
  private mutating func stroke(_ lines: [[Point]], _ stroke: Stroke, scale: Double) {
    let radius = stroke.width * scale / 2
    let points = lines.joined()
    guard let area = pixelArea(of: points, margin: radius + 1) else { return }
    coverage = Array(repeating: 0, count: area.width * area.height)
    for line in lines where !line.isEmpty {
      if line.count == 1 {
        // A dot of a letter is a little wider than the pen.
        cover(line[0], line[0], radius: radius * 1.22, area)
      }
      for (start, end) in zip(line, line.dropFirst()) {
        cover(start, end, radius: radius, area)
      }
    }
    let colour = stroke.ink.light
    for y in 0..<area.height {
      for x in 0..<area.width {
        let value = coverage[y * area.width + x]
        if value > 0 { blend(area.x + x, area.y + y, colour, value * Float(stroke.opacity)) }
      }
    }
  }

  /// Raises the coverage of the pixels near a segment.
  private mutating func cover(_ start: Point, _ end: Point, radius: Double, _ area: PixelArea) {
    guard let box = pixelArea(of: [start, end], margin: radius + 1) else { return }
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let lengthSquared = dx * dx + dy * dy
    // A line thinner than a pixel is fainter, not wider.
    let strength = min(1, 2 * radius)
    for y in box.y..<box.y + box.height {
      for x in box.x..<box.x + box.width {
        let (px, py) = (Double(x) + 0.5 - start.x, Double(y) + 0.5 - start.y)
        let along =
          lengthSquared > 0 ? min(1, max(0, (px * dx + py * dy) / lengthSquared)) : 0
        let (ox, oy) = (px - along * dx, py - along * dy)
        let inside = max(radius, 0.5) + 0.5 - (ox * ox + oy * oy).squareRoot()
        guard inside > 0 else { continue }
        let index = (y - area.y) * area.width + x - area.x
        coverage[index] = max(coverage[index], Float(min(1, inside) * strength))
      }
    }
  }

  /// The pixels that shapes around these points can touch, within the picture.
  private func pixelArea(of points: some Sequence<Point>, margin: Double) -> PixelArea? {
    var (minX, minY) = (Double.infinity, Double.infinity)
    var (maxX, maxY) = (-Double.infinity, -Double.infinity)
    for point in points where point.x.isFinite && point.y.isFinite {
      (minX, maxX) = (min(minX, point.x), max(maxX, point.x))
      (minY, maxY) = (min(minY, point.y), max(maxY, point.y))
    }
    return PixelArea(
      minX: minX - margin, minY: minY - margin, maxX: maxX + margin, maxY: maxY + margin,
      width: width, height: height)
  }
}

/// A block of pixels inside a picture.
private struct PixelArea {
  var x, y, width, height: Int

  init?(minX: Double, minY: Double, maxX: Double, maxY: Double, width: Int, height: Int) {
    let left = max(0, minX.rounded(.down))
    let top = max(0, minY.rounded(.down))
    let right = min(Double(width), maxX.rounded(.up))
    let bottom = min(Double(height), maxY.rounded(.up))
    guard left < right, top < bottom else { return nil }
    (x, y) = (Int(left), Int(top))
    (self.width, self.height) = (Int(right) - x, Int(bottom) - y)
  }
}

// MARK: - Areas

/// A filled shape as a signed distance: negative inside.
private enum Region {
  case round(Box, radius: Double)
  case frame(Box, radius: Double, pen: Double)

  var bounds: (minX: Double, minY: Double, maxX: Double, maxY: Double) {
    switch self {
    case .round(let box, _): (box.x, box.y, box.maxX, box.maxY)
    case .frame(let box, _, let pen):
      (box.x - pen, box.y - pen, box.maxX + pen, box.maxY + pen)
    }
  }

  func distance(_ x: Double, _ y: Double) -> Double {
    switch self {
    case .round(let box, let radius):
      let corner = min(radius, box.width / 2, box.height / 2)
      let dx = abs(x - box.midX) - box.width / 2 + corner
      let dy = abs(y - box.midY) - box.height / 2 + corner
      let outside = (max(dx, 0) * max(dx, 0) + max(dy, 0) * max(dy, 0)).squareRoot()
      return min(max(dx, dy), 0) + outside - corner
    case .frame(let box, let radius, let pen):
      return abs(Region.round(box, radius: radius).distance(x, y)) - pen / 2
    }
  }
}

extension Canvas {
  private mutating func fill(_ region: Region, _ colour: Colour, opacity: Double = 1) {
    let bounds = region.bounds
    guard
      let area = PixelArea(
        minX: bounds.minX - 1, minY: bounds.minY - 1, maxX: bounds.maxX + 1,
        maxY: bounds.maxY + 1, width: width, height: height)
    else { return }
    for y in area.y..<area.y + area.height {
      for x in area.x..<area.x + area.width {
        let inside = 0.5 - region.distance(Double(x) + 0.5, Double(y) + 0.5)
        if inside > 0 { blend(x, y, colour, Float(min(1, inside) * opacity)) }
      }
    }
  }

  private mutating func blend(_ x: Int, _ y: Int, _ colour: Colour, _ alpha: Float) {
    let index = (y * width + x) * 3
    func mix(_ below: UInt8, _ above: UInt8) -> UInt8 {
      let from = Float(below)
      let mixed: Float = from + (Float(above) - from) * alpha
      return UInt8(min(255, max(0, mixed + 0.5)))
    }
    pixels[index] = mix(pixels[index], colour.red)
    pixels[index + 1] = mix(pixels[index + 1], colour.green)
    pixels[index + 2] = mix(pixels[index + 2], colour.blue)
  }

  /// Fills a polygon of any form: each row of pixels is the mean of several lines across it, and of
  /// a line counts what lies between its first and second crossing, its third and fourth, ...
  private mutating func fill(polygon points: [Point], _ colour: Colour, opacity: Double) {
    guard points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }),
      let area = pixelArea(of: points, margin: 0)
    else { return }
    let lines = 4
    var row: [Float] = []
    for y in area.y..<area.y + area.height {
      row = Array(repeating: 0, count: area.width)
      for line in 0..<lines {
        let height = Double(y) + (Double(line) + 0.5) / Double(lines)
        let crossings = crossings(of: points, at: height)
        for index in stride(from: 0, to: crossings.count - 1, by: 2) {
          let start = max(crossings[index] - Double(area.x), 0)
          let end = min(crossings[index + 1] - Double(area.x), Double(area.width))
          guard start < end else { continue }
          for x in Int(start)...min(Int(end), area.width - 1) {
            let covered = min(end, Double(x) + 1) - max(start, Double(x))
            row[x] += Float(max(covered, 0)) / Float(lines)
          }
        }
      }
      for (x, value) in row.enumerated() where value > 0 {
        blend(area.x + x, y, colour, min(value, 1) * Float(opacity))
      }
    }
  }

  /// Where the edges of a polygon cross a horizontal line, from left to right.
  private func crossings(of points: [Point], at height: Double) -> [Double] {
    zip(points, points.dropFirst() + points.prefix(1)).compactMap { start, end -> Double? in
      guard (start.y <= height) != (end.y <= height) else { return nil }
      return start.x + (height - start.y) / (end.y - start.y) * (end.x - start.x)
    }.sorted()
  }

  /// Draws an image by area: a pixel that straddles several of the image's is their average.
  private mutating func draw(_ image: PixelImage, in box: Box) {
    guard image.width > 0, image.height > 0,
      let area = PixelArea(
        minX: box.x, minY: box.y, maxX: box.maxX, maxY: box.maxY, width: width, height: height)
    else { return }
    let columns = spans(area.x, area.width, from: box.x, length: box.width, count: image.width)
    let rows = spans(area.y, area.height, from: box.y, length: box.height, count: image.height)
    let unit = box.width / Double(image.width) * box.height / Double(image.height)
    for (y, row) in rows.enumerated() {
      for (x, column) in columns.enumerated() {
        var sum = (red: 0.0, green: 0.0, blue: 0.0, weight: 0.0)
        for (sourceY, high) in row {
          for (sourceX, wide) in column {
            let (colour, weight) = (image.colour(sourceX, sourceY), high * wide)
            sum.red += Double(colour.red) * weight
            sum.green += Double(colour.green) * weight
            sum.blue += Double(colour.blue) * weight
            sum.weight += weight
          }
        }
        guard sum.weight > 0 else { continue }
        func mean(_ total: Double) -> UInt8 {
          UInt8(min(255, max(0, (total / sum.weight).rounded())))
        }
        let colour = Colour(red: mean(sum.red), green: mean(sum.green), blue: mean(sum.blue))
        blend(area.x + x, area.y + y, colour, Float(min(1, sum.weight * unit)))
      }
    }
  }

  /// For each pixel of a row or column, the image's pixels under it and how much of each.
  private func spans(
    _ first: Int, _ length: Int, from start: Double, length extent: Double, count: Int
  ) -> [[(index: Int, weight: Double)]] {
    (first..<first + length).map { pixel in
      let low = max(0, (Double(pixel) - start) / extent * Double(count))
      let high = min(Double(count), (Double(pixel) + 1 - start) / extent * Double(count))
      guard low < high else { return [] }
      return (Int(low)...min(count - 1, Int(high))).compactMap { index in
        let weight = min(high, Double(index) + 1) - max(low, Double(index))
        return weight > 1e-9 ? (index, weight) : nil
      }
    }
  }
}

extension Point {
  fileprivate static func * (point: Point, scale: Double) -> Point {
    Point(point.x * scale, point.y * scale)
  }
}

extension Box {
  fileprivate static func * (box: Box, scale: Double) -> Box {
    Box(
      x: box.x * scale, y: box.y * scale, width: box.width * scale, height: box.height * scale)
  }
}
