import Adjoint
import Foundation

/// The formula of ``LAMB``.
public struct LAMBRule: UpdateRule, MomentRule {
  /// The decay β₁ of the mean.
  public var beta1: Double
  /// The decay β₂ of the square.
  public var beta2: Double
  /// The number ε that keeps the quotient finite.
  public var epsilon: Double
  /// The share λ of the weight in the direction.
  public var weightDecay: Double

  /// One step of LAMB.
  public func step(
    _ weight: Tensor, _ gradient: Tensor, _ state: inout ParameterState, learningRate: Double
  ) -> Tensor {
    let m = beta1 * state["m"] + (1 - beta1) * gradient
    let v = beta2 * state["v"] + (1 - beta2) * square(gradient)
    (state["m"], state["v"]) = (m, v)
    let mean = m / (1 - pow(beta1, Double(state.step)))
    let size = sqrt(v / (1 - pow(beta2, Double(state.step)))) + epsilon
    let direction = mean / size + weightDecay * weight
    // One pass for all three: the norm alone would leave m and v to be computed again.
    materialize([m, v, direction], flushingSubnormals: true)
    return weight - learningRate * (ratio(weight.norm(), direction.norm()) * direction)
  }
}

/// LAMB: steps of Adam whose length is a share of the weight's own, for very large batches.
///
/// With gradient g at step t: m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g²,
/// d = (m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + ε) + λ w, w ← w - η ‖w‖ / ‖d‖ · d.
/// Norms are those of a whole parameter; the ratio is 1 where one of them is 0.
///
/// Source: You et al., "Large batch optimization for deep learning: training BERT in 76 minutes",
/// ICLR 2020, with the identity for φ.
public final class LAMB: RuleOptimizer<LAMBRule> {
  /// LAMB with the settings of the paper by default, and no weight decay.
  public init(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-6, weightDecay: Double = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    super.init(
      learningRate: learningRate,
      LAMBRule(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay),
      file: file, line: line)
  }
}
