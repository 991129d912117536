import AdjointNotebook
import Testing

@Suite("Figures")
struct FigureTests {
  @Test("A PNG file holds the pixels it was given")
  func encoding() throws {
    let grey = (0..<48 * 31).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let file = try PNGFile(PNGWriter.encode(grey, width: 48, height: 31, format: .greyscale))
    #expect(file.width == 48 && file.height == 31 && file.channels == 1)
    #expect(file.pixels == grey)
    let colour = (0..<30).map { UInt8(truncatingIfNeeded: $0 &* 91) }
    #expect(
      try PNGFile(PNGWriter.encode(colour, width: 5, height: 2, format: .rgb)).pixels == colour)
  }

  @Test("An image is drawn pixel by pixel, without interpolation")
  func image() throws {
    let tile = try ImageTile(pixels: [0, 85, 170, 255], width: 2, height: 2)
    let figure = Figure.image(tile, size: 100)
    let file = try PNGFile(figure.png(scale: 1))
    #expect(file.width == Int(figure.width) && file.height == Int(figure.height))
    var counts: [UInt8: Int] = [:]
    for index in stride(from: 0, to: file.pixels.count, by: 3) {
      let pixel = file.pixels[index..<index + 3]
      if Set(pixel).count == 1 { counts[pixel.first ?? 0, default: 0] += 1 }
    }
    #expect(counts[0] == 2500 && counts[85] == 2500 && counts[170] == 2500)
  }

  @Test("Numbers of an image are stretched from the least to the greatest")
  func stretching() throws {
    let bytes = try ImageTile(pixels: [UInt8](arrayLiteral: 0, 128, 255), width: 3, height: 1)
    let numbers = try ImageTile(pixels: [Float](arrayLiteral: -1, 0.004, 1), width: 3, height: 1)
    #expect(Figure.image(bytes).svg() == Figure.image(numbers).svg())
    _ = try ImageTile(pixels: [Float.nan, .infinity, -.infinity], width: 1, height: 3)
    _ = try ImageTile(
      pixels: [-Float.greatestFiniteMagnitude, .greatestFiniteMagnitude], width: 2, height: 1)
  }

  @Test(
    "An image whose sizes do not fit is refused with its numbers",
    arguments: [(28, 28, 783), (0, 0, 0), (-1, -4, 4), (Int.max, 2, 4)])
  func badImage(_ width: Int, _ height: Int, _ count: Int) {
    let error = FigureError.badImage(width: width, height: height, pixels: count)
    #expect(throws: error) {
      try ImageTile(
        pixels: [UInt8](repeating: 0, count: count), width: width, height: height)
    }
    #expect(error.description.contains("\(width)") && error.description.contains("\(count)"))
  }

  @Test("A series with unequal counts is refused")
  func unequalCounts() {
    #expect(throws: FigureError.unequalCounts(series: "a", x: 2, y: 1)) {
      try Series("a", x: [1, 2], y: [1])
    }
  }

  @Test("Histograms count like NumPy's")
  func histogram() {
    #expect(Histogram([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], bins: 5).counts == [2, 2, 2, 2, 3])
    let constant = Histogram([3, 3], bins: 10)
    #expect(constant.low == 2.5 && constant.high == 3.5)
    #expect(constant.counts == [0, 0, 0, 0, 0, 2, 0, 0, 0, 0])
    #expect(Histogram([.nan, .infinity], bins: 3).counts == [0, 0, 0])
    #expect(Histogram([], bins: 0).counts == [0])
    #expect(Histogram([-1e308, 1e308, 1e299, -1e299], bins: 2).counts == [1, 1])
  }

  private static let odd: [Figure] = [
    .chart([]),
    .chart([Series("", y: [])], title: ""),
    .chart([Series("nan", y: [.nan, .infinity]), Series("one", y: [1])]),
    .chart([Series("constant", y: [0, 0, 0])], legend: .lowerLeft),
    .chart([
      Series("big", y: [-1e308, 1e308]), Series("small", y: [.leastNonzeroMagnitude, 0]),
    ]),
    .chart([Series("a", y: [1, 2])], width: .nan, height: -.infinity),
    .chart(
      (0..<20).map { Series(String(repeating: "long name ", count: 20) + "\($0)", y: [1, 2]) },
      title: String(repeating: "title ", count: 60), xLabel: String(repeating: "x", count: 999),
      yLabel: String(repeating: "y", count: 999), width: 200, height: 130),
    .chart([Series("zero", y: [0, -1])], xScale: .logarithmic, yScale: .logarithmic),
    .chart(
      [Series("wide", y: [1e-300, 1e299, .nan])], xScale: .logarithmic, yScale: .logarithmic),
    .confusionMatrix([], labels: []),
    .confusionMatrix([[1], [-2, 3, 4]], labels: ["a", String(repeating: "b", count: 90)]),
    .histogram([Float]()),
    .histogram([Double.nan], bins: -4),
    .histogram([1, 1, 1], bins: 100_000, title: "é 漢字 👩‍👩‍👧 \u{0}"),
    .imageGrid([], columns: -1, title: "none", tileSize: .nan),
    .column([]),
    .row([]),
    .network([]),
    .neurons([]),
    .network([.init(name: "", kind: "", inputShape: [], outputShape: [nil], parameterCount: -3)]),
    .neurons([
      .init(
        name: String(repeating: "n", count: 200), kind: "K", details: ["d"],
        inputShape: [nil, .max, 4], outputShape: [nil, -5, 0], parameterCount: .max)
    ]),
  ]

  @Test("Odd data gives a picture, never a trap", arguments: odd.indices)
  func oddData(_ index: Int) throws {
    let figure = FigureTests.odd[index]
    let file = try PNGFile(figure.png(scale: 1))
    #expect(file.width >= 1 && file.height >= 1)
    for svg in [figure.svg(), figure.inlineSVG()] {
      #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>"))
      #expect(!svg.contains("nan") || svg.contains(">nan<") || svg.contains("nan, "))
      #expect(!svg.contains("inf\"") && !svg.contains("\u{0}"))
    }
  }

  /// Colour of the pixel in the middle of a chart that shows x and y from 0 to 2.
  private func middle(of series: Series) throws -> [UInt8] {
    let edges = try Series.points("", x: [0, 2], y: [0, 2], radius: 0.5)
    let figure = Figure.chart([edges, series], width: 400, height: 400)
    let file = try PNGFile(figure.png(scale: 1))
    // Axes take room at the left and below: the middle of the plot is found by its light grid.
    let index = (file.height / 2 * file.width + file.width / 2) * file.channels
    return Array(file.pixels[index..<index + 3])
  }

  @Test("A band is a veil of its colour, points are as they are, and a gap shows the ground")
  func marks() throws {
    let band = try Series.band("band", x: [0.5, 1.5], lower: [0.5, 0.5], upper: [1.5, 1.5])
    let veil = try middle(of: band.color(0))
    // 0x1F77B4 at 22 % over white, or over a line of the grid.
    #expect(abs(Int(veil[0]) - 0xCE) < 12 && veil[2] > 0xE0)
    let points = try Series.points("points", x: [1], y: [1], radius: 40)
    #expect(try middle(of: points.color(0)) == [0x1F, 0x77, 0xB4])
    let gap = try Series.band("gap", x: [0.5, 1, 1.5], lower: [0, .nan, 0], upper: [2, 2, 2])
    #expect(try middle(of: gap).allSatisfy { $0 > 0xE0 })
  }

  @Test("A broken line is drawn in pieces of one length")
  func dashes() throws {
    let line = try Series("a", x: [0, 1], y: [0, 0], isDashed: true)
    let whole = try Series("a", x: [0, 1], y: [0, 0])
    func strokes(_ series: Series) -> Int {
      Figure.chart([series]).svg().ranges(of: "#1f77b4").count
    }
    #expect(strokes(whole) == 1)
    #expect(strokes(line) > 20)
  }

  @Test("A heat map has its lowest row below, and its colours at the ends of the range")
  func heatMap() throws {
    let figure = try Figure.heatMap(
      [0, 0, 1, 1], columns: 2, colors: .gray, width: 400, height: 400)
    let file = try PNGFile(figure.png(scale: 1))
    func pixel(_ x: Double, _ y: Double) -> UInt8 {
      file.pixels[(Int(y * Double(file.height)) * file.width + Int(x * Double(file.width))) * 3]
    }
    #expect(pixel(0.5, 0.25) == 255)
    #expect(pixel(0.5, 0.7) == 0)
    #expect(throws: FigureError.badImage(width: 3, height: 1, pixels: 4)) {
      try Figure.heatMap([0, 0, 1, 1], columns: 3)
    }
    #expect(throws: FigureError.self) { try Figure.heatMap([], columns: 0) }
    _ = try Figure.heatMap([.nan, .infinity], columns: 1).png()
  }

  @Test("Coloured tiles keep their colours")
  func colouredTile() throws {
    let tile = try ImageTile(rgb: [255, 0, 0, 0, 0, 255], width: 1, height: 2)
    let file = try PNGFile(Figure.image(tile, size: 100).png(scale: 1))
    let colours = Set(
      stride(from: 0, to: file.pixels.count, by: 3).map { Array(file.pixels[$0..<$0 + 3]) })
    #expect(colours.contains([255, 0, 0]) && colours.contains([0, 0, 255]))
    #expect(throws: FigureError.badImage(width: 1, height: 2, pixels: 1)) {
      try ImageTile(rgb: [1, 2, 3], width: 1, height: 2)
    }
  }

  @Test("A picture too large to draw is refused")
  func tooLarge() throws {
    let tile = try ImageTile(pixels: [0, 0], width: 1, height: 2)
    let grid = Figure.imageGrid(Array(repeating: tile, count: 2_000), columns: 1, tileSize: 4_096)
    #expect(throws: FigureError.self) { try grid.png() }
    #expect(throws: FigureError.self) { try Figure.image(tile).png(scale: .nan) }
  }

  @Test("Text in SVG is escaped and colours follow the ground")
  func svg() {
    let figure = Figure.chart([Series("a", y: [1, 2])], title: "<b> & \"c\"")
    #expect(figure.svg().contains("&lt;b&gt; &amp; &quot;c&quot;"))
    #expect(figure.svg().contains("#1f77b4") && !figure.svg().contains("var("))
    #expect(figure.inlineSVG().contains("var(--figure-series-0)"))
    #expect(figure.inlineSVG().contains("role=\"img\" aria-label=\"Chart"))
  }

  @Test("Every printable ASCII character and common sign has its own letter form")
  func letters() throws {
    func drawn(_ character: Character) throws -> [UInt8] {
      let tile = try ImageTile(pixels: [0], width: 1, height: 1, title: String(character))
      return try PNGFile(Figure.image(tile, size: 8).png()).pixels
    }
    let missing = try drawn("漢")
    let signs = (33...126).compactMap(Unicode.Scalar.init).map { Character($0) } + "×–…→±°²"
    var seen: Set<[UInt8]> = []
    for sign in signs {
      let pixels = try drawn(sign)
      #expect(pixels != missing, "\(sign)")
      #expect(seen.insert(pixels).inserted, "\(sign) looks like another letter")
    }
    #expect(try drawn("é") == drawn("e"))
  }
}
