"""Writes distributions.json: what SciPy and PyTorch give for the distributions of Adjoint.

    python3 generate_distributions.py     # needs numpy, scipy and torch

The format is that of cases.py. Operations are Name.logProbability (inputs: value, parameters),
Name.mean, .variance and .entropy (inputs: parameters), Name.divergence (inputs: parameters of p, then
of q), Name.cumulative (inputs: points, parameters; for samplers) and Name.slope (inputs: value,
parameters; the derivative of a quantile with respect to the first parameter).
"""
import numpy as np
import scipy.integrate as integrate
import scipy.special as special
import scipy.stats as stats
import torch
from torch import distributions as dist

from cases import Cases

np.seterr(all="ignore")
reference = Cases()


def case(op, inputs, output):
    # Categories are integers, everything else is a float.
    dtype = None if op == "Categorical.logProbability" else np.float64
    reference.add(op, [np.asarray(x, dtype) for x in inputs], np.asarray(output, np.float64))


A = np.array
# Name: SciPy's distribution of the parameters, the parameters, points to try.
families = {
    "Normal": (lambda m, s: stats.norm(m, s), [A([0, 1.5, -2]), A([1, 0.3, 4])],
               [A([0.3, 1.2, -9]), A([-40, 1.5, 1e3])]),
    "LogNormal": (lambda m, s: stats.lognorm(s, scale=np.exp(m)), [A([0, 0.5, -1]), A([1, 0.3, 2])],
                  [A([0.3, 1.2, 9]), A([-1, 0, 1e3])]),
    "TruncatedNormal": (
        lambda m, s, a, b: stats.truncnorm((a - m) / s, (b - m) / s, m, s),
        [A([0, 1, 2, 0]), A([1, 2, 0.5, 1]), A([-1, 2, -np.inf, -0.3]), A([2, 4, 2.2, np.inf])],
        [A([0.5, 2.5, 2, 1]), A([-1, 4.1, 3, -0.31])]),
    "Uniform": (lambda a, b: stats.uniform(a, b - a), [A([0, -2, 1e3]), A([1, 3, 2e3])],
                [A([0.5, -2, 1500]), A([-0.1, 3.1, 999])]),
    "Laplace": (lambda m, s: stats.laplace(m, s), [A([0, 1.5, -2]), A([1, 0.3, 4])],
                [A([0.3, 1.2, -9]), A([-40, 1.5, 1e3])]),
    "Gumbel": (lambda m, s: stats.gumbel_r(m, s), [A([0, 1.5, -2]), A([1, 0.3, 4])],
               [A([0.3, 1.2, -9]), A([-3, 1.5, 1e3])]),
    "Cauchy": (lambda m, s: stats.cauchy(m, s), [A([0, 1.5, -2]), A([1, 0.3, 4])],
               [A([0.3, 1.2, -9]), A([-40, 1.5, 1e3])]),
    "StudentT": (lambda n, m, s: stats.t(n, m, s),
                 [A([0.7, 1.5, 2, 5, 30]), A([0, 1, -2, 0, 3]), A([1, 2, 0.5, 3, 1])],
                 [A([0.3, 1.2, -9, 2, 50]), A([-40, 1, 1e3, 0, 3])]),
    "Exponential": (lambda r: stats.expon(scale=1 / r), [A([0.2, 1, 7])],
                    [A([0.3, 1.2, 9]), A([0, -1, 100])]),
    "Gamma": (lambda a, r: stats.gamma(a, scale=1 / r), [A([0.1, 1, 2.5, 60]), A([1, 0.3, 4, 2])],
              [A([0.3, 1.2, 0.01, 31]), A([1e-5, -1, 4, 20])]),
    "ChiSquared": (lambda n: stats.chi2(n), [A([0.5, 1, 2, 17.5])],
                   [A([0.3, 1.2, 9, 15]), A([-1, 1e-4, 100, 40])]),
    "Beta": (lambda a, b: stats.beta(a, b), [A([0.3, 1, 2.5, 60]), A([0.4, 1, 4, 30])],
             [A([0.3, 0.5, 0.01, 0.7]), A([1e-5, 0.999, -0.1, 1.1])]),
    "Bernoulli": (lambda p: stats.bernoulli(p), [A([0.2, 0.5, 0.99, 0, 1])],
                  [A([0, 1, 1, 0, 1.0]), A([1, 0.5, 2, 1, 0])]),
    "Geometric": (lambda p: stats.geom(p, loc=-1), [A([0.2, 0.5, 0.99])],
                  [A([0, 1, 2.0]), A([7, 0.5, -1])]),
    "Binomial": (lambda n, p: stats.binom(n, p), [A([10, 1, 50, 0]), A([0.2, 0.5, 0.99, 0.3])],
                 [A([0, 1, 50.0, 0]), A([7, 0.5, 51, -1])]),
    "Poisson": (lambda r: stats.poisson(r), [A([0.2, 1, 7, 50])],
                [A([0, 1, 9.0, 40]), A([3, 0.5, -1, 60])]),
}
for name, (make, parameters, points) in families.items():
    d = make(*parameters)
    discrete = hasattr(d.dist, "pmf")
    for x in points:
        case(name + ".logProbability", [x, *parameters], d.logpmf(x) if discrete else d.logpdf(x))
    column = points[0][:, None]
    case(name + ".logProbability", [column, *parameters],
         d.logpmf(column) if discrete else d.logpdf(column))
    mean, variance = d.mean(), d.var()
    if name == "Cauchy":
        mean, variance = np.full(3, np.nan), np.full(3, np.nan)
    if name == "StudentT":
        mean, variance = [np.nan, 1, -2, 0, 3], [np.nan, np.inf, np.inf, 15, 30 / 28]
    case(name + ".mean", parameters, mean)
    case(name + ".variance", parameters, variance)
    entropy = d.entropy()
    if name == "Poisson":
        k = np.arange(400)[:, None]
        entropy = -(d.pmf(k) * np.where(d.pmf(k) > 0, d.logpmf(k), 0)).sum(0)
    if name == "TruncatedNormal":  # SciPy 1.17 gives NaN for an infinite bound
        entropy = []
        for i in range(4):
            one = make(*[p[i] for p in parameters])
            entropy.append(integrate.quad(
                lambda x: -one.pdf(x) * one.logpdf(x), one.ppf(1e-18), one.isf(1e-18),
                epsabs=1e-13, epsrel=1e-13)[0])
    case(name + ".entropy", parameters, entropy)

# Distribution functions at many points, for the samplers.
for name, parameters in [
        ("Normal", (1, 2)), ("LogNormal", (0.5, 0.7)), ("TruncatedNormal", (0, 1, -1, 2)),
        ("TruncatedNormal", (1, 2, 7, np.inf)), ("TruncatedNormal", (0, 1, 3, 3.1)),
        ("TruncatedNormal", (0, 1, -np.inf, -2)), ("Uniform", (-3, 5)), ("Laplace", (1, 2)),
        ("Gumbel", (1, 2)), ("Cauchy", (1, 2)), ("StudentT", (3, 1, 2)), ("StudentT", (0.8, 0, 1)),
        ("Exponential", (0.3,)), ("Gamma", (0.2, 1)), ("Gamma", (1, 3)), ("Gamma", (7.5, 0.5)),
        ("Gamma", (900, 2)), ("ChiSquared", (3,)), ("Beta", (0.5, 0.5)), ("Beta", (2, 5)),
        ("Beta", (0.03, 0.05)), ("Bernoulli", (0.3,)), ("Geometric", (0.2,)),
        ("Binomial", (10, 0.3)), ("Binomial", (200, 0.02)), ("Binomial", (1000, 0.7)),
        ("Binomial", (40, 0.5)), ("Poisson", (0.4,)), ("Poisson", (9,)), ("Poisson", (11,)),
        ("Poisson", (1000,))]:
    d = families[name][0](*[np.float64(p) for p in parameters])
    ranks = np.concatenate([[1e-3, 5e-3], np.arange(1, 20) / 20, [0.995, 0.999]])
    points = np.unique(d.ppf(ranks))
    case(name + ".cumulative", [points, *parameters], d.cdf(points))


def t(*values):
    return [torch.tensor(v, dtype=torch.float64) for v in values]


pairs = {
    "Normal": (dist.Normal, [(0.0, 1.0), (1.5, 0.3)], [(1.0, 2.0), (-1.0, 0.5)]),
    "LogNormal": (dist.LogNormal, [(0.0, 1.0), (1.5, 0.3)], [(1.0, 2.0), (-1.0, 0.5)]),
    "Uniform": (dist.Uniform, [(0.0, 1.0), (0.0, 4.0)], [(-1.0, 2.0), (1.0, 3.0)]),
    "Laplace": (dist.Laplace, [(0.0, 1.0), (1.5, 0.3)], [(1.0, 2.0), (-1.0, 0.5)]),
    "Gumbel": (dist.Gumbel, [(0.0, 1.0), (1.5, 0.3)], [(1.0, 2.0), (-1.0, 0.5)]),
    "Cauchy": (dist.Cauchy, [(0.0, 1.0), (1.5, 0.3)], [(1.0, 2.0), (-1.0, 0.5)]),
    "Exponential": (dist.Exponential, [(0.5,), (3.0,)], [(2.0,), (1.0,)]),
    "Gamma": (dist.Gamma, [(0.5, 1.0), (3.0, 2.0)], [(2.0, 0.3), (1.0, 4.0)]),
    "ChiSquared": (dist.Chi2, [(0.5,), (3.0,)], [(2.0,), (1.0,)]),
    "Beta": (dist.Beta, [(0.5, 1.0), (3.0, 2.0)], [(2.0, 0.3), (1.0, 4.0)]),
    "Bernoulli": (dist.Bernoulli, [(0.5,), (1.0,), (0.2,)], [(0.3,), (0.5,), (0.0,)]),
    "Geometric": (dist.Geometric, [(0.5,), (0.1,)], [(0.3,), (0.5,)]),
    "Binomial": (dist.Binomial, [(10, 0.5), (7, 0.1)], [(10, 0.3), (7, 0.5)]),
    "Poisson": (dist.Poisson, [(0.5,), (30.0,)], [(2.0,), (20.0,)]),
}
for name, (make, ps, qs) in pairs.items():
    p, q = [A(c, float) for c in zip(*ps)], [A(c, float) for c in zip(*qs)]
    value = dist.kl_divergence(make(*t(*p)), make(*t(*q))).numpy()
    case(name + ".divergence", [*p, *q], value)

# Vectors.
a, b = A([[0.5, 2, 7], [1, 1, 0.2]]), A([[1.5, 1, 2], [3, 0.1, 0.2]])
x = A([[0.2, 0.3, 0.5], [0.1, 0.85, 0.05]])
d = dist.Dirichlet(*t(a))
case("Dirichlet.logProbability", [x, a], d.log_prob(t(x)[0]).numpy())
case("Dirichlet.mean", [a], d.mean.numpy())
case("Dirichlet.variance", [a], d.variance.numpy())
case("Dirichlet.entropy", [a], d.entropy().numpy())
case("Dirichlet.divergence", [a, b], dist.kl_divergence(d, dist.Dirichlet(*t(b))).numpy())
m, l = A([[0.5, -1, 2], [0, 0, 1]]), A([[1, 0, 0], [0.5, 2, 0], [-1, 0.3, 0.7]])
l2 = np.stack([l, np.diag([0.5, 1.5, 2])])
for mean, factor in [(m, l), (m[0], l), (m, l2), (m[0], l2)]:
    d = dist.MultivariateNormal(t(mean)[0], scale_tril=t(factor)[0])
    other = dist.MultivariateNormal(t(m[1])[0], scale_tril=t(l2[1])[0])
    case("MultivariateNormal.logProbability", [x, mean, factor], d.log_prob(t(x)[0]).numpy())
    case("MultivariateNormal.mean", [mean, factor], d.mean.numpy())
    case("MultivariateNormal.variance", [mean, factor], d.variance.numpy())
    case("MultivariateNormal.entropy", [mean, factor], d.entropy().numpy())
    case("MultivariateNormal.divergence", [mean, factor, m[1], l2[1]],
         dist.kl_divergence(d, other).numpy())
    case("MultivariateNormal.divergence", [m[1], l2[1], mean, factor],
         dist.kl_divergence(other, d).numpy())
w = A([[1, 2, 5.0], [0, 3, 1]])
d = dist.Categorical(*t(w))
index = A([2, 1])
case("Categorical.logProbability", [index, w], d.log_prob(torch.tensor(index)).numpy())
case("Categorical.logProbability", [A([[0, 0], [1, 2], [2, 2]]), w],
     np.log(A([[1 / 8, 0], [2 / 8, 1 / 4], [5 / 8, 1 / 4]])))
case("Categorical.entropy", [w], stats.entropy(w, axis=1))
w2 = A([[1, 1, 1.0], [1, 2, 3]])
case("Categorical.divergence", [w, w2], stats.entropy(w, w2, axis=1))
counts = A([[2, 0, 4.0], [0, 6, 0]])
case("Multinomial.logProbability", [counts, w], [stats.multinomial(6, v / v.sum()).logpmf(c) for v, c in zip(w, counts)])
case("Multinomial.logProbability", [A([[2, 0, 3.0], [0.5, 5.5, 0]]), w], [-np.inf, -np.inf])
case("Multinomial.mean", [w], 6 * w / w.sum(1, keepdims=True))
case("Multinomial.entropy", [w], [stats.multinomial(6, v / v.sum()).entropy() for v in w])

# How a quantile of the gamma distribution of rate 1 moves with the concentration.
for a in (0.1, 0.7, 1, 4.5, 60, 3000, 2e5):
    ranks = A([0.01, 0.3, 0.7, 0.99])
    z, h = special.gammaincinv(a, ranks), 1e-4 * a
    slopes = (special.gammaincinv(a + h, ranks) - special.gammaincinv(a - h, ranks)) / (2 * h)
    case("Gamma.slope", [z, np.full(4, float(a))], slopes)

reference.write("distributions.json")
