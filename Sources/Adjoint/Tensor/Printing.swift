extension Tensor: CustomStringConvertible {
  /// The elements as NumPy prints them, then shape and dtype.
  ///
  /// Columns are aligned. From 1,001 elements on, the first and last three of each axis are shown.
  public var description: String {
    let shown = elementCount > 1000 ? summarised : self
    let texts = Tensor.texts(of: shown)
    let width = texts.map(\.count).max() ?? 0
    var rest = texts.map { String(repeating: " ", count: width - $0.count) + $0 }[...]
    let elided = shape.indices.map { elementCount > 1000 && shape[$0] > 6 }
    func write(_ axis: Int, _ indent: String) -> String {
      if axis == rank { return rest.popFirst() ?? "" }
      var parts = (0..<shown.shape[axis]).map { _ in write(axis + 1, indent + " ") }
      if elided[axis] { parts.insert("...", at: 3) }
      let separator =
        axis == rank - 1
        ? ", " : "," + String(repeating: "\n", count: rank - 1 - axis) + indent + " "
      return "[" + parts.joined(separator: separator) + "]"
    }
    let header = "shape \(shape), \(dtype)"
    return rank == 0 ? "\(write(0, ""))  (\(header))" : "\(write(0, ""))\n(\(header))"
  }

  /// The first and last three entries of every long axis.
  private var summarised: Tensor {
    var result = detached
    for axis in 0..<rank where shape[axis] > 6 {
      result = concatenated(
        [result.sliced(..<3, axis: axis), result.sliced((shape[axis] - 3)..., axis: axis)],
        axis: axis)
    }
    return result
  }

  /// Every element as text: with as many decimals as any needs, up to four, or in scientific form
  /// where the range is large.
  private static func texts(of x: Tensor) -> [String] {
    switch x.dtype {
    case .bool: return x.scalars(as: Bool.self).map { $0 ? "true" : "false" }
    case .int64, .int32, .uint8: return x.scalars(as: Int.self).map(String.init)
    case .float32, .float64:
      let values = x.scalars
      let sizes = values.filter { $0.isFinite && $0 != 0 }.map(\.magnitude)
      let largest = sizes.max() ?? 0
      let smallest = sizes.min() ?? 1
      if largest >= 1e8 || smallest < 1e-4 || largest / smallest > 1e5 && largest > 0 {
        return values.map { scientific($0) }
      }
      let decimals = (0...4).first { places in
        values.allSatisfy { !$0.isFinite || fixed($0, places) == fixed($0, 4).trimmed(to: places) }
      }
      return values.map { fixed($0, decimals ?? 4) + (decimals == 0 && $0.isFinite ? "." : "") }
    }
  }

  private static func fixed(_ value: Double, _ places: Int) -> String {
    guard value.isFinite else { return nonFinite(value) }
    let scale = [1.0, 10, 100, 1000, 10000][places]
    let scaled = Int((value.magnitude * scale).rounded(.toNearestOrEven))
    let sign = value.sign == .minus && value != 0 ? "-" : ""
    if places == 0 { return sign + String(scaled) }
    let digits = String(scaled % Int(scale))
    let fraction = String(repeating: "0", count: places - digits.count) + digits
    return "\(sign)\(scaled / Int(scale)).\(fraction)"
  }

  private static func scientific(_ value: Double) -> String {
    guard value.isFinite else { return nonFinite(value) }
    if value == 0 { return "0.0000e+00" }
    var exponent = 0
    var mantissa = value.magnitude
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    var text = fixed(mantissa, 4)
    if text.hasPrefix("10.") { (text, exponent) = ("1.0000", exponent + 1) }
    let digits = String(exponent.magnitude)
    let power = (exponent < 0 ? "-" : "+") + (digits.count < 2 ? "0" : "") + digits
    return (value < 0 ? "-" : "") + text + "e" + power
  }

  private static func nonFinite(_ value: Double) -> String {
    value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
  }
}

extension String {
  /// A number with four decimals cut to fewer, if only zeros go; otherwise the text as it is.
  fileprivate func trimmed(to places: Int) -> String {
    let zeros = suffix(4 - places)
    guard zeros.allSatisfy({ $0 == "0" }) else { return self }
    return String(dropLast(places == 0 ? 5 : 4 - places))
  }
}
