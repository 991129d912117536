import Adjoint

/// The formula of ``LARS``.
public struct LARSRule: UpdateRule {
  /// The share μ of the last change that is kept.
  public var momentum: Double
  /// The factor λ of the L2 penalty.
  public var weightDecay: Double
  /// How far a parameter may move for its length: κ.
  public var trustCoefficient: Double

  /// The last change b.
  public func initialState(of weight: Tensor) -> [String: Tensor] {
    ["b": Tensor.zeros(like: weight)]
  }

  /// One step of LARS.
  public func step(
    _ weight: Tensor, _ gradient: Tensor, _ state: inout ParameterState, learningRate: Double
  ) -> Tensor {
    let length = weight.norm()
    let slope = gradient.norm()
    let trust = ratio(trustCoefficient * length, slope + weightDecay * length)
    let b = momentum * state["b"] + learningRate * (trust * (gradient + weightDecay * weight))
    state["b"] = b
    return weight - b
  }

  /// A setting out of its range.
  public var problem: String? {
    outside(.notNegative, "momentum", momentum)
      ?? outside(.notNegative, "weightDecay", weightDecay)
      ?? outside(.notNegative, "trustCoefficient", trustCoefficient)
  }
}

/// LARS: gradient descent with a rate for each parameter, in proportion to its length.
///
/// With gradient g: r = κ ‖w‖ / (‖g‖ + λ ‖w‖), b ← μ b + η r (g + λ w), w ← w - b.
/// Norms are those of a whole parameter; r is 1 where a weight or its gradient is 0, so that biases
/// which start at zero learn.
///
/// Source: You, Gitman and Ginsburg, "Large batch training of convolutional networks",
/// arXiv:1708.03888, 2017, algorithm 1.
public final class LARS: RuleOptimizer<LARSRule> {
  /// LARS with the settings of the paper by default, and no weight decay.
  public init(
    learningRate: Double = 0.1, momentum: Double = 0.9, weightDecay: Double = 0,
    trustCoefficient: Double = 0.001, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      learningRate: learningRate,
      LARSRule(
        momentum: momentum, weightDecay: weightDecay, trustCoefficient: trustCoefficient),
      file: file, line: line)
  }
}
