import Adjoint

/// Looks for the most likely continuations of a sequence, keeping the best few at every step.
///
/// ```swift
/// let search = BeamSearch(width: 4, maximumLength: 20, endToken: 0)
/// let best = search(from: [1, 5]) { tokens in model(tokens)[0..., -1] }[0].tokens
/// ```
///
/// A continuation of n tokens with probability p has the score log(p) / n^lengthPenalty: with 0 the
/// likeliest wins, which is often a short one, with 1 the likeliest per token. The search ends when
/// nothing that is still open can become better than what has been found. Width 1 is greedy search.
///
/// Source: Wu et al., "Google's neural machine translation system", 2016.
public struct BeamSearch: Sendable {
  /// A continuation that was found.
  public struct Hypothesis: Sendable {
    /// Its tokens, without those it started from; the end token is the last one if it was reached.
    public let tokens: [Int]
    /// The logarithm of its probability.
    public let logProbability: Double
    /// What continuations are ordered by.
    public let score: Double
  }

  /// How many continuations are kept.
  public let width: Int
  /// How many tokens a continuation has at most.
  public let maximumLength: Int
  /// The token that ends a continuation; nil if all have the maximum length.
  public let endToken: Int?
  /// How much longer continuations are preferred.
  public let lengthPenalty: Double

  /// A search.
  public init(
    width: Int, maximumLength: Int, endToken: Int? = nil, lengthPenalty: Double = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    if width < 1 || maximumLength < 1 || !(lengthPenalty >= 0) {
      programmingError(
        "BeamSearch",
        "needs a width and a length of at least 1 and a penalty of at least 0, not \(width), "
          + "\(maximumLength) and \(lengthPenalty)", file: file, line: line)
    }
    (self.width, self.maximumLength) = (width, maximumLength)
    (self.endToken, self.lengthPenalty) = (endToken, lengthPenalty)
  }

  /// The best continuations, at most `width`, the best first.
  ///
  /// - Parameters:
  ///   - start: the tokens before the continuation.
  ///   - logits: for the tokens so far, `[beams, steps]` int64, the logits of the next one,
  ///     `[beams, tokens]`.
  public func callAsFunction(
    from start: [Int], file: StaticString = #fileID, line: UInt = #line,
    logits: (Tensor) throws -> Tensor
  ) rethrows -> [Hypothesis] {
    var open = [hypothesis([], 0)]
    var found: [Hypothesis] = []
    for length in 1...maximumLength {
      let rows = open.map { Tensor(start + $0.tokens) }
      let next = try logits(stacked(rows)).detached
      if next.rank != 2 || next.shape[0] != open.count || !next.dtype.isFloatingPoint {
        programmingError(
          "BeamSearch",
          "for tokens [\(open.count), \(start.count + length - 1)] the logits must be floating "
            + "[\(open.count), tokens], not \(next.dtype) \(next.shape)", file: file, line: line)
      }
      let candidates = best(of: open, next)
      open = []
      for (rank, candidate) in candidates.enumerated() {
        if length == maximumLength || candidate.tokens.last == endToken {
          // One that ends counts only if it is among the best; those behind it only fill up `open`.
          if rank < width { found.append(candidate) }
        } else if open.count < width {
          open.append(candidate)
        }
      }
      found = Array(found.sorted { $0.score > $1.score }.prefix(width))
      guard let first = open.first else { break }
      // The probability only falls, so this is the most that an open one can still reach.
      let bound = score(first.logProbability, maximumLength)
      if found.count == width, found[width - 1].score >= bound { break }
    }
    return found
  }

  /// The best continuations by one token: enough for `width` of them to go on.
  private func best(of open: [Hypothesis], _ logits: Tensor) -> [Hypothesis] {
    let before = Tensor(open.map(\.logProbability), dtype: .float64).expandingDimension(at: 1)
    let sums = logSoftmax(logits.cast(to: .float64)) + before
    let count = logits.shape[1]
    let (values, places) = sums.flattened().topK(min(2 * width, sums.elementCount))
    var found: [Hypothesis] = []
    for (value, place) in zip(values.scalars, places.scalars(as: Int.self))
    where value > -.infinity {
      let tokens: [Int] = open[place / count].tokens + [place % count]
      found.append(hypothesis(tokens, value))
    }
    return found
  }

  private func hypothesis(_ tokens: [Int], _ logProbability: Double) -> Hypothesis {
    Hypothesis(
      tokens: tokens, logProbability: logProbability, score: score(logProbability, tokens.count))
  }

  private func score(_ logProbability: Double, _ length: Int) -> Double {
    let divisor = pow(Tensor(Double(max(length, 1)), dtype: .float64), lengthPenalty).scalar
    return logProbability / divisor
  }
}
