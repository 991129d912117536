import Adjoint
import Testing

/// A distribution by its name in Fixtures/distributions.json.
struct Family: Sendable, CustomStringConvertible {
  let name: String
  let count: Int
  let make: @Sendable ([Tensor]) -> any Distribution
  var divergence: (@Sendable ([Tensor], [Tensor]) -> Tensor)?
  var description: String { name }

  private static func of<D: Distribution>(
    _ type: D.Type, _ count: Int, _ make: @escaping @Sendable ([Tensor]) -> D,
    divergence: (@Sendable (D, D) -> Tensor)? = nil
  ) -> Family {
    var family = Family(name: "\(type)", count: count, make: { make($0) })
    if let divergence {
      family.divergence = { p, q in divergence(make(p), make(q)) }
    }
    return family
  }

  static let all: [Family] = numbers + counts + vectors

  private static let numbers: [Family] = [
    of(Normal.self, 2) {
      Normal(mean: $0[0], standardDeviation: $0[1])
    } divergence: {
      klDivergence($0, $1)
    },
    of(LogNormal.self, 2) {
      LogNormal(logMean: $0[0], logStandardDeviation: $0[1])
    } divergence: {
      klDivergence($0, $1)
    },
    of(TruncatedNormal.self, 4) {
      TruncatedNormal(location: $0[0], scale: $0[1], lower: $0[2], upper: $0[3])
    },
    of(Uniform.self, 2) {
      Uniform(lower: $0[0], upper: $0[1])
    } divergence: {
      klDivergence($0, $1)
    },
    of(Laplace.self, 2) {
      Laplace(location: $0[0], scale: $0[1])
    } divergence: {
      klDivergence($0, $1)
    },
    of(Gumbel.self, 2) {
      Gumbel(location: $0[0], scale: $0[1])
    } divergence: {
      klDivergence($0, $1)
    },
    of(Cauchy.self, 2) {
      Cauchy(location: $0[0], scale: $0[1])
    } divergence: {
      klDivergence($0, $1)
    },
    of(StudentT.self, 3) { StudentT(degreesOfFreedom: $0[0], location: $0[1], scale: $0[2]) },
    of(Exponential.self, 1) {
      Exponential(rate: $0[0])
    } divergence: {
      klDivergence($0, $1)
    },
    of(Gamma.self, 2) {
      Gamma(concentration: $0[0], rate: $0[1])
    } divergence: {
      klDivergence($0, $1)
    },
    of(ChiSquared.self, 1) {
      ChiSquared(degreesOfFreedom: $0[0])
    } divergence: {
      klDivergence($0, $1)
    },
    of(Beta.self, 2) {
      Beta(alpha: $0[0], beta: $0[1])
    } divergence: {
      klDivergence($0, $1)
    },
  ]

  private static let counts: [Family] = [
    of(Bernoulli.self, 1) {
      Bernoulli(probability: $0[0])
    } divergence: {
      klDivergence($0, $1)
    },
    of(Geometric.self, 1) {
      Geometric(probability: $0[0])
    } divergence: {
      klDivergence($0, $1)
    },
    of(Binomial.self, 2) {
      Binomial(count: $0[0], probability: $0[1])
    } divergence: {
      klDivergence($0, $1)
    },
    of(Poisson.self, 1) {
      Poisson(rate: $0[0])
    } divergence: {
      klDivergence($0, $1)
    },
  ]

  private static let vectors: [Family] = [
    of(Dirichlet.self, 1) {
      Dirichlet(concentration: $0[0])
    } divergence: {
      klDivergence($0, $1)
    },
    of(MultivariateNormal.self, 2) {
      MultivariateNormal(mean: $0[0], scaleTril: $0[1])
    } divergence: {
      klDivergence($0, $1)
    },
    of(Categorical.self, 1) {
      Categorical(probabilities: $0[0])
    } divergence: {
      klDivergence($0, $1)
    },
    of(Multinomial.self, 1) {
      Multinomial(count: 6, category: Categorical(probabilities: $0[0]))
    },
  ]
}

@Suite("Distributions")
struct DistributionsTests {
  static let reference = ReferenceValues.load("distributions.json")

  @Test("have the values of SciPy and PyTorch", arguments: Family.all)
  func agrees(_ family: Family) throws {
    let reference = try Self.reference.get()
    var compared: Set<String> = []
    for example in reference.cases where example.operation.hasPrefix(family.name + ".") {
      let quantity = String(example.operation.dropFirst(family.name.count + 1))
      compared.insert(quantity)
      let inputs = example.inputs.map { reference.arrays[$0].tensor }
      let expected = reference.arrays[example.output].tensor
      for (layout, x) in [
        ("row-major", inputs), ("transposed", inputs.map(\.asTransposedView)),
        ("sliced", inputs.map(\.asSlicedView)),
      ] {
        let found: Tensor
        switch quantity {
        case "logProbability": found = family.make(Array(x[1...])).logProbability(of: x[0])
        case "mean": found = family.make(x).mean
        case "variance": found = family.make(x).variance
        case "entropy": found = family.make(x).entropy
        case "divergence":
          guard let divergence = family.divergence else { continue }
          found = divergence(Array(x[..<family.count]), Array(x[family.count...]))
        default: continue
        }
        expectClose(
          found, expected, absolute: 1e-11, relative: 1e-9,
          "\(example.operation) of \(inputs), \(layout)")
        if quantity == "logProbability" || x.contains(where: { !$0.dtype.isFloatingPoint }) {
          continue
        }
        // Single precision: the same formulas, rounded.
        let single = x.map { $0.cast(to: .float32) }
        let rounded =
          switch quantity {
          case "mean": family.make(single).mean
          case "entropy": family.make(single).entropy
          default: found.cast(to: .float32)
          }
        expectClose(
          rounded, expected.cast(to: .float32), absolute: 2e-5, relative: 2e-5,
          "\(example.operation) of \(inputs) in float32")
      }
    }
    #expect(compared.isSuperset(of: ["logProbability", "entropy"]))
    #expect(family.divergence == nil || compared.contains("divergence"))
  }

  @Test("every reference value is compared")
  func isComplete() throws {
    let names = Set(try Self.reference.get().cases.map { $0.operation.prefix { $0 != "." } })
    #expect(Set(Family.all.map { Substring($0.name) }) == names)
  }

  @Test("have empty batches and broadcast parameters")
  func shapes() {
    var generator = Generator(seed: 1)
    let empty = Normal(mean: Tensor.zeros([0, 3]), standardDeviation: 1)
    #expect(empty.sample([2], using: &generator).shape == [2, 0, 3])
    #expect(empty.logProbability(of: 0).shape == [0, 3] && empty.entropy.shape == [0, 3])
    let crossed = Gamma(concentration: Tensor.ones([2, 1]), rate: Tensor.ones([3]))
    #expect(crossed.batchShape == [2, 3] && crossed.eventShape == [])
    #expect(crossed.sample([4], using: &generator).shape == [4, 2, 3])
    #expect(crossed.sample(using: &generator).shape == [2, 3])
    let vectors = Dirichlet(concentration: Tensor.ones([5, 3]))
    #expect(vectors.batchShape == [5] && vectors.eventShape == [3])
    #expect(vectors.sample([0], using: &generator).shape == [0, 5, 3])
    let none = Categorical(logits: Tensor.zeros([0, 4]))
    #expect(none.sample([2], using: &generator).shape == [2, 0])
    let normal = MultivariateNormal(
      mean: Tensor.zeros([2, 1, 3]), scaleTril: Tensor.eye(3).broadcast(to: [4, 3, 3]))
    #expect(normal.batchShape == [2, 4])
    #expect(normal.sample([5], using: &generator).shape == [5, 2, 4, 3])
    #expect(normal.logProbability(of: Tensor.zeros([3])).shape == [2, 4])
    #expect(Binomial(count: Tensor.zeros([0]), probability: 0.5).entropy.shape == [0])
    #expect(Poisson(rate: Tensor.zeros([0])).sample([3], using: &generator).shape == [3, 0])
  }

  @Test("literals take the dtype of the other parameters and of values")
  func dtypes() {
    let x = Tensor([0.5, 1], dtype: .float64)
    #expect(Normal(mean: 0, standardDeviation: x).entropy.dtype == .float64)
    #expect(Gamma(concentration: x, rate: 1).logProbability(of: 2).dtype == .float64)
    #expect(TruncatedNormal(location: x, scale: 1, lower: 0, upper: 2).sample().dtype == .float64)
    #expect(Poisson(rate: 3).sample().dtype == .float32)
    #expect(Categorical(logits: x).sample().dtype == .int64)
  }

  @Test("of logits are those of probabilities")
  func logits() {
    let logits = Tensor([-3, 0, 0.7, 40], dtype: .float64)
    let p = Bernoulli(probability: sigmoid(logits))
    let q = Bernoulli(logits: logits)
    for value in [0.0, 1] {
      let x = Tensor(value, dtype: .float64)
      expectClose(
        q.logProbability(of: x)[..<3], p.logProbability(of: x)[..<3], relative: 1e-12)
    }
    expectClose(q.logProbability(of: 0)[3], [-40], relative: 1e-15)
    expectClose(q.entropy[..<3], p.entropy[..<3], relative: 1e-12)
    let weights = Tensor([[0.25, 1, 3]], dtype: .float64)
    let (a, b) = (Categorical(logits: log(weights)), Categorical(probabilities: weights * 7))
    expectClose(a.probabilities, b.probabilities, relative: 1e-14)
    let impossible = Categorical(logits: Tensor([0, -Double.infinity], dtype: .float64))
    #expect(impossible.entropy.scalar == 0 && impossible.probabilities.scalars == [1, 0])
    #expect(
      klDivergence(impossible, Categorical(logits: Tensor([0, 0], dtype: .float64))).scalar
        == 0.6931471805599453)
  }

  @Test("outside the support log-probabilities are -infinity, and flat")
  func support() {
    let one = Tensor(1, dtype: .float64)
    func expectImpossible(
      at value: Double, sourceLocation: SourceLocation = #_sourceLocation,
      _ make: (Tensor) -> any Distribution
    ) {
      var found: Tensor?
      let slope = gradient(at: one) { parameter in
        let result = make(parameter).logProbability(of: Tensor(value, dtype: .float64))
        found = result.detached
        return result
      }
      #expect(found?.scalar == -.infinity, sourceLocation: sourceLocation)
      #expect(slope.scalar == 0, sourceLocation: sourceLocation)
    }
    expectImpossible(at: -1) { Exponential(rate: $0) }
    expectImpossible(at: 0) { Gamma(concentration: $0 + 1, rate: $0) }
    expectImpossible(at: -2) { LogNormal(logMean: $0, logStandardDeviation: $0) }
    expectImpossible(at: 1) { Uniform(lower: 0, upper: $0) }
    expectImpossible(at: 1.5) { Beta(alpha: $0, beta: 2) }
    expectImpossible(at: 2.5) { Poisson(rate: $0) }
    expectImpossible(at: 7) { Binomial(count: 6, probability: 0.5 * $0) }
    #expect(Uniform(lower: 0, upper: one).logProbability(of: 0).scalar == 0)
    #expect(Cauchy(location: 0, scale: 1).mean.scalar.isNaN)
    #expect(Categorical(logits: Tensor([1, 2])).variance.scalar.isNaN)
  }
}
