import CAdjoint

/// The number of successes in independent trials.
///
/// Probability: (n over k) p^k (1 - p)^(n - k). Samples carry no gradient.
public struct Binomial: Distribution {
  /// The number of trials.
  public let count: Tensor
  /// The probability of success.
  public let probability: Tensor
  /// Always false.
  public static let isReparameterized = false

  /// A binomial distribution for each element of the parameters; counts must be whole.
  public init(
    count: Tensor, probability: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) {
    let found = parameters(
      "Binomial",
      [("count", count, .notNegative), ("probability", probability, .probability)], file, line)
    (self.count, self.probability) = (found[0].detached, found[1])
    let parts = self.count - floor(self.count)
    if parts.elementCount > 0, parts.max().scalar > 0 {
      programmingError(
        "Binomial",
        "count must be whole, but \(self.count.scalars[Int(parts.argMax().scalar)]) "
          + "is not", file: file, line: line)
    }
  }

  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { count.shape }
  /// The expectation.
  public var mean: Tensor { count * probability }
  /// The variance of each element of a draw.
  public var variance: Tensor { count * probability * (1 - probability) }

  /// The entropy, a sum over all possible values.
  public var entropy: Tensor { -expectation { logProbability(of: $0) } }

  /// The expectation of a function of the value: a sum over all possible values.
  func expectation(of f: (Tensor) -> Tensor) -> Tensor {
    let largest = count.elementCount == 0 ? 0 : Int(count.max().scalar)
    return expectationOverCounts(upTo: largest, like: count, logProbability(of:), f)
  }

  /// Independent draws of the shape `shape` + `batchShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    Tensor.sampled(
      ADJ_DRAW_BINOMIAL, sampleShape(shape), count, probability, using: &generator)
  }

  /// The logarithm of the probability.
  public func logProbability(of value: Tensor) -> Tensor {
    let value = value.matching(probability)
    let inside = (value .>= 0) .& (value .<= count) .& (value .== floor(value))
    let k = `where`(inside, value, 0)
    let rest = count - k
    let choices = lgamma(count + 1) - lgamma(k + 1) - lgamma(rest + 1)
    return (choices + xlogy(k, probability) + xlogy(rest, 1 - probability))
      .orImpossible(unless: inside)
  }
}

/// The number of events that come independently, `rate` of them on average.
///
/// Probability: rate^k exp(-rate) / k!. Samples carry no gradient.
public struct Poisson: Distribution {
  /// The expected number.
  public let rate: Tensor
  /// Always false.
  public static let isReparameterized = false

  /// A Poisson distribution for each element of the parameter.
  public init(rate: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    self.rate = parameters("Poisson", [("rate", rate, .notNegative)], file, line)[0]
  }

  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { rate.shape }
  /// The expectation.
  public var mean: Tensor { rate }
  /// The variance of each element of a draw.
  public var variance: Tensor { rate }

  /// The entropy, a sum over all values that have a probability worth mentioning.
  public var entropy: Tensor {
    let largest = rate.elementCount == 0 ? 0 : rate.detached.max().scalar
    let end = Int(largest + 12 * largest.squareRoot() + 30)
    return -expectationOverCounts(upTo: end, like: rate, logProbability(of:)) {
      logProbability(of: $0)
    }
  }

  /// Independent draws of the shape `shape` + `batchShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    Tensor.sampled(ADJ_DRAW_POISSON, sampleShape(shape), rate, using: &generator)
  }

  /// The logarithm of the probability.
  public func logProbability(of value: Tensor) -> Tensor {
    let value = value.matching(rate)
    let inside = (value .>= 0) .& (value .== floor(value))
    let k = `where`(inside, value, 0)
    return (xlogy(k, rate) - rate - lgamma(k + 1)).orImpossible(unless: inside)
  }
}

/// The sum of p(k) f(k) over k from 0 to `largest`, where impossible values count nothing.
private func expectationOverCounts(
  upTo largest: Int, like parameter: Tensor, _ logProbability: (Tensor) -> Tensor,
  _ f: (Tensor) -> Tensor
) -> Tensor {
  let sizes = Shape([largest + 1] + Array(repeating: 1, count: parameter.rank))
  let values = Tensor.arange(largest + 1, dtype: parameter.dtype).reshaped(sizes)
  let logarithm = logProbability(values)
  let isPossible = logarithm .> .negativeInfinity
  let value = `where`(isPossible, f(values), 0)
  return (exp(logarithm) * value).sum(axes: [0])
}
