import Adjoint

/// The formula of ``SGD``.
public struct SGDRule: UpdateRule {
  /// The share μ of the last direction that is kept.
  public var momentum: Double
  /// The share τ of the gradient that does not enter the momentum.
  public var dampening: Double
  /// The factor λ of the L2 penalty.
  public var weightDecay: Double
  /// Whether the gradient is taken ahead of the momentum step.
  public var nesterov: Bool

  /// b, if there is a momentum.
  public func initialState(of weight: Tensor) -> [String: Tensor] {
    momentum == 0 ? [:] : ["b": Tensor.zeros(like: weight)]
  }

  /// One step of gradient descent.
  public func step(
    _ weight: Tensor, _ gradient: Tensor, _ state: inout ParameterState, learningRate: Double
  ) -> Tensor {
    let g = weightDecay == 0 ? gradient : gradient + weightDecay * weight
    if momentum == 0 { return weight - learningRate * g }
    let b = state.step == 1 ? g : momentum * state["b"] + (1 - dampening) * g
    state["b"] = b
    return weight - learningRate * (nesterov ? g + momentum * b : b)
  }

  /// A setting out of its range.
  public var problem: String? {
    if nesterov && (momentum == 0 || dampening != 0) {
      return "nesterov needs a momentum and no dampening, not \(momentum) and \(dampening)"
    }
    return outside(.notNegative, "momentum", momentum)
      ?? outside(.notNegative, "weightDecay", weightDecay)
  }
}

/// Stochastic gradient descent, with momentum if wanted.
///
/// With gradient g, weight w and decay λ: g ← g + λ w. Without momentum w ← w - η g. With momentum
/// μ and dampening τ: b ← μ b + (1 - τ) g, where the first b is g itself, then w ← w - η b, or with
/// Nesterov w ← w - η (g + μ b). These are PyTorch's conventions.
public final class SGD: RuleOptimizer<SGDRule> {
  /// Gradient descent with the given step size; everything else is off by default.
  public init(
    learningRate: Double = 0.01, momentum: Double = 0, dampening: Double = 0,
    weightDecay: Double = 0, nesterov: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    super.init(
      learningRate: learningRate,
      SGDRule(
        momentum: momentum, dampening: dampening, weightDecay: weightDecay, nesterov: nesterov),
      file: file, line: line)
  }
}
