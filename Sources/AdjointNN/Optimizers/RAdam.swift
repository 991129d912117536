import Adjoint
import Foundation

/// The formula of ``RAdam``.
public struct RAdamRule: UpdateRule, MomentRule {
  /// The decay β₁ of the mean.
  public var beta1: Double
  /// The decay β₂ of the square.
  public var beta2: Double
  /// The number ε that keeps the quotient finite.
  public var epsilon: Double
  /// The factor λ of the L2 penalty, or of the decoupled decay.
  public var weightDecay: Double
  /// Whether weights shrink apart from the gradient, as in ``AdamW``.
  public var decoupledWeightDecay: Bool

  /// One step of RAdam.
  public func step(
    _ weight: Tensor, _ gradient: Tensor, _ state: inout ParameterState, learningRate: Double
  ) -> Tensor {
    let (w, g) = decayed(weight, gradient, weightDecay, decoupledWeightDecay, learningRate)
    let m = beta1 * state["m"] + (1 - beta1) * g
    let v = beta2 * state["v"] + (1 - beta2) * square(g)
    (state["m"], state["v"]) = (m, v)
    let t = Double(state.step)
    let size = learningRate / (1 - pow(beta1, t))
    guard let rectification = rectification(t) else { return w - size * m }
    let second = (1 - pow(beta2, t)).squareRoot()
    return w - (size * rectification * second) * (m / (sqrt(v) + epsilon))
  }

  /// r at step t; nil while v rests on too few gradients.
  private func rectification(_ t: Double) -> Double? {
    let limit = 2 / (1 - beta2) - 1
    let length = limit - 2 * t * pow(beta2, t) / (1 - pow(beta2, t))
    if length <= 5 { return nil }
    let above = (length - 4) * (length - 2) * limit
    let below = (limit - 4) * (limit - 2) * length
    return (above / below).squareRoot()
  }
}

/// Rectified Adam: the first steps, while the square is not known well, are those of a momentum.
///
/// With gradient g (plus λ w with weight decay λ) at step t:
/// m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g²,
/// ρ∞ = 2 / (1 - β₂) - 1, ρ = ρ∞ - 2 t β₂ᵗ / (1 - β₂ᵗ).
/// If ρ > 5, w ← w - η / (1 - β₁ᵗ) · m · r √(1 - β₂ᵗ) / (√v + ε) with
/// r² = (ρ - 4) (ρ - 2) ρ∞ / ((ρ∞ - 4) (ρ∞ - 2) ρ), else w ← w - η / (1 - β₁ᵗ) · m.
///
/// Source: Liu et al., "On the variance of the adaptive learning rate and beyond", ICLR 2020.
public final class RAdam: RuleOptimizer<RAdamRule> {
  /// RAdam with the settings of PyTorch by default.
  public init(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, decoupledWeightDecay: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      learningRate: learningRate,
      RAdamRule(
        beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
        decoupledWeightDecay: decoupledWeightDecay),
      file: file, line: line)
  }
}
