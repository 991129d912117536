/// The beta distribution, of probabilities.
///
/// Density: x^(alpha - 1) (1 - x)^(beta - 1) / B(alpha, beta) for x in (0, 1). Gradients
/// flow through samples once: see ``Distribution``.
public struct Beta: Distribution {
  /// The concentration at 1.
  public let alpha: Tensor
  /// The concentration at 0.
  public let beta: Tensor
  /// Always true.
  public static let isReparameterized = true

  /// A beta distribution for each element of the parameters.
  public init(
    alpha: Tensor, beta: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) {
    let found = parameters(
      "Beta", [("alpha", alpha, .positive), ("beta", beta, .positive)], file, line)
    (self.alpha, self.beta) = (found[0], found[1])
  }

  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { alpha.shape }
  /// The expectation.
  public var mean: Tensor { alpha / (alpha + beta) }
  /// The variance of each element of a draw.
  public var variance: Tensor {
    let total = alpha + beta
    return alpha * beta / (square(total) * (total + 1))
  }
  /// The entropy, in nats.
  public var entropy: Tensor {
    logBeta(alpha, beta) - (alpha - 1) * digamma(alpha) - (beta - 1) * digamma(beta)
      + (alpha + beta - 2) * digamma(alpha + beta)
  }

  /// Independent draws of the shape `shape` + `batchShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    // A share of two gamma numbers, from their logarithms, which do not underflow.
    let sizes = sampleShape(shape)
    let a = Tensor.logGammaDraw(sizes, alpha, using: &generator)
    let b = Tensor.logGammaDraw(sizes, beta, using: &generator)
    return sigmoid(a - b)
  }

  /// The logarithm of the density.
  public func logProbability(of value: Tensor) -> Tensor {
    let value = value.matching(alpha)
    let inside = (value .> 0) .& (value .< 1)
    let x = `where`(inside, value, 0.5)
    let density = (alpha - 1) * log(x) + (beta - 1) * log1p(-x) - logBeta(alpha, beta)
    return density.orImpossible(unless: inside)
  }
}

/// log B(a, b) = log(gamma(a) gamma(b) / gamma(a + b)).
func logBeta(_ a: Tensor, _ b: Tensor) -> Tensor { lgamma(a) + lgamma(b) - lgamma(a + b) }

/// The Dirichlet distribution, of k probabilities that sum to one.
///
/// The last axis of `concentration` is the vector's. Gradients flow through
/// samples once: see ``Distribution``.
public struct Dirichlet: Distribution {
  /// The concentrations; the larger, the closer a draw is to their shares.
  public let concentration: Tensor
  /// Always true.
  public static let isReparameterized = true

  /// A Dirichlet distribution for each vector along the last axis.
  public init(concentration: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    if concentration.rank == 0 || concentration.shape.last == 0 {
      programmingError(
        "Dirichlet", "concentration has shape \(concentration.shape); a last axis is needed",
        file: file, line: line)
    }
    self.concentration =
      parameters(
        "Dirichlet", [("concentration", concentration, .positive)], file, line)[0]
  }

  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { Shape(concentration.shape.dropLast()) }
  /// The shape of one draw.
  public var eventShape: Shape { Shape(concentration.shape.suffix(1)) }
  private var total: Tensor { concentration.sum(axes: [-1], keepingDimensions: true) }
  /// The expectation.
  public var mean: Tensor { concentration / total }
  /// The variance of each element of a draw.
  public var variance: Tensor { mean * (1 - mean) / (total + 1) }

  /// The logarithm of the normalizing constant.
  private var logConstant: Tensor {
    lgamma(concentration).sum(axes: [-1]) - lgamma(concentration.sum(axes: [-1]))
  }

  /// The entropy, in nats.
  public var entropy: Tensor {
    let a = concentration
    let all = a.sum(axes: [-1])
    let count = Double(a.shape[a.rank - 1])
    return logConstant + (all - count) * digamma(all) - ((a - 1) * digamma(a)).sum(axes: [-1])
  }

  /// Independent draws of the shape `shape` + `batchShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    softmax(Tensor.logGammaDraw(sampleShape(shape), concentration, using: &generator))
  }

  /// The logarithm of the density at vectors of probabilities along the last axis.
  public func logProbability(of value: Tensor) -> Tensor {
    let value = value.matching(concentration)
    let inside = value .> 0
    let x = `where`(inside, value, 1)
    let density = ((concentration - 1) * log(x)).sum(axes: [-1]) - logConstant
    let outside = (.!inside).sum(axes: [-1]) .> 0
    return density.orImpossible(unless: .!outside)
  }
}
