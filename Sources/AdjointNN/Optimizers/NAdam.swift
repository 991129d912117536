import Adjoint
import Foundation

/// The formula of ``NAdam``.
public struct NAdamRule: UpdateRule, MomentRule {
  /// The decay β₁ of the mean.
  public var beta1: Double
  /// The decay β₂ of the square.
  public var beta2: Double
  /// The number ε that keeps the quotient finite.
  public var epsilon: Double
  /// The factor λ of the L2 penalty, or of the decoupled decay.
  public var weightDecay: Double
  /// The number ψ that says how quickly the momentum reaches β₁.
  public var momentumDecay: Double
  /// Whether weights shrink apart from the gradient, as in ``AdamW``.
  public var decoupledWeightDecay: Bool

  /// m, v, and the product of all μ.
  public func initialState(of weight: Tensor) -> [String: Tensor] {
    let zeros = Tensor.zeros(like: weight)
    return ["m": zeros, "v": zeros, "momentumProduct": Tensor(1, dtype: .float64)]
  }

  /// One step of NAdam.
  public func step(
    _ weight: Tensor, _ gradient: Tensor, _ state: inout ParameterState, learningRate: Double
  ) -> Tensor {
    let (w, g) = decayed(weight, gradient, weightDecay, decoupledWeightDecay, learningRate)
    let (momentum, next) = (momentum(state.step), momentum(state.step + 1))
    let product = momentum * state["momentumProduct"].scalar
    let m = beta1 * state["m"] + (1 - beta1) * g
    let v = beta2 * state["v"] + (1 - beta2) * square(g)
    (state["m"], state["v"]) = (m, v)
    state["momentumProduct"] = Tensor(product, dtype: .float64)
    let size = sqrt(v / (1 - pow(beta2, Double(state.step)))) + epsilon
    let share = learningRate * (1 - momentum) / (1 - product)
    let ahead = learningRate * next / (1 - product * next)
    return w - (share * g + ahead * m) / size
  }

  /// μ at a step.
  private func momentum(_ step: Int) -> Double {
    beta1 * (1 - 0.5 * pow(0.96, Double(step) * momentumDecay))
  }

  /// A setting out of its range.
  public var problem: String? {
    problemWithMoments ?? outside(.notNegative, "momentumDecay", momentumDecay)
  }
}

/// Adam with Nesterov's look ahead.
///
/// With gradient g (plus λ w with weight decay λ) at step t and μₜ = β₁ (1 - 0.96^(t ψ) / 2):
/// m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g²,
/// w ← w - η ((1 - μₜ) g / (1 - Πₜ) + μₜ₊₁ m / (1 - Πₜ₊₁)) / (√(v / (1 - β₂ᵗ)) + ε),
/// where Πₜ is the product of μ₁ to μₜ.
///
/// Source: Dozat, "Incorporating Nesterov momentum into Adam", ICLR workshop 2016.
public final class NAdam: RuleOptimizer<NAdamRule> {
  /// NAdam with the settings of PyTorch by default.
  public init(
    learningRate: Double = 0.002, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, momentumDecay: Double = 0.004,
    decoupledWeightDecay: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      learningRate: learningRate,
      NAdamRule(
        beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
        momentumDecay: momentumDecay, decoupledWeightDecay: decoupledWeightDecay),
      file: file, line: line)
  }
}
