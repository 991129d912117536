/// Colours for numbers from low to high.
public struct ColorMap: Sendable {
  /// Colours at equal distances.
  private let anchors: [Colour]

  /// Dark blue over green to yellow: lighter is more, also in grey.
  public static let viridis = ColorMap([
    0x440154, 0x482878, 0x3E4989, 0x31688E, 0x26828E, 0x1F9E89, 0x35B779, 0x6DCD59, 0xB4DE2C,
    0xFDE725,
  ])

  /// Blue over white to red, for numbers on both sides of a middle.
  public static let diverging = ColorMap([
    0x2166AC, 0x67A9CF, 0xD1E5F0, 0xF7F7F7, 0xFDDBC7, 0xEF8A62, 0xB2182B,
  ])

  /// White to blue, for counts.
  public static let blues = ColorMap([0xF7FBFF, 0xC6DBEF, 0x6BAED6, 0x2171B5, 0x08306B])

  /// Black to white.
  public static let gray = ColorMap([0x000000, 0xFFFFFF])

  private init(_ anchors: [UInt32]) { self.anchors = anchors.map(Colour.init) }

  /// The colour at a position from 0 to 1; what is no number is grey.
  func colour(at position: Double) -> Colour {
    guard position.isFinite else { return Colour(0x9E9E9E) }
    let place = min(max(position, 0), 1) * Double(anchors.count - 1)
    let index = min(Int(place), anchors.count - 2)
    let (low, high, t) = (anchors[index], anchors[index + 1], place - Double(index))
    func mixed(_ a: UInt8, _ b: UInt8) -> UInt8 {
      let (start, end) = (Double(a), Double(b))
      let value: Double = start + (end - start) * t
      return UInt8(value.rounded())
    }
    return Colour(
      red: mixed(low.red, high.red), green: mixed(low.green, high.green),
      blue: mixed(low.blue, high.blue))
  }
}
