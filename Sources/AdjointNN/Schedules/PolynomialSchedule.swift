import Foundation

extension Schedule {
  /// From a rate down to another: end + (η - end) (1 - t / steps)ᵖ; then it stays.
  ///
  /// PyTorch's `PolynomialLR`, whose end is 0.
  public static func polynomial(
    from rate: Double, to end: Double = 0, steps: Int, power: Double = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    require(steps: steps, "polynomial", file, line)
    return Schedule { step in
      let rest = 1 - Double(min(step, steps)) / Double(steps)
      return end + (rate - end) * pow(rest, power)
    }
  }
}
