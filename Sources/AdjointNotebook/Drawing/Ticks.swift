import Foundation

/// The values that an axis marks: multiples of 1, 2, 2.5 or 5 times a power of ten.
package struct Ticks: Sendable, Equatable {
  package let values: [Double]
  package let labels: [String]

  /// - Parameters:
  ///   - low: The lower end of the axis.
  ///   - high: The upper end of the axis.
  ///   - limit: The largest number of intervals between ticks.
  ///   - wholeNumbers: Whether ticks must be integers.
  package init(from low: Double, to high: Double, limit: Int, wholeNumbers: Bool = false) {
    guard low.isFinite, high.isFinite, low < high, (high - low).isFinite else {
      values = low.isFinite ? [low] : []
      labels = values.map { $0.label(step: max(abs($0), 1)) }
      return
    }
    let rough = (high - low) / Double(max(1, limit))
    let magnitude = pow(10, log10(rough).rounded(.down))
    let factors: [Double] = [1, 2, 2.5, 5, 10]
    let enough = rough * (1 - 1e-9)
    let factor = factors.first { $0 * magnitude >= enough } ?? 10
    var step = factor * magnitude
    if wholeNumbers { step = max(1, step == 2.5 ? 5 : step.rounded(.up)) }
    let slack = step * 1e-9
    let first = ((low - slack) / step).rounded(.up)
    let last = ((high + slack) / step).rounded(.down)
    // Numbers so large that steps vanish in them have no ticks but their ends.
    guard step > 0, last - first < 1000, low + step > low else {
      values = [low, high]
      labels = values.map { $0.label(step: step) }
      return
    }
    values = stride(from: first, through: last, by: 1).map { $0 * step + 0 }
    labels = values.map { $0.label(step: step) }
  }

  /// The values that a logarithmic axis marks: powers of ten, and between few of them 2 and 5 times
  /// each.
  ///
  /// - Parameters:
  ///   - low: The exponent at the lower end.
  ///   - high: The exponent at the upper end.
  package init(fromPower low: Double, toPower high: Double, limit: Int) {
    guard low.isFinite, high.isFinite, low < high, high - low < 700 else {
      self.init(values: [], labels: [])
      return
    }
    let powers = Int(low.rounded(.down))...Int(high.rounded(.up))
    func multiples(_ factors: [Double]) -> [Double] {
      powers.flatMap { power in factors.map { $0 * pow(10, Double(power)) } }
        .filter { (low - 1e-9...high + 1e-9).contains(log10($0)) }
    }
    let choices = [multiples([1, 2, 5]), multiples([1, 3]), multiples([1])]
    var chosen = choices.first { $0.count <= limit + 1 } ?? choices[2]
    if chosen.count > limit + 1 {
      let step = (chosen.count + limit) / (limit + 1)
      chosen = stride(from: 0, to: chosen.count, by: step).map { chosen[$0] }
    }
    // Less than a decade may hold no such number: then as on a plain axis.
    if chosen.count < 2 {
      self.init(from: pow(10, low), to: pow(10, high), limit: limit)
      return
    }
    self.init(
      values: chosen, labels: chosen.map { $0.label(step: (1..<1e7).contains($0) ? 1 : $0) })
  }

  private init(values: [Double], labels: [String]) {
    (self.values, self.labels) = (values, labels)
  }
}

extension String {
  /// Digits with a comma before every three.
  package var grouped: String {
    var result = self
    for position in stride(from: count - 3, to: 0, by: -3) {
      result.insert(",", at: result.index(result.startIndex, offsetBy: position))
    }
    return result
  }
}

extension Double {
  /// The number as an axis label, with the decimals that tell neighbours a step apart.
  package func label(step: Double) -> String {
    guard isFinite else { return isNaN ? "NaN" : self < 0 ? "−∞" : "∞" }
    let size = abs(self)
    if size >= 1e7 || (step < 1e-4 && step > 0) {
      // As many digits as tell neighbours apart; `%g` leaves out zeros at the end.
      let digits = Int(min(15, max(1, log10(size / step).rounded(.down) + 3)))
      let parts = String(format: "%.*g", digits, self).split(separator: "e")
      let exponent = parts.count > 1 ? Int(parts[1]).map { "e\($0)" } ?? "" : ""
      return (parts[0] + exponent).replacingOccurrences(of: "-", with: "−")
    }
    var decimals = 0
    while decimals < 6, !(step * pow(10, Double(decimals))).isWhole { decimals += 1 }
    let text = String(format: "%.*f", decimals, size)
    let parts = text.split(separator: ".", maxSplits: 1)
    var digits = String(parts[0])
    if digits.count > 4 { digits = digits.grouped }
    if parts.count > 1 { digits += "." + parts[1] }
    return self < 0 && text.contains { $0 != "0" && $0 != "." } ? "−" + digits : digits
  }

  /// The number as a label of its own.
  package var label: String { label(step: rounded() == self ? 1 : 0.01) }

  private var isWhole: Bool { abs(self - rounded()) < 1e-6 * Swift.max(1, abs(self)) }
}
