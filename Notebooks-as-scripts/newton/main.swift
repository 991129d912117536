// %% [markdown]
// # Newton's method and principal components
//
// Two classics of statistics on a small table, 178 wines of three growers with 13 chemical measures
// each: logistic regression by Newton's method, with gradient and Hessian from automatic
// differentiation, and principal components from a singular value decomposition.

// %% tags=["hide-input"]
import Adjoint
import AdjointData
import AdjointNN
import AdjointNotebook
import ArgumentParser
import Foundation
import NotebookOptions

struct Options: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "newton",
    abstract: "Logistic regression with exact Hessians, and principal components by SVD.")
  @OptionGroup var notebook: NotebookOptions
}
let options = Options.parseOrExit()
let notebook = orExit(
  try Notebook(
    title: "Newton's method and principal components", name: "newton",
    output: options.notebook.output(of: "newton")))

// %% [markdown]
// ## The data
//
// The table is part of the package. Measures have different units, so each column is brought to mean
// 0 and standard deviation 1.

// %%
let wine = orExit(try Wine.load())
let raw = wine.features.cast(to: .float64)
let x = (raw - raw.mean(axes: [0])) / raw.standardDeviation(axes: [0], correction: 0)
print(wine.featureNames.joined(separator: ", "))
print("rows", x.shape[0], "columns", x.shape[1])

// %% [markdown]
// ## Logistic regression
//
// Was a wine made by the second grower? The model is p = σ(b + x·w). The loss is the sum of the
// cross-entropies plus ½ |w|², the penalty that scikit-learn adds by default.

// %%
let isSecond = (wine.labels .== 1).cast(to: .float64)
let columns = concatenated([Tensor.ones([x.shape[0], 1], dtype: .float64), x], axis: 1)

func loss(_ weights: Tensor) -> Tensor {
  let logits = matmul(columns, weights)
  let misfit = (softplus(logits) - isSecond * logits).sum()
  return misfit + 0.5 * square(weights[1...]).sum()
}

// %% [markdown]
// Newton's step solves H s = g with the exact Hessian, here 14 by 14. Near the minimum each step
// doubles the number of right digits. Gradient descent with the best fixed step is shown beside it.

// %%
var weights = Tensor.zeros([14], dtype: .float64)
var newton = [gradient(at: weights, loss).norm().scalar]
for _ in 1...8 {
  weights = weights - solve(hessian(at: weights, loss), gradient(at: weights, loss))
  newton.append(gradient(at: weights, loss).norm().scalar)
}
print("gradient after each Newton step:", newton.map { String(format: "%.1e", $0) })

var slow = Tensor.zeros([14], dtype: .float64)
// The Hessian is nowhere larger than at the start, so this step is safe.
let largest = eigenvaluesSymmetric(hessian(at: slow, loss)).max().scalar
var descent: [Double] = []
for _ in 0...200 {
  let slope = gradient(at: slow, loss)
  descent.append(slope.norm().scalar)
  slow = slow - (1 / largest) * slope
}
try notebook.show(
  .chart(
    [
      Series("Newton", x: newton.indices.map(Double.init), y: newton),
      Series("gradient descent", x: descent.indices.map(Double.init), y: descent),
    ], title: "Norm of the gradient", xLabel: "step", yScale: .logarithmic), name: "convergence")
notebook.expect(newton[8] < 1e-12, "eight Newton steps leave a gradient below 1e-12")

// %% [markdown]
// `LogisticRegression(C=1, solver="newton-cholesky")` of scikit-learn gives these weights for the
// same table:

// %%
let expected = Tensor(
  [
    -1.50260160, -1.55830963, -0.66975385, -1.16046426, 0.79097265, -0.11689963, 0.03553295,
    0.51965634, 0.37599995, 0.21413756, -1.97388645, 0.99743287, 0.04158172, -1.89380782,
  ], dtype: .float64)
let difference = abs(weights - expected).max().scalar
print("largest difference of a weight:", difference)
notebook.expect(difference < 1e-4, "weights agree with scikit-learn's to four decimals")
let predicted = matmul(columns, weights) .> 0
let accuracy = (predicted .== (wine.labels .== 1)).cast(to: .float64).mean().scalar
print(String(format: "%.1f %% of the wines are told apart", 100 * accuracy))

// %% [markdown]
// How sure is a weight? The inverse of the Hessian at the minimum is the covariance of the weights in
// Laplace's approximation; its diagonal gives their standard errors.

// %%
let deviation = sqrt(inverse(hessian(at: weights, loss)).diagonal())
for (index, name) in wine.featureNames.enumerated() {
  let (weight, error) = (weights[index + 1].scalar, deviation[index + 1].scalar)
  print(String(format: "%@: %.2f ± %.2f", name, weight, error))
}

// %% [markdown]
// ## Principal components
//
// With the singular values of the table, x = U S Vᵀ, the rows of Vᵀ are the directions in which
// wines differ most and U S is where each wine lies along them.

// %%
let (u, s, vt) = svd(x)
let share = square(s) / square(s).sum()
print("share of the variance:", share[..<3])
let places = u * s
func marks() throws -> [Series] {
  let first = places[.all, 0].scalars(as: Double.self)
  let second = places[.all, 1].scalars(as: Double.self)
  let labels = wine.labels.scalars(as: Int.self)
  return try (0..<3).map { grower in
    let chosen = labels.indices.filter { labels[$0] == grower }
    return try .points(
      "grower \(grower + 1)", x: chosen.map { first[$0] }, y: chosen.map { second[$0] })
  }
}
try notebook.show(
  .chart(
    marks(), title: "178 wines in two dimensions", xLabel: "first component",
    yLabel: "second component", height: 420), name: "components")
let shareError = abs(share[..<3] - Tensor([0.36198848, 0.19207490, 0.11123631], dtype: .float64))
  .max().scalar
notebook.expect(shareError < 1e-5, "the shares of the variance are scikit-learn's")
print("The first component weighs:")
for (name, weight) in zip(wine.featureNames, vt[0].scalars(as: Double.self)) {
  print(String(format: "%@ %+.2f", name, weight))
}
orExit(try notebook.finish())
