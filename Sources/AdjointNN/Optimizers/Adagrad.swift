import Adjoint

/// The formula of ``Adagrad``.
public struct AdagradRule: UpdateRule {
  /// How quickly the step size falls: it is divided by 1 + δ (t - 1) with this δ.
  public var learningRateDecay: Double
  /// The factor λ of the L2 penalty.
  public var weightDecay: Double
  /// What the sum of squares starts with.
  public var initialAccumulator: Double
  /// The number ε that keeps the quotient finite.
  public var epsilon: Double

  /// The sum s of squared gradients, which starts with the initial accumulator.
  public func initialState(of weight: Tensor) -> [String: Tensor] {
    ["s": Tensor.full(like: weight, initialAccumulator)]
  }

  /// One step of Adagrad.
  public func step(
    _ weight: Tensor, _ gradient: Tensor, _ state: inout ParameterState, learningRate: Double
  ) -> Tensor {
    let g = weightDecay == 0 ? gradient : gradient + weightDecay * weight
    let s = state["s"] + square(g)
    state["s"] = s
    let size = learningRate / (1 + Double(state.step - 1) * learningRateDecay)
    return weight - size * (g / (sqrt(s) + epsilon))
  }

  /// A setting out of its range.
  public var problem: String? {
    outside(.notNegative, "learningRateDecay", learningRateDecay)
      ?? outside(.notNegative, "weightDecay", weightDecay)
      ?? outside(.notNegative, "initialAccumulator", initialAccumulator)
      ?? outside(.notNegative, "epsilon", epsilon)
  }
}

/// Adagrad: steps scaled by the root of the sum of all squared gradients.
///
/// With gradient g (plus λ w with weight decay λ) at step t: s ← s + g²,
/// w ← w - η / (1 + δ (t - 1)) · g / (√s + ε).
///
/// Source: Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic
/// optimization", JMLR 12 (2011).
public final class Adagrad: RuleOptimizer<AdagradRule> {
  /// Adagrad with the settings of PyTorch by default.
  public init(
    learningRate: Double = 0.01, learningRateDecay: Double = 0, weightDecay: Double = 0,
    initialAccumulator: Double = 0, epsilon: Double = 1e-10, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    super.init(
      learningRate: learningRate,
      AdagradRule(
        learningRateDecay: learningRateDecay, weightDecay: weightDecay,
        initialAccumulator: initialAccumulator, epsilon: epsilon),
      file: file, line: line)
  }
}
