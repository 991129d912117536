import Foundation

/// A picture for a notebook: an image grid, a chart or a diagram.
///
/// A figure is described once, as a list of shapes, and drawn as SVG for a page or as PNG for a
/// file. Lengths are in CSS pixels.
public struct Figure: Sendable {
  let drawing: Drawing

  /// The width in CSS pixels.
  public var width: Double { drawing.width }
  /// The height in CSS pixels.
  public var height: Double { drawing.height }
  /// One line that says what the figure shows, for readers who do not see it.
  public var summary: String { drawing.summary }

  /// A standalone SVG document on a white ground.
  public func svg() -> String {
    SVGWriter(palette: .light, background: true).document(drawing)
  }

  /// An SVG element that takes its colours from the page around it.
  package func inlineSVG() -> String {
    SVGWriter(palette: .page, background: false).document(drawing)
  }

  /// A PNG file on a white ground.
  ///
  /// - Parameter scale: The number of pixels per unit of length.
  /// - Throws: ``FigureError/tooLarge(width:height:)`` when the picture would exceed 64 megapixels.
  public func png(scale: Double = 2) throws(FigureError) -> [UInt8] {
    let (width, height) = (drawing.width * scale, drawing.height * scale)
    guard width >= 1, height >= 1, width * height <= 0x400_0000, max(width, height) <= 32_768 else {
      throw .tooLarge(width: width, height: height)
    }
    var canvas = Canvas(
      width: Int(width.rounded(.up)), height: Int(height.rounded(.up)), background: .white)
    canvas.draw(drawing, scale: scale)
    return PNGWriter.encode(canvas.pixels, width: canvas.width, height: canvas.height, format: .rgb)
  }
}

/// Why a figure could not be made.
public enum FigureError: Error, Equatable, CustomStringConvertible {
  /// The number of pixels is not the product of the image's positive width and height.
  case badImage(width: Int, height: Int, pixels: Int)
  /// A series has a different number of x and y values.
  case unequalCounts(series: String, x: Int, y: Int)
  /// The picture has more pixels than can reasonably be drawn.
  case tooLarge(width: Double, height: Double)

  /// One line that names the numbers that do not fit.
  public var description: String {
    switch self {
    case .badImage(let width, let height, let pixels):
      "figure: an image of width \(width) and height \(height) cannot have \(pixels) pixels"
    case .unequalCounts(let series, let x, let y):
      "figure: series \"\(series)\" has \(x) x values and \(y) y values"
    case .tooLarge(let width, let height):
      "figure: a picture of \(width.label) × \(height.label) pixels is empty or too large"
    }
  }
}
