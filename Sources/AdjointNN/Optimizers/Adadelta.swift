import Adjoint

/// The formula of ``Adadelta``.
public struct AdadeltaRule: UpdateRule {
  /// The decay ρ of both squares.
  public var decay: Double
  /// The number ε under the roots.
  public var epsilon: Double
  /// The factor λ of the L2 penalty.
  public var weightDecay: Double

  /// The running squares v of gradients and u of changes, zeros at first.
  public func initialState(of weight: Tensor) -> [String: Tensor] {
    ["v": Tensor.zeros(like: weight), "u": Tensor.zeros(like: weight)]
  }

  /// One step of Adadelta.
  public func step(
    _ weight: Tensor, _ gradient: Tensor, _ state: inout ParameterState, learningRate: Double
  ) -> Tensor {
    let g = weightDecay == 0 ? gradient : gradient + weightDecay * weight
    let v = decay * state["v"] + (1 - decay) * square(g)
    let change = sqrt(state["u"] + epsilon) / sqrt(v + epsilon) * g
    let u = decay * state["u"] + (1 - decay) * square(change)
    (state["v"], state["u"]) = (v, u)
    return weight - learningRate * change
  }

  /// A setting out of its range.
  public var problem: String? {
    outside(0...1, "decay", decay) ?? outside(.notNegative, "epsilon", epsilon)
      ?? outside(.notNegative, "weightDecay", weightDecay)
  }
}

/// Adadelta: steps in the units of the weights, from running squares of gradients and changes.
///
/// With gradient g (plus λ w with weight decay λ): v ← ρ v + (1 - ρ) g², d = √(u + ε) / √(v + ε) · g,
/// u ← ρ u + (1 - ρ) d², w ← w - η d. The step size η is 1 in the paper.
///
/// Source: Zeiler, "ADADELTA: an adaptive learning rate method", arXiv:1212.5701, 2012.
public final class Adadelta: RuleOptimizer<AdadeltaRule> {
  /// Adadelta with the settings of PyTorch by default.
  public init(
    learningRate: Double = 1, decay: Double = 0.9, epsilon: Double = 1e-6,
    weightDecay: Double = 0, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      learningRate: learningRate,
      AdadeltaRule(decay: decay, epsilon: epsilon, weightDecay: weightDecay),
      file: file, line: line)
  }
}
