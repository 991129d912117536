// %% [markdown]
// # A first hour with tensors
//
// A *tensor* is a block of numbers with a shape: a number, a vector, a matrix, a stack of pictures.
// This notebook shows how tensors are made, how shapes meet in arithmetic, what a view is, and how
// any computation can be differentiated, as often as one likes.

// %% tags=["hide-input"]
import Adjoint
import AdjointNotebook
import ArgumentParser
import Foundation
import NotebookOptions

struct Options: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tensors", abstract: "Shows tensors, broadcasting, views and derivatives.")
  @OptionGroup var notebook: NotebookOptions
}
let options = Options.parseOrExit()
let notebook = orExit(
  try Notebook(
    title: "A first hour with tensors", name: "tensors",
    output: options.notebook.output(of: "tensors")))

// %% [markdown]
// ## Making tensors
//
// Literals, ranges and random numbers; `float32` unless said otherwise.

// %%
let matrix = Tensor([[1, 2, 3], [4, 5, 6]])
print(matrix, matrix.shape, matrix.dtype)
print(Tensor.arange(5), Tensor.linspace(0, 1, count: 5))
print(Tensor.zeros([2, 2], dtype: .float64))

// %% [markdown]
// Random tensors draw from a generator. A seed makes them the same each time; the scope says for how
// long.

// %%
let (a, b) = withGenerator(seed: options.notebook.seed) {
  (Tensor.normal([2, 3]), Tensor.uniform([3]))
}
print(a)
print(b)

// %% [markdown]
// ## Arithmetic and broadcasting
//
// Operators work element by element. When shapes differ they are compared from the right: equal
// sizes meet, and a size of 1, or a missing axis, is stretched to the other's. So a row of column
// means can be taken from every row of a matrix:

// %%
let means = matrix.mean(axes: [0])
print("means", means)
print("centred")
print(matrix - means)

// %% [markdown]
// And a column meets a row in a whole table:

// %%
let column = Tensor([1, 2, 3]).reshaped(3, 1)
let row = Tensor([10, 20, 30, 40])
print(column * row)

// %% [markdown]
// Shapes that do not fit stop the program with both of them in the message; nothing is guessed.
//
// ## Axes, products, selection
//
// Reductions take the axes they remove; negative axes count from the end. `matmul` is the matrix
// product, `einsum` any sum of products that can be written with letters.

// %%
print(matrix.sum(), matrix.sum(axes: [1]), matrix.max(axes: [-1]))
print(matmul(matrix, matrix.transposed()))
print(einsum("ij,kj->ik", matrix, matrix))
print(matrix[0], matrix[.all, 1...], matrix[.all, -1])
print(`where`(matrix .> 3, matrix, 0))

// %% [markdown]
// ## Views and values
//
// Transposing, slicing and reshaping copy nothing: the result looks at the same memory in another
// way. Yet tensors are values. Changing one never changes another; the memory is copied at the
// moment when that would show.

// %%
var changed = matrix
changed[0, 0] = 100
print(changed)
print(matrix)

// %% [markdown]
// ## Derivatives
//
// `gradient(at:)` runs a function and gives its derivative. The function is ordinary Swift: what
// it computes is recorded as it runs, so loops and conditions need nothing special.

// %%
func power(_ x: Tensor, _ exponent: Int) -> Tensor {
  var result = Tensor(1)
  for _ in 0..<exponent { result = result * x }
  return result
}
print("x³ at 2:", power(Tensor(2), 3))
print("3 x² at 2:", gradient(at: Tensor(2)) { power($0, 3) })

// %% [markdown]
// A gradient is a computation like any other and can be differentiated again. Here are the function
// exp(-x²) and its first three derivatives on a whole interval: the sum over all points has as its
// gradient the derivative at each.

// %%
func bell(_ x: Tensor) -> Tensor { exp(-square(x)) }
func derivative(_ f: @escaping (Tensor) -> Tensor) -> (Tensor) -> Tensor {
  { x in gradient(at: x) { f($0).sum() } }
}
let points = Tensor.linspace(-3, 3, count: 121, dtype: .float64)
let first = derivative(bell)
let second = derivative(first)
let third = derivative(second)
let xs = points.scalars(as: Double.self)
try notebook.show(
  .chart(
    [
      Series("exp(-x²)", x: xs, y: bell(points).scalars(as: Double.self)),
      Series("first derivative", x: xs, y: first(points).scalars(as: Double.self)),
      Series("second", x: xs, y: second(points).scalars(as: Double.self)),
      Series("third", x: xs, y: third(points).scalars(as: Double.self)),
    ], title: "A function and its derivatives", xLabel: "x"), name: "derivatives")

// %% [markdown]
// The third derivative is known: (12 x - 8 x³) exp(-x²). The difference is rounding.

// %%
let exact = (12 * points - 8 * power(points, 3)) * bell(points)
let error = abs(third(points) - exact).max().scalar
print("largest difference", error)
notebook.expect(error < 1e-12, "the third derivative is right to 12 decimals")

// %% [markdown]
// ## Matrices of derivatives
//
// A function of several numbers has a gradient; one that gives several numbers has a Jacobian; the
// derivative of a gradient is a Hessian.

// %%
func rosenbrock(_ x: Tensor) -> Tensor { square(1 - x[0]) + 100 * square(x[1] - square(x[0])) }
let start = Tensor([-1.2, 1], dtype: .float64)
print("value", rosenbrock(start))
print("gradient", gradient(at: start, rosenbrock))
print("Hessian")
print(hessian(at: start, rosenbrock))
print("Jacobian of polar coordinates")
print(
  jacobian(at: Tensor([2, 0.5])) { x in
    stacked([x[0] * cos(x[1]), x[0] * sin(x[1])])
  })

// %% [markdown]
// With both, Newton's method finds the bottom of Rosenbrock's curved valley in a few steps, where
// plain gradient descent needs thousands.

// %%
var x = start
for step in 1...6 {
  x = x - solve(hessian(at: x, rosenbrock), gradient(at: x, rosenbrock))
  print("step \(step):", x, "value", rosenbrock(x).scalar)
}
notebook.expect(rosenbrock(x).scalar < 1e-18, "six Newton steps reach the minimum at (1, 1)")
orExit(try notebook.finish())
