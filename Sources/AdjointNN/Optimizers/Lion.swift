import Adjoint

/// The formula of ``Lion``.
public struct LionRule: UpdateRule {
  /// The share β₁ of the momentum in the direction.
  public var beta1: Double
  /// The decay β₂ of the momentum.
  public var beta2: Double
  /// The share λ of the weight that is taken off in each step, times the step size.
  public var weightDecay: Double

  /// The momentum m, zeros at first.
  public func initialState(of weight: Tensor) -> [String: Tensor] {
    ["m": Tensor.zeros(like: weight)]
  }

  /// One step of Lion.
  public func step(
    _ weight: Tensor, _ gradient: Tensor, _ state: inout ParameterState, learningRate: Double
  ) -> Tensor {
    let direction = sign(beta1 * state["m"] + (1 - beta1) * gradient)
    state["m"] = beta2 * state["m"] + (1 - beta2) * gradient
    return weight * (1 - learningRate * weightDecay) - learningRate * direction
  }

  /// A setting out of its range.
  public var problem: String? {
    outside(.decay, "beta1", beta1) ?? outside(.decay, "beta2", beta2)
      ?? outside(.notNegative, "weightDecay", weightDecay)
  }
}

/// Lion: every weight moves by the step size, in the direction of the momentum's sign.
///
/// With gradient g: c = β₁ m + (1 - β₁) g, w ← w - η (sign(c) + λ w), m ← β₂ m + (1 - β₂) g.
/// Rates are 3 to 10 times smaller than Adam's, decays as much larger.
///
/// Source: Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023.
public final class Lion: RuleOptimizer<LionRule> {
  /// Lion with the settings of the paper by default, and no weight decay.
  public init(
    learningRate: Double = 1e-4, beta1: Double = 0.9, beta2: Double = 0.99,
    weightDecay: Double = 0, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      learningRate: learningRate,
      LionRule(beta1: beta1, beta2: beta2, weightDecay: weightDecay), file: file, line: line)
  }
}
