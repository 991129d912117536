import Foundation

extension Schedule {
  /// From a rate to another along half a cosine; then it stays.
  ///
  /// `end + (η - end) (1 + cos(π t / steps)) / 2`: PyTorch's `CosineAnnealingLR` up to `steps`,
  /// after which that one rises again.
  ///
  /// Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017.
  public static func cosine(
    from rate: Double, to end: Double = 0, steps: Int, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Schedule {
    require(steps: steps, "cosine", file, line)
    return Schedule { step in
      cosine(from: rate, to: end, at: Double(min(step, steps)) / Double(steps))
    }
  }

  /// The value between two others after a share of half a cosine.
  static func cosine(from start: Double, to end: Double, at share: Double) -> Double {
    end + (start - end) * ((1 + cos(.pi * share)) / 2)
  }
}
