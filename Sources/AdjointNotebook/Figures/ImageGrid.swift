/// One image of a grid, with the title above it.
public struct ImageTile: Sendable {
  let image: PixelImage
  let title: String?

  /// An image of bytes, 0 for black to 255 for white, in rows from the top.
  ///
  /// - Throws: ``FigureError/badImage(width:height:pixels:)`` when the sizes do not fit.
  public init(pixels: [UInt8], width: Int, height: Int, title: String? = nil) throws(FigureError) {
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflow, pixels.count == count else {
      throw .badImage(width: width, height: height, pixels: pixels.count)
    }
    image = PixelImage(pixels: pixels, width: width, height: height)
    self.title = title
  }

  /// A coloured image: red, green and blue of each pixel, 0 to 255, in rows from the top.
  ///
  /// - Throws: ``FigureError/badImage(width:height:pixels:)`` when the sizes do not fit.
  public init(rgb: [UInt8], width: Int, height: Int, title: String? = nil) throws(FigureError) {
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    let (bytes, beyond) = count.multipliedReportingOverflow(by: 3)
    guard width > 0, height > 0, !overflow, !beyond, rgb.count == bytes else {
      throw .badImage(width: width, height: height, pixels: rgb.count / 3)
    }
    image = PixelImage(pixels: rgb, width: width, height: height, format: .rgb)
    self.title = title
  }

  /// An image of numbers in rows from the top; the least is black, the greatest white.
  ///
  /// Numbers that are not finite are black, and so is an image of one value.
  /// - Throws: ``FigureError/badImage(width:height:pixels:)`` when the sizes do not fit.
  public init<Value: BinaryFloatingPoint>(
    pixels: [Value], width: Int, height: Int, title: String? = nil
  ) throws(FigureError) {
    let finite = pixels.lazy.filter(\.isFinite)
    // Halves, because the range of the largest numbers would overflow.
    let low = Double(finite.min() ?? 0) / 2
    let span = Double(finite.max() ?? 0) / 2 - low
    let bytes = pixels.map { value -> UInt8 in
      guard value.isFinite, span > 0 else { return 0 }
      return UInt8(min(255, max(0, ((Double(value) / 2 - low) / span * 255).rounded())))
    }
    try self.init(pixels: bytes, width: width, height: height, title: title)
  }
}

extension Figure {
  /// One image with its title.
  public static func image(_ tile: ImageTile, size: Double = 196) -> Figure {
    imageGrid([tile], columns: 1, tileSize: size)
  }

  /// Images in rows, each below its title, drawn pixel by pixel without interpolation.
  ///
  /// - Parameters:
  ///   - tiles: The images, from left to right and top to bottom.
  ///   - columns: The number of images in a row.
  ///   - title: The title of the grid.
  ///   - tileSize: The length of the longer side of each image.
  public static func imageGrid(
    _ tiles: [ImageTile], columns: Int = 3, title: String? = nil, tileSize: Double = 112
  ) -> Figure {
    let size = min(max(8, tileSize), 4_096)
    let columns = min(max(1, columns), max(1, tiles.count))
    let rows = (tiles.count + columns - 1) / columns
    let style = TextStyle(size: 13, anchor: .middle)
    let limit = max(size, 220)
    let titles = tiles.map { style.fitted($0.title ?? "", to: limit) }
    let widest = titles.map { style.width(of: $0) }.max() ?? 0
    let captionHeight = titles.allSatisfy(\.isEmpty) ? 0.0 : 24
    // Cells of round widths stand below one another when grids do.
    let cellWidth = ((max(size, widest) + 20) / 16).rounded(.up) * 16
    let cellHeight = (captionHeight + size + 14).rounded(.up)
    let top = title == nil ? 8.0 : 40
    let headingWidth = title.map { Axes.titleStyle.width(of: $0) + 16 } ?? 0
    let width = max(Double(columns) * cellWidth, min(headingWidth, 760), 160)
    var drawing = Drawing(
      width: width, height: top + max(24, Double(rows) * cellHeight),
      summary: summary(tiles, title: title))
    if let title {
      let text = Axes.titleStyle.fitted(title, to: width - 8)
      drawing.text(text, at: Point(width / 2, 24), Axes.titleStyle)
    }
    if tiles.isEmpty {
      drawing.text(
        "no images", at: Point(width / 2, top + 14),
        TextStyle(size: 13, anchor: .middle, ink: .muted))
    }
    let left = (width - Double(columns) * cellWidth) / 2
    for (index, tile) in tiles.enumerated() {
      let middle = left + (Double(index % columns) + 0.5) * cellWidth
      let upper = top + Double(index / columns) * cellHeight
      drawing.text(titles[index], at: Point(middle, upper + 15), style)
      let image = tile.image
      let scale = size / Double(max(image.width, image.height))
      let (imageWidth, imageHeight) = (Double(image.width) * scale, Double(image.height) * scale)
      let box = Box(
        x: (middle - imageWidth / 2).rounded(), y: (upper + captionHeight).rounded(),
        width: imageWidth, height: imageHeight)
      drawing.image(image, in: box)
      let frame = Box(
        x: box.x - 0.5, y: box.y - 0.5, width: box.width + 1, height: box.height + 1)
      drawing.rectangle(frame, stroke: Stroke(ink: .axis))
    }
    return Figure(drawing: drawing)
  }

  private static func summary(_ tiles: [ImageTile], title: String?) -> String {
    let titles = tiles.prefix(30).compactMap(\.title).joined(separator: "; ")
    let count = tiles.count == 1 ? "Image" : "\(tiles.count) images"
    return count + (title.map { " \"\($0)\"" } ?? "") + (titles.isEmpty ? "" : ": \(titles)")
  }
}
