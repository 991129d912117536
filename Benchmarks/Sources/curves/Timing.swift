import Adjoint
import Foundation

/// The time of one run: the median of at least three samples, of a millisecond or more each, taken for
/// `seconds` after a run that is not counted.
func time(for seconds: Double, _ run: () -> Void) -> Double {
  func measured(_ count: Int) -> Double {
    let start = ContinuousClock.now
    for _ in 0..<count { run() }
    return (ContinuousClock.now - start) / .seconds(1)
  }
  _ = measured(1)
  var count = 1
  var last = measured(1)
  while last < 1e-3 {
    count *= 2
    last = measured(count)
  }
  var samples = [last / Double(count)]
  var total = last
  while samples.count < 3 || (total < seconds && samples.count < 1000) {
    let sample = measured(count)
    total += sample
    samples.append(sample / Double(count))
  }
  return samples.sorted()[samples.count / 2]
}

/// Measures one point in this process.
func measure(_ curve: Curve, at size: Int, for seconds: Double) -> Point {
  withGenerator(seed: 0) {
    let measurement = curve.prepare(size)
    let whole = time(for: seconds, measurement.whole)
    let peak = peakMegabytes()
    let tensors = Double(MemoryStatistics.current.peakBytes) / 1e6
    var point = Point(
      curve: curve.name, size: size, seconds: whole, processMegabytes: peak,
      tensorMegabytes: tensors)
    if !measurement.parts.isEmpty {
      let times = measurement.parts.map { ($0.name, time(for: seconds / 2, $0.run)) }
      point.parts = Dictionary(uniqueKeysWithValues: times)
    }
    point.readiness = measurement.readiness?()
    return point
  }
}

/// The most memory of this process that was in RAM, as the kernel counts it.
private func peakMegabytes() -> Double {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }
  return (line.flatMap { Double($0.filter(\.isNumber)) } ?? 0) * 1024 / 1e6
}
