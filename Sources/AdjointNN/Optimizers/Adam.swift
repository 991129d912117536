import Adjoint
import Foundation

/// Adam: steps scaled by running estimates of the gradient's mean and square.
///
/// With gradient g (plus λ w with weight decay λ) at step t:
/// m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g²,
/// w ← w - η √(1 - β₂ᵗ) / (1 - β₁ᵗ) · m / (√v + ε̂).
///
/// The two conventions differ in ε̂ only: PyTorch adds ε = 1e-8 after v is corrected for its start at
/// zero, so ε̂ = ε √(1 - β₂ᵗ); Keras takes ε̂ = ε = 1e-7.
///
/// Source: Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015; Keras uses the
/// form at the end of its section 2.
public final class Adam: Optimizer {
  /// Where and how large ε is.
  public enum Convention: Sendable {
    /// Added to the root of the corrected v; 1e-8 by default.
    case pytorch
    /// Added to the root of v as it is; 1e-7 by default.
    case keras
  }

  /// The step size η.
  public var learningRate: Double
  /// The decay β₁ of the mean.
  public let beta1: Double
  /// The decay β₂ of the square.
  public let beta2: Double
  /// The number ε that keeps the quotient finite.
  public let epsilon: Double
  /// The factor λ of the L2 penalty.
  public let weightDecay: Double
  /// Where ε is added.
  public let convention: Convention

  struct Moments {
    var step = 0
    var m: Tensor
    var v: Tensor
  }
  var moments = PerParameter<Moments>()

  /// Adam with the settings of the paper by default.
  public init(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double? = nil, weightDecay: Double = 0, convention: Convention = .pytorch,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check("Adam", "learningRate", learningRate, in: .notNegative, file, line)
    check("Adam", "beta1", beta1, in: 0...1.0.nextDown, file, line)
    check("Adam", "beta2", beta2, in: 0...1.0.nextDown, file, line)
    check("Adam", "epsilon", epsilon ?? 0, in: .notNegative, file, line)
    check("Adam", "weightDecay", weightDecay, in: .notNegative, file, line)
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon ?? (convention == .keras ? 1e-7 : 1e-8)
    self.weightDecay = weightDecay
    self.convention = convention
  }

  /// One step for each parameter.
  public func update(_ parameters: [Parameter], _ gradients: Gradients) {
    var pending: [Tensor] = []
    for parameter in parameters {
      guard let gradient = gradients[parameter] else { continue }
      let next = next(parameter, gradient)
      // The old tensors end here, so that one pass computes the new ones into their memory.
      moments[parameter] = next.moments
      parameter.value = next.weight
      pending += [next.moments.m, next.moments.v, next.weight]
    }
    materialize(pending, flushingSubnormals: true)
  }

  private func next(
    _ parameter: Parameter, _ gradient: Tensor
  ) -> (moments: Moments, weight: Tensor) {
    let weight = parameter.value.detached
    func constant(_ value: Double) -> Tensor { Tensor(value, dtype: weight.dtype) }
    let zeros = Tensor.zeros(weight.shape, dtype: weight.dtype)
    var new = moments[parameter] ?? Moments(m: zeros, v: zeros)
    let slope = weightDecay == 0 ? gradient : gradient + constant(weightDecay) * weight
    new.step += 1
    new.m = constant(beta1) * new.m + constant(1 - beta1) * slope
    new.v = constant(beta2) * new.v + constant(1 - beta2) * square(slope)
    let first = 1 - pow(beta1, Double(new.step))
    let second = (1 - pow(beta2, Double(new.step))).squareRoot()
    let step = learningRate * second / first
    let offset = convention == .keras ? epsilon : epsilon * second
    return (new, weight - constant(step) * (new.m / (sqrt(new.v) + constant(offset))))
  }
}
