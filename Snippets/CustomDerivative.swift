// A derivative of one's own: for formulas that cancel, and for gradients changed on purpose.
import Adjoint

/// log(1 + e^x).
///
/// By the rules of exp and log the derivative for large x would be infinity / infinity.
func log1pExp(_ x: Tensor) -> Tensor {
  withCustomDerivative(at: [x]) {
    `where`($0[0] .> 30, $0[0], log(1 + exp($0[0])))
  } gradients: { g, x, _ in
    [g * sigmoid(x[0])]
  }
}

let x = Tensor([-2, 0, 3, 1000])
print(gradient(at: x) { log1pExp($0).sum() })
print(gradient(at: x) { `where`($0 .> 30, $0, log(1 + exp($0))).sum() })  // NaN at 1000
// Compared with differences of the function itself, at orders 1 and 2.
print(checkGradients(of: { log1pExp($0[0]) }, at: [Tensor([-2, 0, 3])]))

/// `x` itself, whose gradient is cut to [-limit, limit] on its way back.
func clippingGradient(_ x: Tensor, limit: Double) -> Tensor {
  withCustomDerivative(at: [x]) {
    $0[0]
  } gradients: { g, _, _ in
    [maximum(minimum(g, Tensor(floatLiteral: limit)), Tensor(floatLiteral: -limit))]
  }
}
print(gradient(at: x) { exp(clippingGradient($0, limit: 5)).sum() })

/// Rounding that lets gradients through as if it were not there ("straight through").
func roundedStraightThrough(_ x: Tensor) -> Tensor { x + (round(x) - x).detached }
print(gradient(at: Tensor([0.4, 1.7])) { square(roundedStraightThrough($0)).sum() })  // 0, 4
