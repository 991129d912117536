// %% [markdown]
// # Is the derivative right?
//
// Derivatives of what is written with tensor functions follow by themselves. Sometimes one wants to
// write a rule by hand: because a formula cancels, because a shorter one is known, or because the
// gradient should be another on purpose. Then the rule can be wrong. This notebook writes a wrong
// one and lets a gradient check find it.

// %% tags=["hide-input"]
import Adjoint
import AdjointNN
import AdjointNotebook
import ArgumentParser
import Foundation
import NotebookOptions

struct Options: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradient-check",
    abstract: "Writes a derivative by hand, gets it wrong, and finds the mistake.")
  @OptionGroup var notebook: NotebookOptions
}
let options = Options.parseOrExit()
let notebook = orExit(
  try Notebook(
    title: "Is the derivative right?", name: "gradient-check",
    output: options.notebook.output(of: "gradient-check")))

// %% [markdown]
// ## An activation with a derivative by hand
//
// Swish is x σ(βx). Its derivative by x is σ(βx) + βx σ(βx) (1 - σ(βx)). The inner β is easily
// forgotten:

// %%
func swish(_ x: Tensor, beta: Double, forgetsBeta: Bool) -> Tensor {
  withCustomDerivative(at: [x]) {
    $0[0] * sigmoid(beta * $0[0])
  } gradients: { g, inputs, _ in
    let x = inputs[0]
    let s = sigmoid(beta * x)
    let inner = forgetsBeta ? x : beta * x
    return [g * (s + inner * s * (1 - s))]
  }
}

// %% [markdown]
// For β = 1 both are the same, and a test with β = 1 would be content. At β = 2 the curves of the two
// derivatives part:

// %%
let points = Tensor.linspace(-4, 4, count: 161, dtype: .float64)
let xs = points.scalars(as: Double.self)
func slope(forgetsBeta: Bool) -> [Double] {
  gradient(at: points) { swish($0, beta: 2, forgetsBeta: forgetsBeta).sum() }
    .scalars(as: Double.self)
}
try notebook.show(
  .chart(
    [
      Series("right", x: xs, y: slope(forgetsBeta: false)),
      Series("inner factor forgotten", x: xs, y: slope(forgetsBeta: true), isDashed: true),
    ], title: "Two derivatives of x sigmoid(2x)", xLabel: "x"), name: "two-derivatives")

// %% [markdown]
// ## The check
//
// `checkGradients` compares derivatives with differences: it moves every input a little to both
// sides and looks at what the function does. It works in double precision, weights the results by
// random numbers (a plain sum can hide a mistake: the gradient of the sum of a softmax is zero,
// right or wrong), and checks the derivative of the derivative, too.

// %%
let x = withGenerator(seed: options.notebook.seed) { Tensor.normal([5]) }
let wrong = checkGradients(of: { swish($0[0], beta: 2, forgetsBeta: true) }, at: [x])
print(wrong)
let right = checkGradients(of: { swish($0[0], beta: 2, forgetsBeta: false) }, at: [x])
print(right)
notebook.expect(!wrong.passed, "the check finds the missing β")
notebook.expect(right.passed, "the rule with β passes at orders 1 and 2")

// %% [markdown]
// ## How differences see a derivative
//
// The step of a difference must be neither large nor small: with a large one the function bends on
// the way, with a small one rounding is all that is left. In double precision the error of a central
// difference is least near 10⁻⁵; in single precision no step gives more than three or four digits,
// which is why the check is done in double.

// %%
let at = 0.7
let truth = gradient(at: Tensor(at, dtype: .float64)) { tanh($0) }.scalar
let steps = (4...48).map { pow(10, -Double($0) / 4) }
func error(of step: Double, dtype: DType) -> Double {
  func f(_ x: Double) -> Double { tanh(Tensor(x, dtype: dtype)).scalar }
  return abs((f(at + step) - f(at - step)) / (2 * step) - truth) / truth
}
try notebook.show(
  .chart(
    [
      Series("double precision", x: steps, y: steps.map { error(of: $0, dtype: .float64) }),
      Series("single precision", x: steps, y: steps.map { error(of: $0, dtype: .float32) }),
    ], title: "Relative error of a central difference of tanh", xLabel: "step", yLabel: "error",
    xScale: .logarithmic, yScale: .logarithmic), name: "steps")
let best = steps.map { error(of: $0, dtype: .float64) }.min() ?? 1
notebook.expect(best < 1e-10, "the best step gives more than ten digits in double precision")

// %% [markdown]
// ## A whole model
//
// The same check goes through a model: every input and every parameter, named by its path. Dropout
// is random, but the check gives it the same random numbers each time, so that it is a function.

// %%
let (model, images, labels) = withGenerator(seed: options.notebook.seed) {
  let model = Sequential {
    Dense(inputSize: 6, outputSize: 8)
    ReLU()
    Dropout(rate: 0.5)
    Dense(inputSize: 8, outputSize: 3)
  }
  return (model, Tensor.normal([4, 6]), Tensor([0, 2, 1, 1] as [Int]))
}
let report = withMode(.training) {
  checkGradients(of: model, inputs: [images]) { inputs in
    softmaxCrossEntropy(logits: model(inputs[0]), labels: labels)
  }
}
print(report)
notebook.expect(report.passed, "all derivatives of the model agree with differences")

// %% [markdown]
// ## When a value is not a number
//
// A different kind of wrong derivative is NaN. The root of x² at 0 has none: 0 / 0 is computed on
// the way back. Anomaly detection names the first operation whose gradient is not finite. Without
// it, the NaN would be noticed many steps later, in the weights.

// %%
let value = Tensor([3, 0, 4])
print("gradient of √x²:", gradient(at: value) { sqrt(square($0)).sum() })
print("the norm, which knows better:", gradient(at: Tensor([0, 0, 0])) { $0.norm() })
orExit(try notebook.finish())
