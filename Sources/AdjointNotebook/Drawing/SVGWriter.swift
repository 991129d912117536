import Foundation

/// Writes a drawing as SVG.
package struct SVGWriter {
  package enum Palette {
    /// Fixed colours for light ground.
    case light
    /// The custom properties that a page defines for light and dark.
    case page
  }

  package var palette: Palette
  package var background: Bool

  package init(palette: Palette, background: Bool) {
    (self.palette, self.background) = (palette, background)
  }

  package func document(_ drawing: Drawing) -> String {
    let (width, height) = (drawing.width.svg, drawing.height.svg)
    var lines = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" role="img" aria-label="\(drawing.summary.xmlEscaped)" \
      font-family="'Helvetica Neue', Arial, 'Liberation Sans', sans-serif" \
      stroke-linecap="round" stroke-linejoin="round">
      """
    ]
    if background {
      lines.append("<rect width=\"\(width)\" height=\"\(height)\" fill=\"\(colour(.paper))\"/>")
    }
    lines += drawing.shapes.map(element)
    lines.append("</svg>")
    return lines.joined(separator: "\n")
  }

  private func element(_ shape: Drawing.Shape) -> String {
    switch shape {
    case .path(let points, let stroke):
      let data = points.map { "\($0.x.svg) \($0.y.svg)" }.joined(separator: "L")
      return "<path d=\"M\(data)\" fill=\"none\"\(attributes(stroke))/>"
    case .rectangle(let box, let radius, let fill, let stroke):
      let corner = radius > 0 ? " rx=\"\(radius.svg)\"" : ""
      return "<rect\(attributes(box))\(corner)\(paint(fill))\(attributes(stroke))/>"
    case .polygon(let points, let ink, let opacity):
      let data = points.map { "\($0.x.svg) \($0.y.svg)" }.joined(separator: "L")
      let veil = opacity < 1 ? " fill-opacity=\"\(opacity.svg)\"" : ""
      return "<path d=\"M\(data)Z\" fill-rule=\"evenodd\"\(paint(ink))\(veil)/>"
    case .circle(let center, let radius, let fill, let stroke):
      return "<circle cx=\"\(center.x.svg)\" cy=\"\(center.y.svg)\" r=\"\(radius.svg)\""
        + "\(paint(fill))\(attributes(stroke))/>"
    case .text(let text, let point, let style):
      return element(text, point, style)
    case .image(let image, let box):
      let png = PNGWriter.encode(
        image.pixels, width: image.width, height: image.height, format: image.format)
      return """
        <image\(attributes(box)) preserveAspectRatio="none" style="image-rendering:pixelated" \
        href="data:image/png;base64,\(Data(png).base64EncodedString())"/>
        """
    }
  }

  private func element(_ text: String, _ point: Point, _ style: TextStyle) -> String {
    var attributes = " x=\"\(point.x.svg)\" y=\"\(point.y.svg)\" font-size=\"\(style.size.svg)\""
    if style.bold { attributes += " font-weight=\"600\"" }
    if style.anchor != .start { attributes += " text-anchor=\"\(style.anchor.rawValue)\"" }
    if style.vertical {
      attributes += " transform=\"rotate(-90 \(point.x.svg) \(point.y.svg))\""
    }
    return "<text\(attributes)\(paint(style.ink))>\(text.xmlEscaped)</text>"
  }

  private func attributes(_ box: Box) -> String {
    " x=\"\(box.x.svg)\" y=\"\(box.y.svg)\" width=\"\(box.width.svg)\" height=\"\(box.height.svg)\""
  }

  private func attributes(_ stroke: Stroke?) -> String {
    guard let stroke else { return "" }
    let opacity = stroke.opacity < 1 ? " stroke-opacity=\"\(stroke.opacity.svg)\"" : ""
    return " stroke=\"\(colour(stroke.ink))\" stroke-width=\"\(stroke.width.svg)\"\(opacity)"
  }

  private func paint(_ fill: Ink?) -> String {
    " fill=\"\(fill.map(colour) ?? "none")\""
  }

  private func colour(_ ink: Ink) -> String {
    switch palette {
    case .light: ink.light.css
    case .page: ink.variable
    }
  }
}

extension Double {
  /// The number with at most two decimals, as short as possible.
  fileprivate var svg: String {
    guard isFinite else { return "0" }
    let hundredths = (self * 100).rounded()
    guard abs(hundredths) < 1e15 else { return "0" }
    return hundredths.truncatingRemainder(dividingBy: 100) == 0
      ? String(Int(hundredths / 100)) : String(hundredths / 100)
  }
}
