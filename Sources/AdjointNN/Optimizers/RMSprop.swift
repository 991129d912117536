import Adjoint

/// The formula of ``RMSprop``.
public struct RMSpropRule: UpdateRule {
  /// The decay α of the square.
  public var decay: Double
  /// The number ε that keeps the quotient finite.
  public var epsilon: Double
  /// The factor λ of the L2 penalty.
  public var weightDecay: Double
  /// The share μ of the last direction that is kept.
  public var momentum: Double
  /// Whether the square of the mean is taken off the square.
  public var centered: Bool

  /// v, the mean if it is taken off, and the direction if there is a momentum.
  public func initialState(of weight: Tensor) -> [String: Tensor] {
    let zeros = Tensor.zeros(like: weight)
    var state = ["v": zeros]
    if centered { state["mean"] = zeros }
    if momentum > 0 { state["b"] = zeros }
    return state
  }

  /// One step of RMSprop.
  public func step(
    _ weight: Tensor, _ gradient: Tensor, _ state: inout ParameterState, learningRate: Double
  ) -> Tensor {
    let g = weightDecay == 0 ? gradient : gradient + weightDecay * weight
    let v = decay * state["v"] + (1 - decay) * square(g)
    state["v"] = v
    var spread = v
    if centered {
      let mean = decay * state["mean"] + (1 - decay) * g
      state["mean"] = mean
      spread = v - square(mean)
    }
    let direction = g / (sqrt(spread) + epsilon)
    if momentum == 0 { return weight - learningRate * direction }
    let b = momentum * state["b"] + direction
    state["b"] = b
    return weight - learningRate * b
  }

  /// A setting out of its range.
  public var problem: String? {
    outside(0...1, "decay", decay) ?? outside(.notNegative, "epsilon", epsilon)
      ?? outside(.notNegative, "weightDecay", weightDecay)
      ?? outside(.notNegative, "momentum", momentum)
  }
}

/// RMSprop: steps scaled by a running estimate of the gradient's size.
///
/// With gradient g (plus λ w with weight decay λ): v ← α v + (1 - α) g², w ← w - η g / (√v + ε).
/// If `centered`, a ← α a + (1 - α) g and v - a² stands under the root. With momentum μ:
/// b ← μ b + g / (√v + ε), w ← w - η b.
///
/// Source: Tieleman and Hinton, "Lecture 6.5", Coursera 2012; centered: Graves, "Generating sequences
/// with recurrent neural networks", 2013. ε is added after the root, as in PyTorch.
public final class RMSprop: RuleOptimizer<RMSpropRule> {
  /// RMSprop with the settings of PyTorch by default.
  public init(
    learningRate: Double = 0.01, decay: Double = 0.99, epsilon: Double = 1e-8,
    weightDecay: Double = 0, momentum: Double = 0, centered: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      learningRate: learningRate,
      RMSpropRule(
        decay: decay, epsilon: epsilon, weightDecay: weightDecay, momentum: momentum,
        centered: centered),
      file: file, line: line)
  }
}
