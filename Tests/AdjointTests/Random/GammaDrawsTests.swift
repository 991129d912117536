import Adjoint
import Testing

/// Gradients through draws that come from rejection.
@Suite("Gamma draws")
struct GammaDrawsTests {
  /// The derivative of a draw is that of the quantile of its rank, wherever the draw lies; so a
  /// reference value nearby, interpolated, must agree.
  @Test("move with the concentration as quantiles do")
  func quantiles() throws {
    let reference = try DistributionsTests.reference.get()
    let cases = reference.cases.filter { $0.operation == "Gamma.slope" }
    #expect(cases.count > 5)
    for example in cases {
      let values = reference.arrays[example.inputs[0]].tensor.scalars
      let a = reference.arrays[example.inputs[1]].tensor[0]
      let slopes = reference.arrays[example.output].tensor.scalars
      var generator = Generator(seed: 1)
      let variable = a.broadcast(to: [40_000]).tracked()
      let draws = Gamma(concentration: variable, rate: 1).sample(using: &generator)
      let found = gradients(of: draws.sum(), withRespectTo: [variable])[0].scalars
      let drawn = draws.detached.scalars
      // The draw closest to each reference value, and how far its slope may be from it.
      for (value, slope) in zip(values, slopes) {
        let nearest =
          drawn.indices.min {
            Swift.abs(drawn[$0] - value) < Swift.abs(drawn[$1] - value)
          } ?? 0
        let distance = Swift.abs(drawn[nearest] / value - 1)
        #expect(
          Swift.abs(found[nearest] / slope - 1) < 1e-4 + 3 * distance,
          "concentration \(a), value \(value): \(found[nearest]), not \(slope)")
      }
    }
  }

  /// d/da E[f(x)] must be the mean of df/dx dx/da.
  @Test("give unbiased gradients of expectations")
  func expectations() {
    var generator = Generator(seed: 2)
    let count = 200_000
    let a = Tensor([0.4, 3], dtype: .float64)
    func slope(_ make: (Tensor) -> Tensor) -> Tensor {
      gradient(at: a) { make($0).sum() / Double(count) }
    }
    // E x = a / r.
    let rate = Tensor(2, dtype: .float64)
    let first = slope { Gamma(concentration: $0, rate: rate).sample([count], using: &generator) }
    expectClose(first, [0.5, 0.5], absolute: 0.02)
    // E x = a / (a + b): b / (a + b)^2.
    let second = slope { Beta(alpha: $0, beta: 2).sample([count], using: &generator) }
    expectClose(second, [2 / 5.76, 2.0 / 25], absolute: 0.01)
    // E x^2 = n / (n - 2): -2 / (n - 2)^2.
    let third = slope { a in
      square(StudentT(degreesOfFreedom: a + 6).sample([count], using: &generator))
    }
    expectClose(third, [-2 / 19.36, -2.0 / 49], absolute: 0.02)
    // The variance of the first share, by the concentration of the others.
    let fourth = gradient(at: Tensor([1, 2, 4], dtype: .float64)) { a in
      Dirichlet(concentration: a).sample([count], using: &generator)
        .sliced(..<1, axis: 1).sum() / Double(count)
    }
    expectClose(fourth, [6.0 / 49, -1.0 / 49, -1.0 / 49], absolute: 0.005)
  }

  @Test("carry gradients only where the distribution says so")
  func detached() {
    let p = Tensor(0.3).tracked()
    #expect(!Bernoulli.isReparameterized && !Bernoulli(probability: p).sample().isTracked)
    #expect(!Geometric(probability: p).sample().isTracked)
    #expect(!Binomial(count: 5, probability: p).sample().isTracked)
    #expect(!Poisson(rate: p).sample().isTracked)
    #expect(!TruncatedNormal(location: p, scale: 1, lower: 0, upper: 1).sample().isTracked)
    #expect(Gamma.isReparameterized && Gamma(concentration: p, rate: 1).sample().isTracked)
    #expect(Normal(mean: p, standardDeviation: 1).sample().isTracked)
    #expect(Exponential(rate: p).sample().isTracked)
  }
}
