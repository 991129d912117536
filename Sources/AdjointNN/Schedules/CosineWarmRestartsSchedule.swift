extension Schedule {
  /// Half a cosine again and again: each cycle starts at the rate, and is `growth` times as long.
  ///
  /// PyTorch's `CosineAnnealingWarmRestarts`. The source is that of `cosine`.
  /// - Parameters:
  ///   - rate: where each cycle starts.
  ///   - end: what it falls to.
  ///   - steps: the length of the first cycle.
  ///   - growth: how many times as long as the one before each cycle is.
  public static func cosineWarmRestarts(
    from rate: Double, to end: Double = 0, steps: Int, growth: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    require(steps: steps, "cosineWarmRestarts", file, line)
    require(
      growth > 0, "cosineWarmRestarts", "growth must be at least 1, not \(growth)", file, line)
    return Schedule { step in
      var (rest, length) = (step, steps)
      if growth == 1 {
        rest = step % steps
      } else {
        while rest >= length { (rest, length) = (rest - length, length * growth) }
      }
      return cosine(from: rate, to: end, at: Double(rest) / Double(length))
    }
  }
}
