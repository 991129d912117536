import Adjoint
import Testing

@Suite("Samplers")
struct SamplersTests {
  private static let count = 100_000

  /// The scalar distributions whose distribution functions the fixtures hold.
  private static let families = Family.all.filter {
    !["Dirichlet", "MultivariateNormal", "Categorical", "Multinomial"].contains($0.name)
  }

  @Test(
    "follow SciPy's distribution functions (Kolmogorov and Smirnov)", arguments: families,
    [DType.float32, .float64])
  func follow(_ family: Family, _ dtype: DType) throws {
    let reference = try DistributionsTests.reference.get()
    let cases = reference.cases.filter { $0.operation == family.name + ".cumulative" }
    #expect(!cases.isEmpty)
    for (index, example) in cases.enumerated() {
      let inputs = example.inputs.map { reference.arrays[$0].tensor }
      let distribution = family.make(inputs.dropFirst().map { $0.cast(to: dtype) })
      var generator = Generator(seed: UInt64(100 + index))
      let draws = distribution.sample([Self.count], using: &generator)
      #expect(draws.dtype == dtype && draws.shape == [Self.count])
      let points = inputs[0].cast(to: dtype)
      let below = (draws.expandingDimension(at: 1) .<= points).cast(to: .float64)
      let found = below.mean(axes: [0])
      let expected = reference.arrays[example.output].tensor
      // Single precision cannot tell points close to 0 and 1 apart, where some beta draws lie.
      let isCoarse = family.name == "Beta" && dtype == .float32
      let isTold =
        (abs(inputs[0] - 1) .>= (isCoarse ? 1e-3 : 0))
        .& (abs(inputs[0]) .>= (isCoarse ? 1e-30 : 0))
      let distance = `where`(isTold, abs(found - expected), 0).max().scalar
      // Exceeded by one right sampler in ten thousand; the seeds are fixed.
      let bound = 2.23 / Double(Self.count).squareRoot() + (dtype == .float32 ? 1e-3 : 0)
      #expect(distance < bound, "\(family) of \(inputs.dropFirst()), distance \(distance)")
    }
  }

  @Test("have mean and variance of the distribution", arguments: families)
  func moments(_ family: Family) throws {
    let reference = try DistributionsTests.reference.get()
    for example in reference.cases where example.operation == family.name + ".cumulative" {
      let parameters = example.inputs.dropFirst().map { reference.arrays[$0].tensor }
      let distribution = family.make(Array(parameters))
      let (mean, variance) = (distribution.mean.scalar, distribution.variance.scalar)
      guard mean.isFinite, variance.isFinite else { continue }
      var generator = Generator(seed: 5)
      let x = distribution.sample([Self.count], using: &generator)
      let deviation = (variance / Double(Self.count)).squareRoot()
      #expect(Swift.abs(x.mean().scalar - mean) <= 5 * deviation, "\(family) \(parameters)")
      // Heavy tails: the variance of a sample has no bound worth testing.
      if family.name == "StudentT" { continue }
      let spread = square(x - x.mean()).mean().scalar
      let fourth = square(square(x - x.mean())).mean().scalar
      let error = (Swift.max(fourth - spread * spread, 0) / Double(Self.count)).squareRoot()
      #expect(Swift.abs(spread - variance) <= 6 * error + 1e-12, "\(family) \(parameters)")
    }
  }

  @Test("of vectors have the means and covariances of the distribution")
  func vectors() {
    var generator = Generator(seed: 6)
    let concentration = Tensor([[0.5, 2, 7], [0.02, 0.03, 0.05]], dtype: .float64)
    let dirichlet = Dirichlet(concentration: concentration)
    let shares = dirichlet.sample([Self.count], using: &generator)
    expectClose(
      shares.sum(axes: [-1]), Tensor.ones([Self.count, 2], dtype: .float64), absolute: 1e-12)
    expectClose(shares.mean(axes: [0]), dirichlet.mean, absolute: 0.006)
    expectClose(
      square(shares - dirichlet.mean).mean(axes: [0]), dirichlet.variance, absolute: 0.004)

    let factor = Tensor([[1, 0, 0], [0.5, 2, 0], [-1, 0.3, 0.7]], dtype: .float64)
    let normal = MultivariateNormal(
      mean: Tensor([1, -2, 3], dtype: .float64), scaleTril: factor)
    let batch = MultivariateNormal(
      mean: Tensor.zeros([3], dtype: .float64), scaleTril: stacked([factor, 2 * factor]))
    let x = normal.sample([Self.count], using: &generator) - normal.mean
    expectClose(
      matmul(x.transposed(), x) / Double(Self.count), normal.covariance, absolute: 0.08)
    expectClose(x.mean(axes: [0]), [0, 0, 0], absolute: 0.03)
    let y = batch.sample([Self.count], using: &generator).sliced(1..<2, axis: 1).squeezed(1)
    expectClose(
      matmul(y.transposed(), y) / Double(Self.count), 4 * normal.covariance, absolute: 0.3)
  }

  @Test("of categories and counts have the probabilities")
  func categories() {
    var generator = Generator(seed: 7)
    let weights = Tensor([[1, 2, 0, 5], [0, 0, 3, 1]], dtype: .float64)
    let categorical = Categorical(probabilities: weights)
    let drawn = categorical.sample([Self.count], using: &generator)
    #expect(drawn.dtype == .int64)
    let shares = oneHot(drawn, count: 4, dtype: .float64).mean(axes: [0])
    expectClose(shares, categorical.probabilities, absolute: 0.008)
    #expect((shares .> 0).cast(to: .int64).scalars == [1, 1, 0, 1, 0, 0, 1, 1])
    let multinomial = Multinomial(count: 12, category: categorical)
    let counts = multinomial.sample([Self.count], using: &generator)
    #expect(counts.sum(axes: [-1]).min().scalar == 12 && counts.sum(axes: [-1]).max().scalar == 12)
    expectClose(counts.mean(axes: [0]), multinomial.mean, absolute: 0.03)
    expectClose(
      square(counts - multinomial.mean).mean(axes: [0]), multinomial.variance, absolute: 0.05)
  }

  @Test("give the same bits for 1, 2 and 4 threads", arguments: Family.all)
  func sameBits(_ family: Family) throws {
    let reference = try DistributionsTests.reference.get()
    let example = try #require(
      reference.cases.first { $0.operation == family.name + ".entropy" })
    let distribution = family.make(example.inputs.map { reference.arrays[$0].tensor })
    func draw(_ shape: Shape) -> Tensor {
      var generator = Generator(seed: 8)
      return distribution.sample(shape, using: &generator)
    }
    let before = threads
    defer { threads = before }
    threads = 1
    let first = draw([7000])
    for count in [2, 4] {
      threads = count
      expectIdentical(draw([7000]), first)
    }
    // A longer draw begins with the shorter one, except where several draws follow one another.
    if !["StudentT", "Beta"].contains(family.name) {
      expectIdentical(draw([7000])[..<100], draw([100]))
    }
  }

  @Test("consecutive draws are independent of one another")
  func consecutive() {
    var generator = Generator(seed: 9)
    let gamma = Gamma(concentration: Tensor(2, dtype: .float64), rate: 1)
    let a = gamma.sample([Self.count], using: &generator)
    let b = gamma.sample([Self.count], using: &generator)
    let normal = Tensor.normal([Self.count], dtype: .float64, using: &generator)
    for other in [b, normal, concatenated([a[1...], a[..<1]])] {
      let (x, y) = (a - a.mean(), other - other.mean())
      let correlation = (x * y).mean() / sqrt(square(x).mean() * square(y).mean())
      #expect(Swift.abs(correlation.scalar) < 0.015)
    }
  }

  @Test("extreme parameters give limits, not errors")
  func extremes() {
    var generator = Generator(seed: 10)
    let tiny = Beta(alpha: 1e-5, beta: 1e-5).sample([1000], using: &generator)
    #expect(tiny.min().scalar >= 0 && tiny.max().scalar == 1)
    #expect(Swift.abs(tiny.mean().scalar - 0.5) < 0.1)
    #expect(Poisson(rate: 0).sample([10], using: &generator).sum().scalar == 0)
    let sure = Binomial(count: 5, probability: Tensor([0, 1]))
    #expect(sure.sample([1], using: &generator).scalars == [0, 5])
    let far = TruncatedNormal(
      location: 0, scale: 1, lower: 30, upper: .init(floatLiteral: .infinity))
    let x = far.sample([1000], using: &generator)
    #expect(x.min().scalar >= 30 && x.mean().scalar < 30.1)
    let large = Poisson(rate: Tensor(1e12, dtype: .float64)).sample([1000], using: &generator)
    #expect(Swift.abs(large.mean().scalar / 1e12 - 1) < 1e-6)
  }
}
