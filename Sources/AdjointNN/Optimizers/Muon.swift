import Adjoint

/// The formula of ``Muon``.
public struct MuonRule: UpdateRule {
  /// How the step depends on the shape `[rows, columns]` of a matrix.
  public enum Adjustment: Sendable {
    /// Times √max(1, rows / columns).
    case original
    /// Times 0.2 √max(rows, columns), so that rates and decays of ``AdamW`` fit.
    case matchingAdamW
    /// Times √(rows / columns).
    case spectral
  }

  /// The share μ of the last direction that is kept.
  public var momentum: Double
  /// Whether the gradient is taken ahead of the momentum step.
  public var nesterov: Bool
  /// The share λ of the weight that is taken off in each step, times the step size.
  public var weightDecay: Double
  /// How often the polynomial is applied.
  public var iterations: Int
  /// The coefficients a, b and c of the polynomial.
  public var coefficients: (Double, Double, Double)
  /// The smallest norm that a direction is divided by.
  public var epsilon: Double
  /// How the step depends on the shape.
  public var adjustment: Adjustment

  /// The momentum b, zeros at first.
  public func initialState(of weight: Tensor) -> [String: Tensor] {
    ["b": Tensor.zeros(like: weight)]
  }

  /// One step of Muon.
  public func step(
    _ weight: Tensor, _ gradient: Tensor, _ state: inout ParameterState, learningRate: Double
  ) -> Tensor {
    if weight.rank != 2 {
      programmingError(
        "Muon",
        "takes matrices, not a parameter of shape \(weight.shape): give the others to another "
          + "optimizer, with update(parameters, gradients) or an OptimizerPair")
    }
    let b = momentum * state["b"] + (1 - momentum) * gradient
    state["b"] = b
    let direction = nesterov ? (1 - momentum) * gradient + momentum * b : b
    let size = learningRate * factor(Double(weight.shape[0]), Double(weight.shape[1]))
    return weight * (1 - learningRate * weightDecay) - size * orthogonalized(direction)
  }

  /// The nearest matrix with orthogonal rows or columns, about, by the iteration of Newton and Schulz.
  private func orthogonalized(_ matrix: Tensor) -> Tensor {
    let isTall = matrix.shape[0] > matrix.shape[1]
    var x = isTall ? matrix.transposed() : matrix
    x = x / maximum(x.norm(), epsilon)
    let (a, b, c) = coefficients
    for _ in 0..<iterations {
      let gram = matmul(x, x.transposed())
      x = a * x + matmul(b * gram + c * matmul(gram, gram), x)
    }
    return isTall ? x.transposed() : x
  }

  private func factor(_ rows: Double, _ columns: Double) -> Double {
    switch adjustment {
    case .original: max(1, rows / columns).squareRoot()
    case .matchingAdamW: 0.2 * max(rows, columns).squareRoot()
    case .spectral: (rows / columns).squareRoot()
    }
  }

  /// A setting out of its range.
  public var problem: String? {
    if !(0..<100).contains(iterations) {
      return "iterations must be in 0 ..< 100, not \(iterations)"
    }
    return outside(.notNegative, "momentum", momentum)
      ?? outside(.notNegative, "weightDecay", weightDecay)
      ?? outside(.notNegative, "epsilon", epsilon)
  }
}

/// Muon: steps of gradient descent with momentum, made orthogonal; for the matrices of hidden layers.
///
/// With gradient g: b ← μ b + (1 - μ) g, d = (1 - μ) g + μ b with Nesterov, else b; x = d / ‖d‖, then
/// some times x ← a x + (b₂ x xᵀ + c (x xᵀ)²) x; w ← (1 - η λ) w - η f x, where f depends on the shape.
///
/// Parameters that are no matrices, and usually embeddings and the last layer, belong to another
/// optimizer: see ``OptimizerPair``. PyTorch iterates in bfloat16, we in the dtype of the weight.
///
/// Source: Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024; the
/// adjustment for AdamW: Liu et al., "Muon is scalable for LLM training", arXiv:2502.16982.
public final class Muon: RuleOptimizer<MuonRule> {
  /// Muon with the settings of PyTorch by default.
  public init(
    learningRate: Double = 0.001, momentum: Double = 0.95, nesterov: Bool = true,
    weightDecay: Double = 0.1, iterations: Int = 5,
    coefficients: (Double, Double, Double) = (3.4445, -4.775, 2.0315), epsilon: Double = 1e-7,
    adjustment: MuonRule.Adjustment = .original, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    super.init(
      learningRate: learningRate,
      MuonRule(
        momentum: momentum, nesterov: nesterov, weightDecay: weightDecay, iterations: iterations,
        coefficients: coefficients, epsilon: epsilon, adjustment: adjustment),
      file: file, line: line)
  }
}
