import Adjoint

/// A limit for gradients: `gradients.clipped(.globalNorm(1))`, or `optimizer.clipping`.
public enum GradientClipping: Sendable {
  /// Each element is moved into -limit ... limit.
  case value(Double)
  /// Each parameter's gradient g becomes g min(1, limit / (‖g‖ + 1e-6)).
  case norm(Double)
  /// All gradients are scaled by one factor, so that the norm of all together is at most a limit.
  ///
  /// The factor is min(1, limit / (n + 1e-6)) for a norm of n: the directions stay. This is
  /// PyTorch's `clip_grad_norm_`; Keras has no 1e-6.
  case globalNorm(Double)
  /// Each row of a weight limits the norm of its gradient.
  ///
  /// Where ‖g‖ > f max(‖w‖, ε) for a row w and its gradient g, g becomes g f max(‖w‖, ε) / max(‖g‖,
  /// 1e-6).
  ///
  /// A row is what belongs to one output, all but the first axis; vectors are one row. The paper
  /// leaves out the last layer. Source: Brock, De, Smith and Simonyan, "High-performance large-scale
  /// image recognition without normalization", ICML 2021, with f = 0.01 and ε = 1e-3.
  case adaptive(factor: Double = 0.01, epsilon: Double = 1e-3)
}

extension Gradients {
  /// The Euclidean norm of all gradients together: a number to watch during training.
  ///
  /// NaN or infinity in a gradient shows here.
  public var globalNorm: Double { squaredNorm.squareRoot() }

  private var squaredNorm: Double {
    let squares = all.map { square($0.gradient.norm().cast(to: .float64)) }
    return squares.reduce(0) { $0 + $1.scalar }
  }

  /// The gradients within a limit.
  ///
  /// A limit that is negative or no number stops the program.
  public func clipped(
    _ clipping: GradientClipping, file: StaticString = #fileID, line: UInt = #line
  ) -> Gradients {
    func check(_ name: String, _ limit: Double) {
      guard let problem = outside(.notNegative, name, limit) else { return }
      programmingError("clipped", problem, file: file, line: line)
    }
    switch clipping {
    case .value(let limit):
      check("value", limit)
      return mapped { _, g in clamp(g, min: -limit, max: limit) }
    case .norm(let limit):
      check("norm", limit)
      return mapped { _, g in g * minimum(limit / (g.norm() + 1e-6), 1) }
    case .globalNorm(let limit):
      check("globalNorm", limit)
      let factor = limit / (globalNorm + 1e-6)
      // Where NaN is in a gradient, it reaches all of them, as in PyTorch.
      return factor >= 1 ? self : self * factor
    case .adaptive(let factor, let epsilon):
      check("factor", factor)
      check("epsilon", epsilon)
      return mapped { parameter, g in
        let limits = factor * maximum(Self.rowNorms(parameter.value.detached), epsilon)
        let sizes = Self.rowNorms(g)
        return `where`(sizes .> limits, g * (limits / maximum(sizes, 1e-6)), g)
      }
    }
  }

  /// The norms of all but the first axis; of everything for a vector.
  private static func rowNorms(_ x: Tensor) -> Tensor {
    x.rank < 2 ? x.norm() : x.norm(axes: Array(1..<x.rank), keepingDimensions: true)
  }
}
