import Adjoint
import AdjointNN
import Testing

struct SamplerTests {
  private static let logits = SequenceReference.made("logits", [3, 7], scale: 2)

  @Test func `Probabilities are those of the libraries' temperature, top-k and top-p`() throws {
    let samplers = [
      TokenSampler(temperature: 0.7), TokenSampler(topK: 3), TokenSampler(topP: 0.8),
      TokenSampler(temperature: 1.5, topK: 5, topP: 0.6),
    ]
    let reference = try #require(try SequenceReference.shared.get().cases["sampling"])
    for (sampler, expected) in zip(samplers, reference.outputs) {
      try expectClose(
        sampler.probabilities(Self.logits), expected.values, shape: [3, 7], tolerance: 1e-11)
    }
  }

  @Test func `Draws follow the probabilities`() {
    let sampler = TokenSampler(temperature: 1.5, topK: 4, topP: 0.9)
    let row = Self.logits[0]
    let count = 20_000
    let draws = withGenerator(seed: 1) { sampler(row.broadcast(to: [count, 7])) }
    #expect(draws.dtype == .int64)
    let shares = oneHot(draws, count: 7, dtype: .float64).mean(axes: [0])
    let expected = sampler.probabilities(row)
    // Four standard deviations of a share of 20,000 draws are at most 0.0142.
    #expect(allClose(shares, expected, absolute: 0.0142, relative: 0))
    for (share, probability) in zip(shares.scalars, expected.scalars) where probability == 0 {
      #expect(share == 0)
    }
  }

  @Test func `The same seed draws the same tokens`() {
    let draw = { (seed: UInt64) in withGenerator(seed: seed) { TokenSampler()(Self.logits).scalars }
    }
    #expect(draw(3) == draw(3))
    #expect((0..<20).contains { draw(UInt64($0)) != draw(3) })
  }

  @Test func `Greedy takes the largest, and so does a single candidate`() {
    let best = Self.logits.argMax(axis: -1).scalars
    #expect(TokenSampler.greedy(Self.logits).scalars == best)
    #expect(TokenSampler(topK: 1)(Self.logits).scalars == best)
    #expect(TokenSampler(topP: 1e-9)(Self.logits).scalars == best)
    #expect(TokenSampler.greedy.probabilities(Self.logits).argMax(axis: -1).scalars == best)
  }

  @Test func `Tokens of probability zero are never drawn`() {
    let logits = Tensor([-.infinity, 0, -.infinity, 1] as [Double])
    let draws = withGenerator(seed: 1) { TokenSampler()(logits.broadcast(to: [200, 4])) }
    #expect(Set(draws.scalars) == [1, 3])
  }

  @Test func `Wrong settings and logits are told`() async {
    let settings = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = TokenSampler(temperature: 1, topK: 0)
    }
    #expect(errors(settings).contains("topK of at least 1"))
    let logits = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = TokenSampler()(Tensor([1, 2] as [Int]))
    }
    #expect(
      errors(logits).contains("TokenSampler: needs floating logits [..., tokens], not int64 [2]"))
  }
}
