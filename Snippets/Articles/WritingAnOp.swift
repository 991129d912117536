// The code of the article WritingAnOp; the comments are what it prints.
import Adjoint

func swish(_ x: Tensor, beta: Tensor) -> Tensor { x * sigmoid(beta * x) }

let x = Tensor([-1, 0, 2]), beta = Tensor(1.5)
print(checkGradients(of: { swish($0[0], beta: $0[1]) }, at: [x, beta]).passed)  // true

// MARK: A rule of your own

func naive(_ x: Tensor) -> Tensor { `where`(x .> 30, x, log(1 + exp(x))) }
print(gradient(at: Tensor(1000), naive).scalar.isNaN)  // true

func log1pExp(_ x: Tensor) -> Tensor {
  withCustomDerivative(at: [x]) { inputs in
    naive(inputs[0])
  } gradients: { g, inputs, result in
    [g * sigmoid(inputs[0])]
  }
}
print(gradient(at: Tensor(1000), log1pExp).scalar)  // 1.0

// MARK: Check it

let report = checkGradients(of: { log1pExp($0[0]) }, at: [Tensor([-3, 0.5, 20])])
print(report.passed, report.count)  // true 6

func wrong(_ x: Tensor) -> Tensor {
  withCustomDerivative(at: [x]) {
    $0[0] * $0[0]
  } gradients: { g, x, _ in
    [g * x[0]]
  }
}
let failed = checkGradients(of: { wrong($0[0]) }, at: [Tensor([3])], orders: 1...1)
print(failed.passed, failed.worst?.index ?? -1)  // false 0
let ratio = (failed.worst?.analytic ?? 0) / (failed.worst?.numeric ?? 1)
print((ratio * 1000).rounded() / 1000)  // 0.5

// MARK: Several inputs, and something to keep

/// Rows of `x`, each divided by its norm and multiplied by `scale`.
func scaledRows(_ x: Tensor, _ scale: Tensor) -> Tensor {
  withCustomDerivative(at: [x, scale]) { inputs in
    inputs[0] / inputs[0].norm(axes: [1], keepingDimensions: true) * inputs[1]
  } gradients: { g, inputs, _ in
    let (x, scale) = (inputs[0], inputs[1])
    let norm = x.norm(axes: [1], keepingDimensions: true)
    let unit = x / norm
    let along = (g * unit).sum(axes: [1], keepingDimensions: true)
    return [scale / norm * (g - unit * along), (g * unit).sum()]
  }
}
let rows = Tensor([[3, 4], [1, 0], [0.5, -2]])
print(checkGradients(of: { scaledRows($0[0], $0[1]) }, at: [rows, Tensor(2)]).passed)  // true

// MARK: A gradient changed on purpose

func gradientReversed(_ x: Tensor, factor: Double) -> Tensor {
  withCustomDerivative(at: [x]) {
    $0[0]
  } gradients: { g, _, _ in
    [g * -factor]
  }
}
print(gradient(at: Tensor(3)) { gradientReversed($0 * $0, factor: 0.5) }.scalar)  // -3.0

// Rounding whose gradient is that of x: the difference is a constant.
func roundedStraightThrough(_ x: Tensor) -> Tensor { x + (round(x) - x).detached }
print(gradient(at: Tensor([0.4, 1.7])) { square(roundedStraightThrough($0)).sum() }.scalars)
// [0.0, 4.0]
