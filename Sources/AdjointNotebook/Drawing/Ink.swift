/// The role of a colour.
///
/// A figure names roles; the ground it is drawn on decides the colours.
package enum Ink: Sendable, Hashable {
  /// Titles and labels.
  case text
  /// Tick labels and other quiet text.
  case muted
  /// Axes, frames and arrows.
  case axis
  case grid
  /// The ground itself.
  case paper
  /// The ground of a box.
  case panel
  /// Dark ground of a box's title, and the text on it.
  case title, titleText
  /// The ground of a title that is less important.
  case quietTitle
  /// Text on colours that are dark or light on any ground.
  case onDark, onLight
  /// The n-th of several series.
  case series(Int)
}

package struct Colour: Sendable, Equatable {
  package var red, green, blue: UInt8

  package static let white = Colour(0xFFFFFF)

  package init(red: UInt8, green: UInt8, blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  package init(_ hex: UInt32) {
    red = UInt8(truncatingIfNeeded: hex >> 16)
    green = UInt8(truncatingIfNeeded: hex >> 8)
    blue = UInt8(truncatingIfNeeded: hex)
  }

  package var css: String {
    "#"
      + [red, green, blue].map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }
      .joined()
  }
}

extension Ink {
  /// Every role with its name on a page and its colours on light and dark ground.
  package static let table: [(ink: Ink, name: String, light: Colour, dark: Colour)] = [
    (.text, "text", Colour(0x1F2328), Colour(0xE6E8EB)),
    (.muted, "muted", Colour(0x59636E), Colour(0x9BA4AF)),
    (.axis, "axis", Colour(0x8A939D), Colour(0x6B7480)),
    (.grid, "grid", Colour(0xE3E6EA), Colour(0x2C323A)),
    (.paper, "paper", Colour(0xFFFFFF), Colour(0x14171B)),
    (.panel, "panel", Colour(0xF6F8FA), Colour(0x1D2228)),
    (.title, "title", Colour(0x1F5F93), Colour(0x2A6CA3)),
    (.titleText, "title-text", Colour(0xFFFFFF), Colour(0xFFFFFF)),
    (.quietTitle, "quiet-title", Colour(0x57616C), Colour(0x46505B)),
    (.onDark, "on-dark", Colour(0xFFFFFF), Colour(0xFFFFFF)),
    (.onLight, "on-light", Colour(0x1F2328), Colour(0x1F2328)),
    (.series(0), "series-0", Colour(0x1F77B4), Colour(0x58A6E8)),
    (.series(1), "series-1", Colour(0xE8710A), Colour(0xFF9D4D)),
    (.series(2), "series-2", Colour(0x2CA02C), Colour(0x5CC46A)),
    (.series(3), "series-3", Colour(0xD62728), Colour(0xF47174)),
    (.series(4), "series-4", Colour(0x9467BD), Colour(0xB794E0)),
    (.series(5), "series-5", Colour(0x8C564B), Colour(0xC08A7D)),
    (.series(6), "series-6", Colour(0xD14FA8), Colour(0xF08CCB)),
    (.series(7), "series-7", Colour(0x17909C), Colour(0x4FC7D2)),
  ]

  /// The row of the table; series beyond the last colour start again with the first.
  private var row: (ink: Ink, name: String, light: Colour, dark: Colour) {
    var wanted = self
    if case .series(let index) = self { wanted = .series(index & 7) }
    return Ink.table.first { $0.ink == wanted } ?? Ink.table[0]
  }

  package var light: Colour { row.light }
  package var variable: String { "var(--figure-\(row.name))" }
}
