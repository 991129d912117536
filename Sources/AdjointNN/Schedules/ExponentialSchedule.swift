import Foundation

extension Schedule {
  /// The rate times γ in every step: η γᵗ.
  ///
  /// PyTorch's `ExponentialLR`.
  public static func exponential(from rate: Double, factor: Double) -> Schedule {
    Schedule { rate * pow(factor, Double($0)) }
  }
}
