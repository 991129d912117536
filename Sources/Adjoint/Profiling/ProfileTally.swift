/// The sums of a line of a table.
struct Tally {
  private(set) var count = 0
  private(set) var seconds = 0.0
  private(set) var flops: Double?
  private(set) var bytes: Double?
  /// The least time that was possible, and the time of what it is known for; so for the rates.
  private var least = 0.0
  private var limitedSeconds = 0.0
  private var flopSeconds = 0.0
  private var byteSeconds = 0.0

  init() {}

  init(_ operations: [Profile.Operation], _ limits: MachineLimits) {
    for operation in operations { add(operation, limits) }
  }

  mutating func add(_ operation: Profile.Operation, _ limits: MachineLimits) {
    let time = operation.duration.seconds
    let calls = Double(operation.count)
    count += operation.count
    seconds += time
    if let work = operation.flops {
      flops = (flops ?? 0) + work
      flopSeconds += time
    }
    if let traffic = operation.bytes {
      bytes = (bytes ?? 0) + traffic
      byteSeconds += time
    }
    let once = limits.leastTime(
      flops: operation.flops.map { $0 / calls }, bytes: operation.bytes.map { $0 / calls },
      operation.dtype)
    if let once {
      least += once * calls
      limitedSeconds += time
    }
  }

  mutating func add(_ other: Tally) {
    count += other.count
    seconds += other.seconds
    if let work = other.flops { flops = (flops ?? 0) + work }
    if let traffic = other.bytes { bytes = (bytes ?? 0) + traffic }
    least += other.least
    limitedSeconds += other.limitedSeconds
    flopSeconds += other.flopSeconds
    byteSeconds += other.byteSeconds
  }

  var flopRate: Double? { flops.map { flopSeconds > 0 ? $0 / flopSeconds : 0 } }
  var byteRate: Double? { bytes.map { byteSeconds > 0 ? $0 / byteSeconds : 0 } }
  var shareOfLimit: Double? { limitedSeconds > 0 ? least / limitedSeconds : nil }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}

/// Columns of fixed widths: the first is flush left, a negative width means so too.
struct TextColumns {
  private let widths: [Int]
  init(_ widths: [Int]) { self.widths = widths }

  var rule: String {
    String(repeating: "─", count: widths.reduce(widths.count - 1) { $0 + abs($1) })
  }

  func row(_ cells: [String]) -> String {
    let parts = zip(cells, widths).enumerated().map { index, pair in
      let (cell, width) = (pair.0, abs(pair.1))
      // A name of the user's may hold anything.
      let line = String(cell.map { $0.isNewline ? " " : $0 })
      let text = line.count > width ? line.prefix(width - 1) + "…" : line
      let space = String(repeating: " ", count: width - text.count)
      return index == 0 || pair.1 < 0 ? text + space : space + text
    }
    var line = parts.joined(separator: " ")
    while line.last == " " { line.removeLast() }
    return line
  }
}

/// A number with three digits and a prefix, `4.11G`, or with a unit, `4.11 GB/s`; `-` for nil.
func quantity(_ value: Double?, _ unit: String? = nil) -> String {
  guard let value else { return "-" }
  var (rest, prefix) = (value, 0)
  let prefixes = ["", "k", "M", "G", "T", "P", "E"]
  while rest >= 999.5, prefix + 1 < prefixes.count { (rest, prefix) = (rest / 1000, prefix + 1) }
  let digits = threeDigits(rest, isWhole: prefix == 0 && rest == rest.rounded())
  return digits + (unit == nil ? "" : " ") + prefixes[prefix] + (unit ?? "")
}

/// A time with its unit: `12.3 ms`.
func time(_ seconds: Double) -> String {
  var (rest, unit) = (seconds * 1e9, 0)
  let units = ["ns", "µs", "ms", "s"]
  while rest >= 999.5, unit + 1 < units.count { (rest, unit) = (rest / 1000, unit + 1) }
  return "\(threeDigits(rest, isWhole: unit == 0)) \(units[unit])"
}

/// A share with one decimal: `41.2%`; `-` for nil.
func percentage(_ share: Double?) -> String {
  guard let share, share.isFinite else { return "-" }
  let tenths = Int((share * 1000).rounded())
  return tenths >= 1000 ? "\(tenths / 10)%" : "\(tenths / 10).\(tenths % 10)%"
}

private func threeDigits(_ value: Double, isWhole: Bool) -> String {
  if isWhole || value >= 99.95 { return "\(Int(value.rounded()))" }
  let decimals = value < 9.995 ? 2 : 1
  let scaled = Int((value * (decimals == 2 ? 100 : 10)).rounded())
  let (whole, rest) = scaled.quotientAndRemainder(dividingBy: decimals == 2 ? 100 : 10)
  return "\(whole)." + (decimals == 2 && rest < 10 ? "0" : "") + "\(rest)"
}
