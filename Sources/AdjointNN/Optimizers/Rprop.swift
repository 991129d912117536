import Adjoint

/// The formula of ``Rprop``.
public struct RpropRule: UpdateRule {
  /// What a step is multiplied by when the gradient has changed its sign: η₋.
  public var decrease: Double
  /// What a step is multiplied by when the gradient has kept its sign: η₊.
  public var increase: Double
  /// The smallest and the largest step.
  public var stepSizes: ClosedRange<Double>

  /// The size of each weight's step, and the gradient before.
  public func initialState(of weight: Tensor) -> [String: Tensor] {
    ["size": Tensor.zeros(like: weight), "gradient": Tensor.zeros(like: weight)]
  }

  /// One step of Rprop.
  public func step(
    _ weight: Tensor, _ gradient: Tensor, _ state: inout ParameterState, learningRate: Double
  ) -> Tensor {
    let agreement = gradient * state["gradient"]
    let last = state.step == 1 ? Tensor.full(like: weight, learningRate) : state["size"]
    let kept = `where`(agreement .> 0, Tensor(increase, dtype: weight.dtype), 1)
    let changed = last * `where`(agreement .< 0, Tensor(decrease, dtype: weight.dtype), kept)
    let size = clamp(changed, min: stepSizes.lowerBound, max: stepSizes.upperBound)
    let g = `where`(agreement .< 0, 0, gradient)
    (state["size"], state["gradient"]) = (size, g)
    return weight - sign(g) * size
  }

  /// A setting out of its range.
  public var problem: String? {
    if !(decrease > 0 && decrease < 1) {
      return "decrease must be between 0 and 1, not \(decrease)"
    }
    if !(increase > 1 && increase.isFinite) { return "increase must be above 1, not \(increase)" }
    return stepSizes.lowerBound < 0 ? "stepSizes must not be negative, not \(stepSizes)" : nil
  }
}

/// Rprop: every weight has a step size of its own, and only the sign of its gradient counts.
///
/// The step of a weight grows by η₊ while its gradient keeps the sign and shrinks by η₋ when the sign
/// has changed; such a gradient is taken for 0. Then w ← w - sign(g) step. The learning rate is the
/// first step of every weight; later changes of it have no effect. For whole data sets, not batches.
///
/// Source: Riedmiller and Braun, "A direct adaptive method for faster backpropagation learning: the
/// RPROP algorithm", ICNN 1993.
public final class Rprop: RuleOptimizer<RpropRule> {
  /// Rprop with the settings of PyTorch by default.
  public init(
    learningRate: Double = 0.01, decrease: Double = 0.5, increase: Double = 1.2,
    stepSizes: ClosedRange<Double> = 1e-6...50, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      learningRate: learningRate,
      RpropRule(decrease: decrease, increase: increase, stepSizes: stepSizes), file: file,
      line: line)
  }
}
