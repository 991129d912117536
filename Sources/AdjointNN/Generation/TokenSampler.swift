import Adjoint

/// Draws the next token from a language model's logits.
///
/// ```swift
/// let sampler = TokenSampler(temperature: 0.8, topP: 0.95)
/// let next = sampler(model(tokens)[0..., -1])   // [n]
/// ```
///
/// The probabilities are softmax(logits / temperature), of the `topK` largest only, and of those the
/// fewest that together have at least probability `topP`. Temperature 0 takes the largest (greedy).
///
/// Source of `topP`: Holtzman et al., "The curious case of neural text degeneration", ICLR 2020.
public struct TokenSampler: Sendable {
  /// How even the draws are: 1 as the model says, less prefers what is likely.
  public let temperature: Double
  /// How many tokens are drawn from at most; nil for all.
  public let topK: Int?
  /// The probability that the tokens drawn from have together; 1 for all.
  public let topP: Double

  /// The most likely token.
  public static let greedy = TokenSampler(temperature: 0)

  /// A sampler.
  public init(
    temperature: Double = 1, topK: Int? = nil, topP: Double = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    if !(temperature >= 0) || !temperature.isFinite || topK.map({ $0 < 1 }) == true
      || !(topP > 0 && topP <= 1)
    {
      programmingError(
        "TokenSampler",
        "needs a temperature of at least 0, topK of at least 1 and topP in 0 < p <= 1, not "
          + "\(temperature), \(topK.map(String.init) ?? "nil") and \(topP)", file: file, line: line)
    }
    (self.temperature, self.topK, self.topP) = (temperature, topK, topP)
  }

  /// One token for each row of logits, drawn from the generator of `withGenerator(seed:)`.
  ///
  /// Shapes: `[..., tokens]` gives `[...]`, int64.
  public func callAsFunction(
    _ logits: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    check(logits, file, line)
    if temperature == 0 { return logits.detached.argMax(axis: -1) }
    var generator = Generator.split()
    return self(logits, using: &generator, file: file, line: line)
  }

  /// One token for each row of logits.
  public func callAsFunction(
    _ logits: Tensor, using generator: inout Generator, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    check(logits, file, line)
    if temperature == 0 { return logits.detached.argMax(axis: -1) }
    let (scores, tokens) = candidates(logits.detached)
    // The largest of log p + Gumbel noise is a draw from p.
    let uniform = Tensor.uniform(scores.shape, dtype: scores.dtype, using: &generator)
    let least = Tensor(scores.dtype == .float32 ? 1e-30 : 1e-300, dtype: scores.dtype)
    let noise = -log(-log(maximum(uniform, least)))
    let places = (scores + noise).argMax(axis: -1)
    return tokens.gatheringAlongAxis(places.expandingDimension(at: -1)).squeezed(-1)
  }

  /// The probability of every token: what draws follow.
  ///
  /// Shapes: `[..., tokens]` gives the same shape.
  public func probabilities(
    _ logits: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    check(logits, file, line)
    if temperature == 0 {
      return oneHot(logits.detached.argMax(axis: -1), count: logits.shape[logits.rank - 1])
        .cast(to: logits.dtype)
    }
    let (scores, tokens) = candidates(logits.detached)
    return Tensor.zeros(like: logits.detached)
      .scatteringAlongAxis(softmax(scores), at: tokens, mode: .set)
  }

  /// Logits in descending order, -infinity for those left out, and the tokens they belong to.
  private func candidates(_ logits: Tensor) -> (scores: Tensor, tokens: Tensor) {
    var (scores, tokens) = logits.sorted(axis: -1, descending: true)
    if let topK, topK < logits.shape[logits.rank - 1] {
      scores = scores.sliced(..<topK, axis: -1)
      tokens = tokens.sliced(..<topK, axis: -1)
    }
    scores = scores / Tensor(temperature, dtype: logits.dtype)
    if topP < 1 {
      let weights = softmax(scores)
      let before = weights.cumulativeSum(axis: -1) - weights
      let isKept = before .< Tensor(topP, dtype: logits.dtype)
      scores = `where`(isKept, scores, Tensor(-Double.infinity, dtype: logits.dtype))
    }
    return (scores, tokens)
  }

  private func check(_ logits: Tensor, _ file: StaticString, _ line: UInt) {
    if logits.rank == 0 || logits.shape.last == 0 || !logits.dtype.isFloatingPoint {
      programmingError(
        "TokenSampler", "needs floating logits [..., tokens], not \(logits.dtype) \(logits.shape)",
        file: file, line: line)
    }
  }
}
