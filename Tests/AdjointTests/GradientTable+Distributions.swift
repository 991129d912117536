import Adjoint

// Rows for distributions: log-probabilities, moments, entropies and divergences by their parameters,
// and samples where they are smooth functions of them.

extension GradientTable {
  /// Operations that differences cannot check.
  ///
  /// A sample by rejection jumps where its parameter moves; GammaDrawsTests compares its derivatives
  /// with those of quantiles.
  static let testedElsewhere: Set<String> = ["logGammaDraw", "logGammaSlope"]

  private static func row(
    _ name: String, _ inputs: Int, _ domain: Domain = .positive, shape: Shape = [2, 3],
    fixed: Set<Int> = [], _ f: @escaping @Sendable ([Tensor]) -> Tensor
  ) -> GradientRow {
    GradientRow(
      name: name, operations: [name], shapes: Array(repeating: shape, count: inputs),
      domain: domain, fixedSizes: fixed, function: f)
  }

  /// Samples of noise in double precision, whatever the parameters' dtype: the same noise then.
  private static func sampled(
    _ name: String, _ inputs: Int, _ domain: Domain = .positive,
    _ make: @escaping @Sendable ([Tensor]) -> any Distribution
  ) -> GradientRow {
    row("\(name): samples", inputs, domain) { x in
      var generator = Generator(seed: 9)
      let distribution = make(x.map { $0.cast(to: .float64) })
      return sin(distribution.sample([2], using: &generator)).cast(to: x[0].dtype)
    }
  }

  private static func summary(_ d: some Distribution) -> Tensor {
    sin(d.mean) + d.variance * 0.1 + d.entropy
  }

  /// A value that is constant for the derivative, of the shape of the parameters.
  private static func fixed(_ value: Double, like x: Tensor) -> Tensor {
    Tensor.full(x.shape, value, dtype: x.dtype)
  }

  private static let realLine: [GradientRow] = [
    row("Normal: log-probability", 3) {
      Normal(mean: $0[1], standardDeviation: $0[2]).logProbability(of: $0[0])
    },
    row("Normal: moments", 2) { summary(Normal(mean: $0[0], standardDeviation: $0[1])) },
    sampled("Normal", 2) { Normal(mean: $0[0], standardDeviation: $0[1]) },
    row("Normal: divergence", 4) {
      klDivergence(
        Normal(mean: $0[0], standardDeviation: $0[1]), Normal(mean: $0[2], standardDeviation: $0[3])
      )
    },
    row("LogNormal: log-probability", 3) {
      LogNormal(logMean: $0[1], logStandardDeviation: $0[2]).logProbability(of: $0[0])
    },
    row("LogNormal: moments", 2, .uniform(0.2...0.9)) {
      summary(LogNormal(logMean: $0[0], logStandardDeviation: $0[1]))
    },
    sampled("LogNormal", 2, .uniform(0.2...0.9)) {
      LogNormal(logMean: $0[0], logStandardDeviation: $0[1])
    },
    row("TruncatedNormal: log-probability and moments", 4) { x in
      let d = TruncatedNormal(
        location: x[0], scale: x[1], lower: x[2] - 3, upper: 0.5 + x[3])
      return d.logProbability(of: fixed(0.1, like: x[0])) + summary(d)
    },
    row("TruncatedNormal: one side", 2, .uniform(0.6...1.2)) { x in
      summary(TruncatedNormal(location: -x[0], scale: x[1], lower: -0.2, upper: 1))
    },
    row("Uniform: log-probability and moments", 2) { x in
      let d = Uniform(lower: -x[0], upper: x[1])
      return d.logProbability(of: fixed(0, like: x[0])) + summary(d)
    },
    sampled("Uniform", 2) { Uniform(lower: -$0[0], upper: $0[1]) },
    row("Uniform: divergence", 2) { x in
      klDivergence(Uniform(lower: 0, upper: x[0]), Uniform(lower: -x[1], upper: x[0] + x[1]))
    },
    row("Laplace: log-probability", 2) { x in
      Laplace(location: x[0], scale: x[1]).logProbability(of: fixed(3, like: x[0]))
    },
    row("Laplace: moments and divergence", 4) { x in
      let p = Laplace(location: -x[0], scale: x[1])
      return summary(p) + klDivergence(p, Laplace(location: x[2], scale: x[3]))
    },
    sampled("Laplace", 2) { Laplace(location: $0[0], scale: $0[1]) },
    row("Gumbel: log-probability", 3, .uniform(0.5...2)) { x in
      Gumbel(location: x[0], scale: x[1]).logProbability(of: x[2])
    },
    row("Gumbel: moments and divergence", 4, .uniform(0.5...2)) { x in
      let p = Gumbel(location: x[0], scale: x[1])
      return summary(p) + klDivergence(p, Gumbel(location: x[2], scale: x[3]))
    },
    sampled("Gumbel", 2) { Gumbel(location: $0[0], scale: $0[1]) },
    row("Cauchy: log-probability", 3) { x in
      Cauchy(location: x[0], scale: x[1]).logProbability(of: x[2])
    },
    row("Cauchy: entropy and divergence", 4) { x in
      let p = Cauchy(location: x[0], scale: x[1])
      return p.entropy + klDivergence(p, Cauchy(location: x[2], scale: x[3]))
    },
    sampled("Cauchy", 2) { Cauchy(location: $0[0], scale: $0[1]) },
    row("StudentT: log-probability", 4) { x in
      StudentT(degreesOfFreedom: x[0], location: x[1], scale: x[2]).logProbability(of: x[3])
    },
    row("StudentT: moments", 3) { x in
      summary(StudentT(degreesOfFreedom: x[0] + 3, location: x[1], scale: x[2]))
    },
    sampled("StudentT", 2) { StudentT(degreesOfFreedom: 3, location: $0[0], scale: $0[1]) },
  ]

  private static let positiveNumbers: [GradientRow] = [
    row("Exponential: log-probability and divergence", 2) { x in
      let p = Exponential(rate: x[0])
      return p.logProbability(of: x[1]) + summary(p) + klDivergence(p, Exponential(rate: x[1]))
    },
    sampled("Exponential", 1) { Exponential(rate: $0[0]) },
    row("Gamma: log-probability", 3) { x in
      Gamma(concentration: x[0], rate: x[1]).logProbability(of: x[2])
    },
    row("Gamma: moments and divergence", 4) { x in
      let p = Gamma(concentration: x[0], rate: x[1])
      return summary(p) + klDivergence(p, Gamma(concentration: x[2], rate: x[3]))
    },
    row("ChiSquared: log-probability and divergence", 2) { x in
      let p = ChiSquared(degreesOfFreedom: x[0])
      return p.logProbability(of: x[1]) + summary(p)
        + klDivergence(p, ChiSquared(degreesOfFreedom: x[1]))
    },
    row("Beta: log-probability", 3, .uniform(0.2...0.8)) { x in
      Beta(alpha: x[0] + 1, beta: x[1]).logProbability(of: x[2])
    },
    row("Beta: moments and divergence", 4) { x in
      let p = Beta(alpha: x[0], beta: x[1])
      return summary(p) + klDivergence(p, Beta(alpha: x[2], beta: x[3]))
    },
    row("Dirichlet: log-probability", 2, fixed: [3]) { x in
      Dirichlet(concentration: x[0]).logProbability(of: softmax(x[1]))
    },
    row("Dirichlet: moments and divergence", 2, fixed: [3]) { x in
      let p = Dirichlet(concentration: x[0])
      return (sin(p.mean) + p.variance).sum(axes: [-1]) + p.entropy
        + klDivergence(p, Dirichlet(concentration: x[1]))
    },
  ]

  private static let counts: [GradientRow] = [
    row("Bernoulli: probability", 2, .uniform(0.2...0.8)) { x in
      let (p, q) = (Bernoulli(probability: x[0]), Bernoulli(probability: x[1]))
      return p.logProbability(of: 1) + 2 * p.logProbability(of: 0) + summary(p)
        + klDivergence(p, q)
    },
    row("Bernoulli: logits", 1) { x in
      let p = Bernoulli(logits: x[0])
      return p.logProbability(of: 1) + 2 * p.logProbability(of: 0) + summary(p)
    },
    row("Geometric", 2, .uniform(0.2...0.8)) { x in
      let (p, q) = (Geometric(probability: x[0]), Geometric(probability: x[1]))
      return p.logProbability(of: 3) + summary(p) + klDivergence(p, q)
    },
    row("Binomial", 2, .uniform(0.2...0.8)) { x in
      let p = Binomial(count: 6, probability: x[0])
      return p.logProbability(of: 2) + summary(p)
        + klDivergence(p, Binomial(count: 6, probability: x[1]))
    },
    row("Poisson", 2) { x in
      let p = Poisson(rate: x[0])
      return p.logProbability(of: 4) + summary(p) + klDivergence(p, Poisson(rate: x[1]))
    },
    row("Categorical: logits", 2, .everywhere, fixed: [2, 3]) { x in
      let (p, q) = (Categorical(logits: x[0]), Categorical(logits: x[1]))
      return p.logProbability(of: Tensor([2, 0] as [Int])) + sin(p.entropy) + klDivergence(p, q)
    },
    row("Categorical: probabilities", 1, fixed: [2, 3]) { x in
      let p = Categorical(probabilities: x[0])
      return p.logProbability(of: Tensor([2, 1] as [Int])) + sin(p.entropy)
    },
    row("Multinomial", 1, .everywhere, fixed: [2, 3]) { x in
      let p = Multinomial(count: 4, category: Categorical(logits: x[0]))
      let value = Tensor([[1, 0, 3], [2, 2, 0]], dtype: x[0].dtype)
      return p.logProbability(of: value) + p.entropy
        + (sin(p.mean) + p.variance).sum(axes: [-1])
    },
  ]

  /// A lower triangular factor with a positive diagonal from any matrix.
  private static func factor(_ x: Tensor) -> Tensor {
    let size = x.shape[x.rank - 1]
    let order = Tensor.arange(size)
    let below = order .< order.expandingDimension(at: 1)
    return `where`(below, x, 0) + Tensor.eye(size, dtype: x.dtype) * (0.5 + square(x))
  }

  private static let vectors: [GradientRow] = [
    GradientRow(
      name: "MultivariateNormal: log-probability", operations: ["MultivariateNormal"],
      shapes: [[4, 3], [3], [3, 3]],
      function: { x in
        MultivariateNormal(mean: x[1], scaleTril: factor(x[2])).logProbability(of: x[0])
      }),
    GradientRow(
      name: "MultivariateNormal: moments and divergence", operations: ["MultivariateNormal"],
      shapes: [[3], [2, 3, 3], [2, 3], [3, 3]],
      function: { x in
        let p = MultivariateNormal(mean: x[0], scaleTril: factor(x[1]))
        let q = MultivariateNormal(mean: x[2], scaleTril: factor(x[3]))
        return (sin(p.mean) + p.variance).sum(axes: [-1]) + p.entropy
          + (p.covariance * p.covariance).sum(axes: [-2, -1]) + klDivergence(p, q)
          + klDivergence(q, p)
      }),
    GradientRow(
      name: "MultivariateNormal: samples", operations: ["MultivariateNormal"],
      shapes: [[3], [3, 3]],
      function: { x in
        var generator = Generator(seed: 9)
        let (m, l) = (x[0].cast(to: .float64), factor(x[1]).cast(to: .float64))
        let sample = MultivariateNormal(mean: m, scaleTril: l).sample([2], using: &generator)
        return sin(sample).cast(to: x[0].dtype)
      }),
  ]

  static let distributions = realLine + positiveNumbers + counts + vectors
}
