import Adjoint

/// The formula of ``AdamW``.
public struct AdamWRule: UpdateRule, MomentRule {
  /// The decay β₁ of the mean.
  public var beta1: Double
  /// The decay β₂ of the square.
  public var beta2: Double
  /// The number ε that keeps the quotient finite.
  public var epsilon: Double
  /// The share λ of the weight that is taken off in each step, times the step size.
  public var weightDecay: Double
  /// Whether the largest v so far takes the place of v.
  public var amsgrad: Bool

  /// Adam's own.
  public func initialState(of weight: Tensor) -> [String: Tensor] { adam.initialState(of: weight) }

  /// A step of Adam from the smaller weight.
  public func step(
    _ weight: Tensor, _ gradient: Tensor, _ state: inout ParameterState, learningRate: Double
  ) -> Tensor {
    let smaller = weightDecay == 0 ? weight : weight * (1 - learningRate * weightDecay)
    return adam.step(smaller, gradient, &state, learningRate: learningRate)
  }

  private var adam: AdamRule {
    AdamRule(
      beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: 0, amsgrad: amsgrad,
      convention: .pytorch)
  }
}

/// Adam with decoupled weight decay: weights shrink apart from the gradient.
///
/// `w ← (1 - η λ) w`, then a step of ``Adam`` with the gradient alone. Biases and the scales of
/// normalisations are usually left out: `configure` gives them a decay of 0.
///
/// Source: Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019.
public final class AdamW: RuleOptimizer<AdamWRule> {
  /// AdamW with the settings of PyTorch by default.
  public init(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0.01, amsgrad: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      learningRate: learningRate,
      AdamWRule(
        beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, amsgrad: amsgrad),
      file: file, line: line)
  }
}
