import Adjoint
import Foundation

/// The formula of ``Adafactor``.
public struct AdafactorRule: UpdateRule {
  /// The exponent c of the decay: at step t the new square enters with the share tᶜ.
  public var beta2Decay: Double
  /// The smallest root of the square, ε₁; nil for the spacing of numbers at 1.
  public var epsilon1: Double?
  /// The smallest size of a weight that steps are scaled by, ε₂.
  public var epsilon2: Double
  /// The largest root-mean-square d of a direction.
  public var clippingThreshold: Double
  /// The share λ of the weight that is taken off in each step, times the step size.
  public var weightDecay: Double

  /// Means over rows and columns for matrices, a square for each element of a vector.
  public func initialState(of weight: Tensor) -> [String: Tensor] {
    if weight.rank < 2 { return ["v": Tensor.zeros(like: weight)] }
    var (rows, columns) = (Array(weight.shape), Array(weight.shape))
    rows[weight.rank - 1] = 1
    columns[weight.rank - 2] = 1
    return [
      "rows": Tensor.zeros(Shape(rows), dtype: weight.dtype),
      "columns": Tensor.zeros(Shape(columns), dtype: weight.dtype),
    ]
  }

  /// One step of Adafactor.
  public func step(
    _ weight: Tensor, _ gradient: Tensor, _ state: inout ParameterState, learningRate: Double
  ) -> Tensor {
    let t = Double(state.step)
    let share = pow(t, beta2Decay)
    let spacing = weight.dtype == .float32 ? Double(Float.ulpOfOne) : Double.ulpOfOne
    let smallest = epsilon1 ?? spacing
    let variance = variance(gradient, &state, share, smallest)
    let direction = gradient * rsqrt(maximum(variance, smallest * smallest))
    let excess = maximum(rootMeanSquare(direction) / clippingThreshold, 1)
    let size = maximum(rootMeanSquare(weight), epsilon2) * min(learningRate, 1 / t.squareRoot())
    return weight * (1 - learningRate * weightDecay) - (size / excess) * direction
  }

  /// The estimate of the squared gradient, in full.
  private func variance(
    _ g: Tensor, _ state: inout ParameterState, _ share: Double, _ smallest: Double
  ) -> Tensor {
    func average(_ name: String, _ new: Tensor) -> Tensor {
      state[name] = (1 - share) * state[name] + share * new
      return state[name]
    }
    if g.rank < 2 { return average("v", square(g)) }
    let rows = average("rows", square(g).mean(axes: [-1], keepingDimensions: true))
    let columns = average("columns", square(g).mean(axes: [-2], keepingDimensions: true))
    return rows / maximum(rows.mean(axes: [-2], keepingDimensions: true), smallest) * columns
  }

  private func rootMeanSquare(_ x: Tensor) -> Tensor {
    x.norm() / Double(x.elementCount).squareRoot()
  }

  /// A setting out of its range.
  public var problem: String? {
    if !(beta2Decay <= 0 && beta2Decay.isFinite) {
      return "beta2Decay must not be above 0, but is \(beta2Decay)"
    }
    return outside(.notNegative, "epsilon1", epsilon1 ?? 0)
      ?? outside(.notNegative, "epsilon2", epsilon2)
      ?? outside(1...Double.greatestFiniteMagnitude, "clippingThreshold", clippingThreshold)
      ?? outside(.notNegative, "weightDecay", weightDecay)
  }
}

/// Adafactor: Adam without a mean, whose squares take only a row and a column for a matrix.
///
/// With gradient g at step t and s = tᶜ: r ← (1 - s) r + s mean(g²) over columns, c the same over
/// rows, v = r c / max(mean(r), ε₁) (for vectors v ← (1 - s) v + s g²), u = g / √max(v, ε₁²),
/// w ← (1 - η λ) w - max(ε₂, RMS(w)) min(η, 1 / √t) u / max(1, RMS(u) / d).
/// Parameters of more than two axes are stacks of matrices of the last two.
///
/// Source: Shazeer and Stern, "Adafactor: adaptive learning rates with sublinear memory cost", ICML
/// 2018; this is the form of PyTorch.
public final class Adafactor: RuleOptimizer<AdafactorRule> {
  /// Adafactor with the settings of PyTorch by default.
  public init(
    learningRate: Double = 0.01, beta2Decay: Double = -0.8, epsilon1: Double? = nil,
    epsilon2: Double = 0.001, clippingThreshold: Double = 1, weightDecay: Double = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      learningRate: learningRate,
      AdafactorRule(
        beta2Decay: beta2Decay, epsilon1: epsilon1, epsilon2: epsilon2,
        clippingThreshold: clippingThreshold, weightDecay: weightDecay),
      file: file, line: line)
  }
}
