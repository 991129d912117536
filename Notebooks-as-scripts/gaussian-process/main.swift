// %% [markdown]
// # A Gaussian process, with its hyperparameters by gradient
//
// A Gaussian process is a distribution over functions. Given a few noisy values it predicts others,
// and says how sure it is. What it needs are three numbers: how large the function is, how quickly
// it changes, and how noisy the values are. They are found by making the data as probable as
// possible, which takes the gradient of a logarithm of a probability that goes through a Cholesky
// factor.

// %% tags=["hide-input"]
import Adjoint
import AdjointNN
import AdjointNotebook
import ArgumentParser
import Foundation
import NotebookOptions

struct Options: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gaussian-process",
    abstract: "Fits a Gaussian process by gradients through a Cholesky factor.")
  @OptionGroup var notebook: NotebookOptions
}
let options = Options.parseOrExit()
let notebook = orExit(
  try Notebook(
    title: "A Gaussian process, with its hyperparameters by gradient", name: "gaussian-process",
    output: options.notebook.output(of: "gaussian-process")))

// %% [markdown]
// ## The data
//
// Values of a damped sine, unevenly spaced and disturbed by numbers that look random but are not, so
// that the result can be compared with that of another program.

// %%
let i = Tensor.arange(25).cast(to: .float64)
let x = 0.4 * i + 0.15 * sin(7 * i)
func truth(_ x: Tensor) -> Tensor { sin(x) * exp(-0.1 * x) }
let y = truth(x) + 0.15 * sin(1.7 * i * i)

// %% [markdown]
// ## The model
//
// The covariance of two values is a² exp(-(x - x')² / 2ℓ²), plus σ² for a value with itself. The
// logarithm of the data's probability is -½ yᵀK⁻¹y - ½ log det K - n/2 log 2π. With the Cholesky
// factor K = LLᵀ both K⁻¹y and the determinant are cheap and exact. The three numbers must be
// positive, so their logarithms are what is learned.

// %%
final class Kernel: Module {
  let logAmplitude = Parameter(Tensor(0, dtype: .float64))
  let logLength = Parameter(Tensor(0, dtype: .float64))
  let logNoise = Parameter(Tensor(log(0.1) / 2, dtype: .float64))

  func callAsFunction(_ a: Tensor, _ b: Tensor) -> Tensor {
    let distance = (a.reshaped(-1, 1) - b.reshaped(1, -1)) / exp(logLength.value)
    return exp(2 * logAmplitude.value) * exp(-0.5 * square(distance))
  }

  /// The covariance of noisy values.
  func noisy(_ a: Tensor) -> Tensor {
    self(a, a) + exp(2 * logNoise.value) * Tensor.eye(a.elementCount, dtype: a.dtype)
  }
}

func logLikelihood(_ kernel: Kernel) -> Tensor {
  let factor = cholesky(kernel.noisy(x))
  let weights = choleskySolve(factor, y)
  let logDeterminant = 2 * log(factor.diagonal()).sum()
  let constant = Double(x.elementCount) * log(2 * Double.pi)
  return -0.5 * ((y * weights).sum() + logDeterminant + constant)
}

// %% [markdown]
// Is the gradient right? It goes through the factorization, so it is worth a check.

// %%
let kernel = Kernel()
let report = checkGradients(of: kernel, inputs: []) { _ in logLikelihood(kernel) }
print(report)

// %% [markdown]
// ## Learning
//
// Adam walks towards the maximum. In its neighbourhood Newton's method, with the exact Hessian of all
// three numbers, needs a few steps to reach it to all digits.

// %%
let optimizer = Adam(learningRate: 0.05)
var path: [Double] = []
for _ in 1...150 {
  let (loss, gradients) = valueWithGradients(of: kernel) { -logLikelihood(kernel) }
  optimizer.update(kernel, gradients)
  path.append(-loss.scalar)
}
print("after Adam:", path.last ?? 0)

func loss(at point: Tensor) -> Tensor {
  let distance = (x.reshaped(-1, 1) - x.reshaped(1, -1)) / exp(point[1])
  let smooth: Tensor = exp(2 * point[0]) * exp(-0.5 * square(distance))
  let covariance: Tensor = smooth + exp(2 * point[2]) * Tensor.eye(x.elementCount, dtype: x.dtype)
  let factor = cholesky(covariance)
  let fit: Tensor = (y * choleskySolve(factor, y)).sum()
  return 0.5 * fit + log(factor.diagonal()).sum()
}
var point = stacked(kernel.parameters.map(\.value.detached))
for step in 1...5 {
  let slope = gradient(at: point, loss)
  point = point - solve(hessian(at: point, loss), slope)
  print("Newton step \(step): gradient \(slope.norm().scalar)")
}
for (index, parameter) in kernel.parameters.enumerated() { parameter.value = point[index] }
try notebook.show(
  .chart(
    [Series("log-likelihood", y: path)], title: "The data become more probable", xLabel: "step"),
  name: "log-likelihood")

// %% [markdown]
// ## The same as scikit-learn?
//
// `GaussianProcessRegressor` with the kernel `ConstantKernel * RBF + WhiteKernel` and ten restarts
// finds, from the same 25 numbers, the values in the middle column.

// %%
let expected = [
  ("amplitude", 0.5176387667738654, exp(kernel.logAmplitude.value).scalar),
  ("length", 1.1730892794440015, exp(kernel.logLength.value).scalar),
  ("noise", 0.12078549767600363, exp(kernel.logNoise.value).scalar),
  ("log-likelihood", 1.8526162505462587, logLikelihood(kernel).scalar),
]
for (name, theirs, ours) in expected { print("\(name): \(theirs) \(ours)") }
let difference = expected.map { abs($0.1 - $0.2) }.max() ?? 1
notebook.expect(difference < 1e-4, "hyperparameters agree with scikit-learn's to four decimals")

// %% [markdown]
// ## The posterior
//
// Between the values the band is narrow; beyond them the process knows nothing and returns to zero
// with its full uncertainty.

// %%
func posterior(of kernel: Kernel, at points: Tensor) -> (mean: Tensor, deviation: Tensor) {
  let factor = cholesky(kernel.noisy(x))
  let across = kernel(x, points)
  let mean = matmul(across.transposed(), choleskySolve(factor, y))
  let solved = triangularSolve(factor, across, upper: false)
  let variance = exp(2 * kernel.logAmplitude.value) - square(solved).sum(axes: [0])
  return (mean, sqrt(variance + exp(2 * kernel.logNoise.value)))
}
let points = Tensor.linspace(-1, 12.5, count: 200, dtype: .float64)
let (mean, deviation) = posterior(of: kernel, at: points)
func numbers(_ x: Tensor) -> [Double] { x.scalars(as: Double.self) }
try notebook.show(
  .chart(
    [
      .band(
        "95 % of new values", x: numbers(points), lower: numbers(mean - 1.96 * deviation),
        upper: numbers(mean + 1.96 * deviation)),
      Series("mean", x: numbers(points), y: numbers(mean)).color(0),
      Series("truth", x: numbers(points), y: numbers(truth(points)), isDashed: true).color(2),
      .points("data", x: numbers(x), y: numbers(y)).color(3),
    ], title: "What the process believes", xLabel: "x", yLabel: "y"), name: "posterior")

let (m, s) = posterior(of: kernel, at: Tensor([2.5, 5, 11], dtype: .float64))
let theirMean = Tensor([0.4617185, -0.6769170, -0.2909656], dtype: .float64)
let theirDeviation = Tensor([0.1393515, 0.1369787, 0.4608757], dtype: .float64)
let worst = maximum(abs(m - theirMean).max(), abs(s - theirDeviation).max()).scalar
print("largest difference from scikit-learn's predictions: \(worst)")
notebook.expect(worst < 1e-4, "mean and deviation agree with scikit-learn's at three places")
orExit(try notebook.finish())
