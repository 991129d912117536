import Adjoint
import AdjointNN
import Testing

struct BeamSearchTests {
  /// The logits after each of 4 tokens: the next token depends on the last one.
  private static let table = random([4, 4], seed: 5) * 2
  private static func logits(_ tokens: Tensor) -> Tensor { table.gathering(tokens[0..., -1]) }

  /// All continuations of 1 up to `length` tokens that end with token 0 or are of that length.
  private static func all(_ length: Int) -> [(tokens: [Int], logProbability: Double)] {
    let logs = logSoftmax(table).scalars
    func extended(
      _ tokens: [Int], _ sum: Double, _ last: Int
    ) -> [(tokens: [Int], logProbability: Double)] {
      if tokens.count == length || tokens.last == 0 { return [(tokens, sum)] }
      return (0..<4).flatMap { extended(tokens + [$0], sum + logs[last * 4 + $0], $0) }
    }
    return extended([], 0, 2)
  }

  @Test(arguments: [0, 1] as [Double])
  func `A wide beam finds what a look at everything finds`(_ penalty: Double) {
    let search = BeamSearch(width: 64, maximumLength: 3, endToken: 0, lengthPenalty: penalty)
    let found = search(from: [1, 2], logits: Self.logits)
    func score(_ item: (tokens: [Int], logProbability: Double)) -> Double {
      penalty == 0 ? item.logProbability : item.logProbability / Double(item.tokens.count)
    }
    let expected = Self.all(3)
    #expect(Set(found.map(\.tokens)) == Set(expected.map(\.tokens)))
    // Some continuations are equally likely, so only the scores have one order.
    let scores = expected.map(score).sorted(by: >)
    for (hypothesis, expected) in zip(found, scores) {
      #expect(abs(hypothesis.score - expected) < 1e-12)
    }
    for item in expected {
      let same = found.first { $0.tokens == item.tokens }
      #expect(abs((same?.logProbability ?? 0) - item.logProbability) < 1e-12)
    }
  }

  @Test func `A narrow beam gives the best of what it keeps, in order`() {
    let best = Self.all(4).map(\.logProbability).max() ?? 0
    for width in 1...3 {
      let found = BeamSearch(width: width, maximumLength: 4, endToken: 0)(
        from: [2], logits: Self.logits)
      #expect(found.count == width)
      #expect(found.map(\.score) == found.map(\.score).sorted(by: >))
      #expect(found[0].logProbability <= best + 1e-12)
    }
  }

  @Test func `Width 1 is greedy`() {
    var (last, tokens) = (2, [Int]())
    for _ in 0..<5 {
      last = Self.table[last].argMax(axis: 0).scalars(as: Int.self)[0]
      tokens.append(last)
    }
    let found = BeamSearch(width: 1, maximumLength: 5)(from: [2], logits: Self.logits)
    #expect(found.map(\.tokens) == [tokens])
  }

  @Test func `Logits of a wrong shape are told`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BeamSearch(width: 2, maximumLength: 3)(from: [1]) { _ in Tensor.zeros([4]) }
    }
    #expect(
      errors(result).contains(
        "BeamSearch: for tokens [1, 1] the logits must be floating [1, tokens], not float32 [4]"))
  }
}
