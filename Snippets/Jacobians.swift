// All derivatives of a function at once, and products with them that never form the matrix.
import Adjoint

/// Polar to Cartesian coordinates.
func cartesian(_ p: Tensor) -> Tensor { stacked([p[0] * cos(p[1]), p[0] * sin(p[1])]) }

let p = Tensor([2, 0.5])
print(jacobian(at: p, cartesian))

// A row of it: how one result depends on all inputs. A column: how all results depend on one input.
let (value, pullback) = vjp(at: p, cartesian)
print(value, pullback(Tensor([1, 0])))
print(jvp(at: p, tangent: Tensor([0, 1]), cartesian).tangent)

/// Rosenbrock's valley; its minimum is at (1, 1).
func valley(_ x: Tensor) -> Tensor { square(1 - x[0]) + 100 * square(x[1] - x[0] * x[0]) }

// Newton's method for two unknowns, the inverse of the Hessian written out.
var x = Tensor([-1.2, 1], dtype: .float64)
for step in 1...6 {
  let (f, g) = valueWithGradient(at: x, valley)
  let h = hessian(at: x, valley)
  let determinant = h[0][0] * h[1][1] - h[0][1] * h[1][0]
  x -= stacked([h[1][1] * g[0] - h[0][1] * g[1], h[0][0] * g[1] - h[1][0] * g[0]]) / determinant
  print("step \(step): f \(f.scalar), then x \(x.scalars)")
}

// The Hessian of a million numbers has 10^12 entries; its product with a vector costs a few gradients.
let many = Tensor.linspace(0, 1, count: 1_000_000)
let product = hessianVectorProduct(at: many, vector: sin(many)) { (square($0) * $0).sum() }
print(product[..<5], (6 * many * sin(many))[..<5])

// One gradient for each example of a batch, as for clipping them one by one.
let inputs = Tensor.normal([8, 3]), targets = Tensor.normal([8])
let gradientsOfExamples = perExampleGradients(
  at: [Tensor([0.1, 0.2, 0.3])], batch: [inputs, targets]
) { parameters, example in square((example[0] * parameters[0]).sum() - example[1]) }[0]
print(gradientsOfExamples.shape, sqrt(square(gradientsOfExamples).sum(axes: [1])))
