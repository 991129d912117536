import Foundation

extension Schedule {
  /// The rate times γ at each milestone: η γ^n, where n milestones are at t or before.
  ///
  /// PyTorch's `MultiStepLR`.
  public static func multiStep(
    from rate: Double, milestones: [Int], factor: Double = 0.1
  ) -> Schedule {
    Schedule { step in rate * pow(factor, Double(milestones.count { $0 <= step })) }
  }
}
