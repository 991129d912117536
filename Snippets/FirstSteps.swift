// Tensors, broadcasting, and derivatives of any order.
import Adjoint

let x = Tensor([[1, 2, 3], [4, 5, 6]])
print(x * 10 + 1)
print(x.mean(axes: [0]), x.shape, x.dtype)

// The graph is built as the code runs: loops and conditions are ordinary Swift.
func power(_ x: Tensor, _ n: Int) -> Tensor {
  var result = Tensor(1)
  for _ in 0..<n { result = result * x }
  return result
}

let at = Tensor(2)
print(power(at, 3))  // 8
print(gradient(at: at) { power($0, 3) })  // 3 x² = 12
print(gradient(at: at) { gradient(at: $0) { power($0, 3) } })  // 6 x = 12

// Or with explicit variables, as in PyTorch; gradients are returned, not stored.
let w = Tensor.normal([3, 1]).tracked()
let b = Tensor.zeros([1]).tracked()
let loss = square(matmul(x, w) + b - 1).mean()
let gradientsOfLoss = gradients(of: loss, withRespectTo: [w, b])
print(gradientsOfLoss[0].shape, gradientsOfLoss[1].shape)
