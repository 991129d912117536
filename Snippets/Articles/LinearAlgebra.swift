// The code of the article LinearAlgebra; the comments are what it prints.
import Adjoint

let a = Tensor([[4, 1], [1, 3]], dtype: .float64)
let b = Tensor([1, 2], dtype: .float64)
let x = solve(a, b)
print(allClose(matmul(a, x), b), x.shape)  // true [2]

// MARK: Which one

let l = cholesky(a)
let viaFactor = choleskySolve(l, b.expandingDimension(at: 1))
print(allClose(viaFactor.squeezed(1), x), allClose(matmul(l, l.transposed()), a))  // true true

let design = Tensor([[1, 0], [1, 1], [1, 2]], dtype: .float64)
let line = leastSquares(design, Tensor([1, 3, 5], dtype: .float64))
print(line.scalars.map { ($0 * 1000).rounded() / 1000 })  // [1.0, 2.0]

// MARK: Vectors and columns

let batch = stacked([a, 2 * a])
print(solve(batch, b).shape)  // [2, 2]
let columns = Tensor([[1, 2], [3, 4]], dtype: .float64).expandingDimension(at: -1)
print(solve(batch, columns).shape)  // [2, 2, 1]

// MARK: Derivatives

print(checkGradients(of: { solve($0[0], $0[1]) }, at: [a, b]).passed)  // true

// The logarithm of a determinant has the inverse, transposed, as its gradient.
let g = gradient(at: a) { slogDeterminant($0).logarithm }
print(allClose(g, inverse(a).transposed()))  // true

let ofFactor = gradient(at: a) { cholesky($0).sum() }
print(allClose(ofFactor, ofFactor.transposed()))  // true

let same = Tensor.eye(2, dtype: .float64)
print(gradient(at: same) { eigenvaluesSymmetric($0).sum() }.scalars)  // [1.0, 0.0, 0.0, 1.0]

// MARK: Where there is no answer

func regularized(_ a: Tensor) -> Tensor {
  var jitter = 0.0
  while true {
    do {
      return try cholesky(checking: a + jitter * Tensor.eye(2, dtype: .float64))
    } catch {
      jitter = max(10 * jitter, 1e-8)
    }
  }
}
let flat = Tensor([[1, 1], [1, 1]], dtype: .float64)
print(regularized(flat).shape)  // [2, 2]

print(conditionNumber(Tensor([[1, 1], [1, 1.0001]], dtype: .float64)).scalar > 1e4)  // true
