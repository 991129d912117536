// Kullback-Leibler divergences KL(p || q) = E_p log(p / q) in closed form, in nats. A pair without
// one does not compile; there, the mean of p.logProbability - q.logProbability over samples of p is
// an estimate. Parameters are broadcast.

/// KL(p || q) of normal distributions.
public func klDivergence(_ p: Normal, _ q: Normal) -> Tensor {
  let ratio = p.standardDeviation / q.standardDeviation
  let shift = (p.mean - q.mean) / q.standardDeviation
  return 0.5 * (square(ratio) + square(shift) - 1) - log(ratio)
}

/// KL(p || q) of log-normal distributions: that of their logarithms.
public func klDivergence(_ p: LogNormal, _ q: LogNormal) -> Tensor {
  klDivergence(p.logarithm, q.logarithm)
}

/// KL(p || q) of normal distributions of vectors.
public func klDivergence(_ p: MultivariateNormal, _ q: MultivariateNormal) -> Tensor {
  p.divergence(from: q)
}

/// KL(p || q) of uniform distributions; infinite where q does not cover p.
public func klDivergence(_ p: Uniform, _ q: Uniform) -> Tensor {
  let covers = (q.lower .<= p.lower) .& (q.upper .>= p.upper)
  return `where`(covers, log((q.upper - q.lower) / (p.upper - p.lower)), .infinity)
}

/// KL(p || q) of Laplace distributions.
public func klDivergence(_ p: Laplace, _ q: Laplace) -> Tensor {
  let ratio = p.scale / q.scale
  let distance = abs(p.location - q.location)
  return ratio * exp(-(distance / p.scale)) + distance / q.scale - log(ratio) - 1
}

/// KL(p || q) of Gumbel distributions.
public func klDivergence(_ p: Gumbel, _ q: Gumbel) -> Tensor {
  let ratio = p.scale / q.scale
  let shift = (q.location - p.location) / q.scale
  let euler = 0.57721566490153286
  return exp(shift + lgamma(ratio + 1)) - 1 - shift - log(ratio) + euler * (ratio - 1)
}

/// KL(p || q) of Cauchy distributions.
///
/// Source: Chyzak and Nielsen, "A closed-form formula for the Kullback-Leibler divergence between
/// Cauchy distributions" (2019).
public func klDivergence(_ p: Cauchy, _ q: Cauchy) -> Tensor {
  let squares = square(p.scale + q.scale) + square(p.location - q.location)
  return log(squares / (4 * p.scale * q.scale))
}

/// KL(p || q) of exponential distributions.
public func klDivergence(_ p: Exponential, _ q: Exponential) -> Tensor {
  let ratio = q.rate / p.rate
  return ratio - 1 - log(ratio)
}

/// KL(p || q) of gamma distributions.
public func klDivergence(_ p: Gamma, _ q: Gamma) -> Tensor {
  let (a, b) = (p.concentration, q.concentration)
  return b * log(p.rate / q.rate) + lgamma(b) - lgamma(a) + (a - b) * digamma(a)
    + (q.rate - p.rate) * (a / p.rate)
}

/// KL(p || q) of chi-squared distributions.
public func klDivergence(_ p: ChiSquared, _ q: ChiSquared) -> Tensor {
  let (a, b) = (0.5 * p.degreesOfFreedom, 0.5 * q.degreesOfFreedom)
  return lgamma(b) - lgamma(a) + (a - b) * digamma(a)
}

/// KL(p || q) of beta distributions.
public func klDivergence(_ p: Beta, _ q: Beta) -> Tensor {
  let (a, b) = (p.alpha - q.alpha, p.beta - q.beta)
  return logBeta(q.alpha, q.beta) - logBeta(p.alpha, p.beta) + a * digamma(p.alpha)
    + b * digamma(p.beta) - (a + b) * digamma(p.alpha + p.beta)
}

/// KL(p || q) of Dirichlet distributions.
public func klDivergence(_ p: Dirichlet, _ q: Dirichlet) -> Tensor {
  let (a, b) = (p.concentration, q.concentration)
  let total = a.sum(axes: [-1], keepingDimensions: true)
  let distance = (a - b) * (digamma(a) - digamma(total)) + lgamma(b) - lgamma(a)
  return distance.sum(axes: [-1]) + lgamma(a.sum(axes: [-1])) - lgamma(b.sum(axes: [-1]))
}

/// KL(p || q) of Bernoulli distributions.
public func klDivergence(_ p: Bernoulli, _ q: Bernoulli) -> Tensor {
  divergence(ofProbabilities: p.probability, q.probability)
}

/// KL(p || q) of binomial distributions of the same number of trials; NaN where they differ.
public func klDivergence(_ p: Binomial, _ q: Binomial) -> Tensor {
  let one = divergence(ofProbabilities: p.probability, q.probability)
  return `where`(p.count .== q.count, p.count * one, Tensor(floatLiteral: .nan))
}

/// KL(p || q) of geometric distributions.
public func klDivergence(_ p: Geometric, _ q: Geometric) -> Tensor {
  divergence(ofProbabilities: p.probability, q.probability) / p.probability
}

/// KL(p || q) of Poisson distributions.
public func klDivergence(_ p: Poisson, _ q: Poisson) -> Tensor {
  xlogy(p.rate, p.rate) - xlogy(p.rate, q.rate) - (p.rate - q.rate)
}

/// KL(p || q) of categorical distributions; infinite where q rules out what p allows.
public func klDivergence(_ p: Categorical, _ q: Categorical) -> Tensor {
  let isPossible = p.logProbabilities .> .negativeInfinity
  let distance = p.finiteLogProbabilities - `where`(isPossible, q.logProbabilities, 0)
  return (p.probabilities * distance).sum(axes: [-1])
}

private func divergence(ofProbabilities p: Tensor, _ q: Tensor) -> Tensor {
  xlogy(p, p) - xlogy(p, q) + xlogy(1 - p, 1 - p) - xlogy(1 - p, 1 - q)
}
