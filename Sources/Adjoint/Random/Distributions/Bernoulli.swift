/// The distribution of a number that is 1 with some probability and else 0.
public struct Bernoulli: Distribution {
  /// The probability of 1.
  public let probability: Tensor
  /// log(p / (1 - p)), where the distribution was made from it.
  private let logits: Tensor?
  /// Always false.
  public static let isReparameterized = false

  /// A Bernoulli distribution for each probability.
  public init(probability: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    self.probability =
      parameters(
        "Bernoulli", [("probability", probability, .probability)], file, line)[0]
    logits = nil
  }

  /// A Bernoulli distribution for each log(p / (1 - p)): no probability is too small for it.
  public init(logits: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    let found = parameters("Bernoulli", [("logits", logits, .real)], file, line)[0]
    probability = sigmoid(found)
    self.logits = found
  }

  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { probability.shape }
  /// The expectation.
  public var mean: Tensor { probability }
  /// The variance of each element of a draw.
  public var variance: Tensor { probability * (1 - probability) }
  /// The entropy, in nats.
  public var entropy: Tensor {
    if let logits { return softplus(logits) - logits * probability }
    let other = 1 - probability
    return -xlogy(probability, probability) - xlogy(other, other)
  }

  /// Independent draws of the shape `shape` + `batchShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    let unit = Tensor.uniform(sampleShape(shape), dtype: probability.dtype, using: &generator)
    return (unit .< probability.detached).cast(to: probability.dtype)
  }

  /// The logarithm of the probability.
  public func logProbability(of value: Tensor) -> Tensor {
    let value = value.matching(probability)
    let inside = (value .== 0) .| (value .== 1)
    let x = `where`(inside, value, 0)
    let logarithm =
      if let logits {
        x * logits - softplus(logits)
      } else {
        xlogy(x, probability) + xlogy(1 - x, 1 - probability)
      }
    return logarithm.orImpossible(unless: inside)
  }
}

/// The number of failures before the first success.
///
/// Probability: p (1 - p)^k for k = 0, 1, 2, ...
public struct Geometric: Distribution {
  /// The probability of success.
  public let probability: Tensor
  /// Always false.
  public static let isReparameterized = false

  /// A geometric distribution for each probability, none of which may be 0.
  public init(probability: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    let found = parameters(
      "Geometric", [("probability", probability, .probability)], file, line)[0]
    checkParameter("Geometric", "probability", found, .positive, file, line)
    self.probability = found
  }

  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { probability.shape }
  /// The expectation.
  public var mean: Tensor { 1 / probability - 1 }
  /// The variance of each element of a draw.
  public var variance: Tensor { (1 - probability) / square(probability) }
  /// The entropy, in nats.
  public var entropy: Tensor {
    let other = 1 - probability
    return -(xlogy(other, other) + xlogy(probability, probability)) / probability
  }

  /// Independent draws of the shape `shape` + `batchShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    let p = probability.detached
    let waiting = exponentialNoise(sampleShape(shape), p.dtype, using: &generator)
    return floor(waiting / -log1p(-p))
  }

  /// The logarithm of the probability.
  public func logProbability(of value: Tensor) -> Tensor {
    let value = value.matching(probability)
    let inside = (value .>= 0) .& (value .== floor(value))
    let k = `where`(inside, value, 0)
    return (xlogy(k, 1 - probability) + log(probability)).orImpossible(unless: inside)
  }
}
