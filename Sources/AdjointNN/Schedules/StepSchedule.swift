import Foundation

extension Schedule {
  /// The rate times γ after every `steps` steps: η γ^⌊t / steps⌋.
  ///
  /// PyTorch's `StepLR`.
  public static func step(
    from rate: Double, every steps: Int, factor: Double = 0.1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Schedule {
    require(steps: steps, "step", file, line)
    return Schedule { rate * pow(factor, Double($0 / steps)) }
  }
}
