import Adjoint
import Foundation

/// The formula of ``Adam``.
public struct AdamRule: UpdateRule, MomentRule {
  /// Where and how large ε is.
  public enum Convention: Sendable {
    /// Added to the root of the corrected v; 1e-8 by default.
    case pytorch
    /// Added to the root of v as it is; 1e-7 by default.
    case keras
  }

  /// The decay β₁ of the mean.
  public var beta1: Double
  /// The decay β₂ of the square.
  public var beta2: Double
  /// The number ε that keeps the quotient finite.
  public var epsilon: Double
  /// The factor λ of the L2 penalty.
  public var weightDecay: Double
  /// Whether the largest v so far takes the place of v.
  public var amsgrad: Bool
  /// Where ε is added.
  public var convention: Convention

  /// m and v, and the largest v if it counts.
  public func initialState(of weight: Tensor) -> [String: Tensor] {
    let zeros = Tensor.zeros(like: weight)
    return amsgrad ? ["m": zeros, "v": zeros, "largestV": zeros] : ["m": zeros, "v": zeros]
  }

  /// One step of Adam.
  public func step(
    _ weight: Tensor, _ gradient: Tensor, _ state: inout ParameterState, learningRate: Double
  ) -> Tensor {
    let g = weightDecay == 0 ? gradient : gradient + weightDecay * weight
    let m = beta1 * state["m"] + (1 - beta1) * g
    let v = beta2 * state["v"] + (1 - beta2) * square(g)
    (state["m"], state["v"]) = (m, v)
    if amsgrad { state["largestV"] = maximum(state["largestV"], v) }
    let first = 1 - pow(beta1, Double(state.step))
    let second = (1 - pow(beta2, Double(state.step))).squareRoot()
    let offset = convention == .keras ? epsilon : epsilon * second
    let size = sqrt(amsgrad ? state["largestV"] : v) + offset
    return weight - (learningRate * second / first) * (m / size)
  }
}

/// Adam: steps scaled by running estimates of the gradient's mean and square.
///
/// With gradient g (plus λ w with weight decay λ) at step t:
/// m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g²,
/// w ← w - η √(1 - β₂ᵗ) / (1 - β₁ᵗ) · m / (√v + ε̂).
///
/// The two conventions differ in ε̂ only: PyTorch adds ε = 1e-8 after v is corrected for its start at
/// zero, so ε̂ = ε √(1 - β₂ᵗ); Keras takes ε̂ = ε = 1e-7.
///
/// With `amsgrad` the largest v of all steps stands under the root. Weight decay that is not mixed
/// into the gradient is that of ``AdamW``.
///
/// Source: Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015; Keras uses the
/// form at the end of its section 2. AMSGrad: Reddi, Kale and Kumar, "On the convergence of Adam and
/// beyond", ICLR 2018.
public final class Adam: RuleOptimizer<AdamRule> {
  /// Adam with the settings of the paper by default.
  public init(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double? = nil, weightDecay: Double = 0, amsgrad: Bool = false,
    convention: AdamRule.Convention = .pytorch, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      learningRate: learningRate,
      AdamRule(
        beta1: beta1, beta2: beta2, epsilon: epsilon ?? (convention == .keras ? 1e-7 : 1e-8),
        weightDecay: weightDecay, amsgrad: amsgrad, convention: convention),
      file: file, line: line)
  }
}
