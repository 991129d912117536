import Adjoint

/// Stochastic gradient descent, with momentum if wanted.
///
/// With gradient g, weight w and decay λ: g ← g + λ w. Without momentum w ← w - η g. With momentum
/// μ and dampening τ: b ← μ b + (1 - τ) g, where the first b is g itself, then w ← w - η b, or with
/// Nesterov w ← w - η (g + μ b). These are PyTorch's conventions.
public final class SGD: Optimizer {
  /// The step size η.
  public var learningRate: Double
  /// The share μ of the last direction that is kept.
  public let momentum: Double
  /// The share τ of the gradient that does not enter the momentum.
  public let dampening: Double
  /// The factor λ of the L2 penalty.
  public let weightDecay: Double
  /// Whether the gradient is taken ahead of the momentum step.
  public let nesterov: Bool

  var directions = PerParameter<Tensor>()

  /// Gradient descent with the given step size; everything else is off by default.
  public init(
    learningRate: Double = 0.01, momentum: Double = 0, dampening: Double = 0,
    weightDecay: Double = 0, nesterov: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    check("SGD", "learningRate", learningRate, in: .notNegative, file, line)
    check("SGD", "momentum", momentum, in: .notNegative, file, line)
    check("SGD", "weightDecay", weightDecay, in: .notNegative, file, line)
    if nesterov && (momentum == 0 || dampening != 0) {
      programmingError(
        "SGD", "nesterov needs a momentum and no dampening, not \(momentum) and \(dampening)",
        file: file, line: line)
    }
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.weightDecay = weightDecay
    self.nesterov = nesterov
  }

  /// One step for each parameter.
  public func update(_ parameters: [Parameter], _ gradients: Gradients) {
    var pending: [Tensor] = []
    for parameter in parameters {
      guard let gradient = gradients[parameter] else { continue }
      let next = next(parameter, gradient)
      // The old tensors end here, so that the new ones are computed into their memory.
      if momentum != 0 { directions[parameter] = next.direction }
      parameter.value = next.weight
      pending += [next.direction, next.weight]
    }
    materialize(pending)
  }

  private func next(
    _ parameter: Parameter, _ gradient: Tensor
  ) -> (direction: Tensor, weight: Tensor) {
    let weight = parameter.value.detached
    func constant(_ value: Double) -> Tensor { Tensor(value, dtype: weight.dtype) }
    let slope = weightDecay == 0 ? gradient : gradient + constant(weightDecay) * weight
    if momentum == 0 { return (slope, weight - constant(learningRate) * slope) }
    let direction =
      directions[parameter].map { constant(momentum) * $0 + constant(1 - dampening) * slope }
      ?? slope
    let step = nesterov ? slope + constant(momentum) * direction : direction
    return (direction, weight - constant(learningRate) * step)
  }
}
