import Adjoint

/// The weight and gradient after weight decay: decoupled, the weight is made smaller, else the decay
/// is part of the gradient.
func decayed(
  _ weight: Tensor, _ gradient: Tensor, _ decay: Double, _ isDecoupled: Bool,
  _ learningRate: Double
) -> (weight: Tensor, gradient: Tensor) {
  if decay == 0 { return (weight, gradient) }
  return isDecoupled
    ? (weight * (1 - learningRate * decay), gradient) : (weight, gradient + decay * weight)
}

/// The quotient of two sizes, or 1 where one of them is 0.
func ratio(_ a: Tensor, _ b: Tensor) -> Tensor {
  let areNonzero = (a .> 0) .& (b .> 0)
  return `where`(areNonzero, a / `where`(areNonzero, b, 1), 1)
}
