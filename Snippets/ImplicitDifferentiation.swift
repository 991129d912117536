// The derivative of a fixed point, without differentiating the iteration that found it.
import Adjoint

/// The z with f(z, a) = z, found by iteration from `start`, differentiable by all of `a`.
///
/// By the implicit function theorem dz/da = (1 - df/dz)^-1 df/da. So a gradient g of z becomes
/// u = g + (df/dz)^T u, which is a fixed point too, and then (df/da)^T u. The graph holds one node,
/// however many iterations it took; `f` must be a contraction near z, and no iteration is recorded.
func fixedPoint(
  of f: @escaping (_ z: Tensor, _ a: [Tensor]) -> Tensor, from start: Tensor, _ a: [Tensor],
  iterations: Int = 100
) -> Tensor {
  func iterated(_ start: Tensor, _ step: (Tensor) -> Tensor) -> Tensor {
    var z = start
    for _ in 0..<iterations { z = step(z) }
    return z
  }
  return withCustomDerivative(at: a) { a in
    iterated(start.detached) { f($0, a) }
  } gradients: { g, a, z in
    let pullback = vjp(at: [z] + a) { f($0[0], Array($0[1...])) }.pullback
    let u = iterated(g) { g + pullback($0)[0] }
    return Array(pullback(u)[1...])
  }
}

// Heron's iteration for the square root of a, whose derivative is 1 / (2 sqrt(a)).
let a = Tensor([2, 9], dtype: .float64)
func root(_ a: Tensor) -> Tensor {
  fixedPoint(of: { z, a in 0.5 * (z + a[0] / z) }, from: Tensor.ones([2], dtype: .float64), [a])
}
print(root(a), gradient(at: a) { root($0).sum() }, 0.5 / sqrt(a))

// A layer whose output is an equilibrium: z = tanh(W z + x). Twice differentiable, as any function.
let w = Tensor([[0.2, -0.3], [0.4, 0.1]], dtype: .float64)
let x = Tensor([0.3, -0.8], dtype: .float64)
func equilibrium(_ w: Tensor, _ x: Tensor) -> Tensor {
  fixedPoint(
    of: { z, inputs in tanh(matmul(inputs[0], z) + inputs[1]) },
    from: Tensor.zeros([2], dtype: .float64), [w, x])
}
print(checkGradients(of: { equilibrium($0[0], $0[1]) }, at: [w, x]))
print(GraphStatistics(of: equilibrium(w.tracked(), x)).operations)
