extension Schedule {
  /// The form of the parts of `oneCycle`.
  public enum Annealing: Sendable {
    /// Half a cosine.
    case cosine
    /// A straight line.
    case linear
  }

  /// Up to a peak, then down far below the start.
  ///
  /// From peak / `initialDivisor` to the peak in the first `warmUpShare` of the steps, then to
  /// start / `finalDivisor` in the last step, where it stays. With `threePhases` the way down takes as
  /// long as the way up, back to the start, and the rest goes on from there to the end. This is
  /// PyTorch's `OneCycleLR` without its momentum.
  ///
  /// Source: Smith and Topin, "Super-convergence", 2018.
  public static func oneCycle(
    peak: Double, steps: Int, warmUpShare: Double = 0.3, initialDivisor: Double = 25,
    finalDivisor: Double = 1e4, annealing: Annealing = .cosine, threePhases: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    require(steps: steps, "oneCycle", file, line)
    require(
      (0...1).contains(warmUpShare), "oneCycle",
      "warmUpShare must be in 0 ... 1, not \(warmUpShare)",
      file, line)
    require(
      initialDivisor > 0 && finalDivisor > 0, "oneCycle",
      "the divisors must be above 0, not \(initialDivisor) and \(finalDivisor)", file, line)
    let start = peak / initialDivisor
    let end = start / finalDivisor
    let top = warmUpShare * Double(steps) - 1
    var phases = [(last: top, from: start, to: peak)]
    if threePhases { phases.append((2 * top, peak, start)) }
    phases.append((Double(steps - 1), threePhases ? start : peak, end))
    return Schedule { [phases] step in
      let t = Double(min(step, steps - 1))
      let index = phases.firstIndex { t <= $0.last } ?? phases.count - 1
      let phase = phases[index]
      let begin = index == 0 ? 0 : phases[index - 1].last
      let share = phase.last == begin ? 1 : (t - begin) / (phase.last - begin)
      switch annealing {
      case .cosine: return cosine(from: phase.from, to: phase.to, at: share)
      case .linear: return phase.from + (phase.to - phase.from) * share
      }
    }
  }
}
