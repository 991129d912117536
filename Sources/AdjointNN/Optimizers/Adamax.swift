import Adjoint
import Foundation

/// The formula of ``Adamax``.
public struct AdamaxRule: UpdateRule, MomentRule {
  /// The decay β₁ of the mean.
  public var beta1: Double
  /// The decay β₂ of the largest magnitude.
  public var beta2: Double
  /// The number ε that keeps the quotient finite.
  public var epsilon: Double
  /// The factor λ of the L2 penalty.
  public var weightDecay: Double

  /// m and u.
  public func initialState(of weight: Tensor) -> [String: Tensor] {
    ["m": Tensor.zeros(like: weight), "u": Tensor.zeros(like: weight)]
  }

  /// One step of Adamax.
  public func step(
    _ weight: Tensor, _ gradient: Tensor, _ state: inout ParameterState, learningRate: Double
  ) -> Tensor {
    let g = weightDecay == 0 ? gradient : gradient + weightDecay * weight
    let m = beta1 * state["m"] + (1 - beta1) * g
    let u = maximum(beta2 * state["u"], abs(g) + epsilon)
    (state["m"], state["u"]) = (m, u)
    return weight - (learningRate / (1 - pow(beta1, Double(state.step)))) * (m / u)
  }
}

/// Adam with the largest magnitude of late gradients in the place of the root of their square.
///
/// With gradient g (plus λ w with weight decay λ) at step t:
/// m ← β₁ m + (1 - β₁) g, u ← max(β₂ u, |g| + ε), w ← w - η / (1 - β₁ᵗ) · m / u.
///
/// Source: Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, section 7.
public final class Adamax: RuleOptimizer<AdamaxRule> {
  /// Adamax with the settings of the paper by default.
  public init(
    learningRate: Double = 0.002, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    super.init(
      learningRate: learningRate,
      AdamaxRule(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay),
      file: file, line: line)
  }
}
