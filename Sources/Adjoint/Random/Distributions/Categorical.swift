/// The distribution of an index 0 ..< k.
///
/// Samples are `int64`. The last axis of the parameter is that of the categories.
public struct Categorical: Distribution {
  /// The logarithms of the probabilities, which sum to one.
  public let logProbabilities: Tensor
  /// Always false.
  public static let isReparameterized = false

  /// A distribution for each row of logits: probabilities softmax(logits).
  public init(logits: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    let found = categories("Categorical", "logits", logits, .notNaN, file, line)
    logProbabilities = logSoftmax(found)
  }

  /// A distribution for each row of weights, which are divided by their sum.
  public init(probabilities: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    let found = categories("Categorical", "probabilities", probabilities, .notNegative, file, line)
    let total = found.sum(axes: [-1], keepingDimensions: true)
    checkParameter("Categorical", "the sum of probabilities", total, .positive, file, line)
    logProbabilities = log(found / total)
  }

  /// The probabilities of the categories.
  public var probabilities: Tensor { exp(logProbabilities) }
  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { Shape(logProbabilities.shape.dropLast()) }
  /// NaN: a category is no number.
  public var mean: Tensor { Tensor.full(batchShape, .nan, dtype: logProbabilities.dtype) }
  /// NaN: a category is no number.
  public var variance: Tensor { mean }
  /// The entropy, in nats.
  public var entropy: Tensor {
    -(probabilities * finiteLogProbabilities).sum(axes: [-1])
  }

  /// Logarithms that are finite even for probability 0, whose products with it are then 0.
  var finiteLogProbabilities: Tensor {
    `where`(logProbabilities .== .negativeInfinity, 0, logProbabilities)
  }

  /// Independent draws of the shape `shape` + `batchShape` + `eventShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    let sizes = sampleShape(shape)
    let position = generator.reserve(sizes.elementCount)
    return Tensor(
      probabilities.detached.payload.sampledIndices(
        sizes, seed: generator.seed, position: position))
  }

  /// The logarithm of the probability of integer categories.
  public func logProbability(of value: Tensor) -> Tensor {
    let count = logProbabilities.shape.last ?? 0
    let wanted = value.expandingDimension(at: -1)
    let checked = wanted.checkedIndices(below: count, "Categorical", "categories", #fileID, #line)
    return `where`(checked .== Tensor.arange(count), logProbabilities, 0).sum(axes: [-1])
  }
}

/// How often each of k categories comes up in a number of independent draws.
///
/// The last axis of the parameter is that of the categories.
public struct Multinomial: Distribution {
  /// The number of draws.
  public let count: Int
  /// The distribution of one draw.
  public let category: Categorical
  /// Always false.
  public static let isReparameterized = false

  /// A distribution of counts for each row of the categorical distribution's parameter.
  public init(
    count: Int, category: Categorical, file: StaticString = #fileID, line: UInt = #line
  ) {
    if count < 0 {
      programmingError(
        "Multinomial", "count must not be negative, but \(count) is", file: file, line: line)
    }
    (self.count, self.category) = (count, category)
  }

  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { category.batchShape }
  /// The shape of one draw.
  public var eventShape: Shape { Shape(category.logProbabilities.shape.suffix(1)) }
  /// The expectation.
  public var mean: Tensor { category.probabilities * Double(count) }
  /// The variance of each element of a draw.
  public var variance: Tensor { mean * (1 - category.probabilities) }

  /// The entropy, in nats.
  public var entropy: Tensor {
    // Each count alone is binomial.
    let p = category.probabilities
    let counts = Binomial(count: p.filled(with: Double(count)), probability: p)
    let factorials = counts.expectation { lgamma($0 + 1) }.sum(axes: [-1])
    return category.entropy * Double(count) + factorials - logFactorial(of: p)
  }

  private func logFactorial(of p: Tensor) -> Tensor {
    lgamma(Tensor(Double(count) + 1, dtype: p.dtype))
  }

  /// Independent draws of the shape `shape` + `batchShape` + `eventShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    let sizes = sampleShape(shape)
    let position = generator.reserve(sizes.elementCount)
    return Tensor(
      category.probabilities.detached.payload.sampledCounts(
        sizes, trials: count, seed: generator.seed, position: position))
  }

  /// The logarithm of the probability of counts along the last axis; they must sum to `count`.
  public func logProbability(of value: Tensor) -> Tensor {
    let value = value.matching(category.logProbabilities)
    let isCount = (value .>= 0) .& (value .== floor(value))
    let k = `where`(isCount, value, 0)
    let rest = xlogy(k, category.probabilities) - lgamma(k + 1)
    let wrong = (.!isCount).sum(axes: [-1]) .> 0
    let inside = .!wrong .& (value.sum(axes: [-1]) .== Tensor(Double(count), dtype: value.dtype))
    return (rest.sum(axes: [-1]) + logFactorial(of: value)).orImpossible(unless: inside)
  }
}

private func categories(
  _ distribution: String, _ name: String, _ x: Tensor, _ domain: ParameterDomain,
  _ file: StaticString, _ line: UInt
) -> Tensor {
  if x.rank == 0 || x.shape.last == 0 {
    programmingError(
      distribution, "\(name) has shape \(x.shape); a last axis of categories is needed",
      file: file, line: line)
  }
  return parameters(distribution, [(name, x, domain)], file, line)[0]
}
