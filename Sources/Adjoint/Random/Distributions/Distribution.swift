/// A probability distribution, or a batch of them: one for each element of its parameters.
///
/// Parameters are tensors that are broadcast against one another; literals take the dtype of the
/// others. They are checked when the distribution is made, which computes them if they wait.
/// Everything is differentiable with respect to the parameters: log-probabilities, moments,
/// entropies, and samples where `isReparameterized` says so. Samples of gamma and beta distributions
/// and their relatives have first derivatives only; a second one stops the program.
///
/// ```swift
/// let weight = Normal(mean: mean, standardDeviation: softplus(spread))
/// let loss = -likelihood(weight.sample()) + klDivergence(weight, Normal(mean: 0, standardDeviation: 1))
/// ```
public protocol Distribution: Sendable {
  /// The shape of the parameters after broadcasting: one distribution for each element.
  var batchShape: Shape { get }
  /// The shape of a single draw: `[]` for numbers, `[k]` for vectors.
  var eventShape: Shape { get }
  /// Whether gradients flow through samples to the parameters.
  static var isReparameterized: Bool { get }

  /// The expectation; NaN where there is none.
  var mean: Tensor { get }
  /// The variance of each element of a draw; NaN or infinite where there is none.
  var variance: Tensor { get }
  /// The entropy, -E log p, in nats: differential entropy for densities.
  var entropy: Tensor { get }

  /// Independent draws; the result has the shape `shape` + `batchShape` + `eventShape`.
  func sample(_ shape: Shape, using generator: inout Generator) -> Tensor
  /// The logarithm of the density or probability, -infinity outside the support.
  ///
  /// `value` is broadcast against the parameters.
  func logProbability(of value: Tensor) -> Tensor
}

extension Distribution {
  /// The shape of a single draw of a number.
  public var eventShape: Shape { [] }
  /// The square root of the variance.
  public var standardDeviation: Tensor { sqrt(variance) }

  /// One draw for each element of the parameters.
  public func sample(using generator: inout Generator) -> Tensor { sample([], using: &generator) }

  /// Independent draws, from the generator of `withGenerator(seed:)`.
  public func sample(_ shape: Shape = []) -> Tensor {
    Generator.current.draw { sample(shape, using: &$0) }
  }

  /// The shape of draws.
  func sampleShape(_ shape: Shape) -> Shape {
    Shape(Array(shape) + Array(batchShape) + Array(eventShape))
  }
}

/// What the elements of a parameter must be.
enum ParameterDomain: String {
  case real = "a finite number"
  case positive = "positive and finite"
  case notNegative = "not negative and finite"
  case probability = "between 0 and 1"
  case notNaN = "a number"

  func allowed(_ x: Tensor) -> Tensor {
    switch self {
    case .real: abs(x) .< .infinity
    case .positive: (x .> 0) .& (x .< .infinity)
    case .notNegative: (x .>= 0) .& (x .< .infinity)
    case .probability: (x .>= 0) .& (x .<= 1)
    case .notNaN: x .== x
    }
  }
}

/// Checks the elements of a parameter; the message names the first that is wrong.
func checkParameter(
  _ distribution: String, _ name: String, _ x: Tensor, _ domain: ParameterDomain,
  _ file: StaticString, _ line: UInt
) {
  let fine = domain.allowed(x.detached).cast(to: .uint8)
  if x.elementCount == 0 || fine.min().scalar == 1 { return }
  let at = Int(fine.argMin().scalar)
  programmingError(
    distribution, "\(name) must be \(domain.rawValue), but \(x.scalars[at]) is not", file: file,
    line: line)
}

/// Parameters of one floating dtype, broadcast against one another and checked.
func parameters(
  _ distribution: String, _ named: [(name: String, value: Tensor, domain: ParameterDomain)],
  _ file: StaticString, _ line: UInt
) -> [Tensor] {
  // Literals take the dtype of the first parameter that is none.
  let typed = named.first { $0.value.payload.literal == nil }?.value ?? named[0].value
  if !typed.dtype.isFloatingPoint {
    programmingError(
      distribution, "parameters must be floating, not \(typed.dtype); cast first", file: file,
      line: line)
  }
  let values = named.map { parameter -> Tensor in
    if let literal = parameter.value.payload.literal, !parameter.value.isTracked {
      return Tensor(literal, dtype: typed.dtype)
    }
    return matched(distribution, parameter.value, typed, file, line).0
  }
  var shape: Shape = []
  for value in values {
    guard let common = shape.broadcast(with: value.shape) else {
      let shapes = zip(named, values).map { "\($0.name) \($1.shape)" }.joined(separator: ", ")
      programmingError(
        distribution, "the parameters do not broadcast: \(shapes)", file: file, line: line)
    }
    shape = common
  }
  for (parameter, value) in zip(named, values) {
    checkParameter(distribution, parameter.name, value, parameter.domain, file, line)
  }
  return values.map { $0.broadcast(to: shape) }
}

extension Tensor {
  /// Minus infinity, in the dtype of what it stands beside.
  static let negativeInfinity = Tensor(floatLiteral: -.infinity)

  /// This value for a distribution with the given parameter: a literal takes its dtype.
  func matching(_ parameter: Tensor) -> Tensor {
    matched("logProbability", self, parameter, #fileID, #line).0
  }

  /// A tensor of one repeated number, of this one's shape and dtype.
  func filled(with value: Double) -> Tensor { Tensor.full(shape, value, dtype: dtype) }

  /// This where the condition holds, minus infinity elsewhere.
  func orImpossible(unless condition: Tensor) -> Tensor {
    `where`(condition, self, .negativeInfinity)
  }
}
