import AdjointNotebook
import Testing

@Suite("Figures")
struct FigureTests {
  @Test("A PNG file holds the pixels it was given")
  func encoding() throws {
    let grey = (0..<48 * 31).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let file = try PNGFile(PNG.encode(grey, width: 48, height: 31, format: .greyscale))
    #expect(file.width == 48 && file.height == 31 && file.channels == 1)
    #expect(file.pixels == grey)
    let colour = (0..<30).map { UInt8(truncatingIfNeeded: $0 &* 91) }
    #expect(try PNGFile(PNG.encode(colour, width: 5, height: 2, format: .rgb)).pixels == colour)
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
    .lineChart([]),
    .lineChart([Series("", y: [])], title: ""),
    .lineChart([Series("nan", y: [.nan, .infinity]), Series("one", y: [1])]),
    .lineChart([Series("constant", y: [0, 0, 0])], legend: .lowerLeft),
    .lineChart([
      Series("big", y: [-1e308, 1e308]), Series("small", y: [.leastNonzeroMagnitude, 0]),
    ]),
    .lineChart([Series("a", y: [1, 2])], width: .nan, height: -.infinity),
    .lineChart(
      (0..<20).map { Series(String(repeating: "long name ", count: 20) + "\($0)", y: [1, 2]) },
      title: String(repeating: "title ", count: 60), xLabel: String(repeating: "x", count: 999),
      yLabel: String(repeating: "y", count: 999), width: 200, height: 130),
    .histogram([Float]()),
    .histogram([Double.nan], bins: -4),
    .histogram([1, 1, 1], bins: 100_000, title: "é 漢字 👩‍👩‍👧 \u{0}"),
    .imageGrid([], columns: -1, title: "none", tileSize: .nan),
    .column([]),
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

  @Test("A picture too large to draw is refused")
  func tooLarge() throws {
    let tile = try ImageTile(pixels: [0, 0], width: 1, height: 2)
    let grid = Figure.imageGrid(Array(repeating: tile, count: 2_000), columns: 1, tileSize: 4_096)
    #expect(throws: FigureError.self) { try grid.png() }
    #expect(throws: FigureError.self) { try Figure.image(tile).png(scale: .nan) }
  }

  @Test("Text in SVG is escaped and colours follow the ground")
  func svg() {
    let figure = Figure.lineChart([Series("a", y: [1, 2])], title: "<b> & \"c\"")
    #expect(figure.svg().contains("&lt;b&gt; &amp; &quot;c&quot;"))
    #expect(figure.svg().contains("#1f77b4") && !figure.svg().contains("var("))
    #expect(figure.inlineSVG().contains("var(--figure-series-0)"))
    #expect(figure.inlineSVG().contains("role=\"img\" aria-label=\"Line chart"))
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
