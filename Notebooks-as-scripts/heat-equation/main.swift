// %% [markdown]
// # A network that obeys the heat equation
//
// A rod of length 1 is warm in the middle and held at zero at both ends. Its temperature u(x, t)
// follows the heat equation uₜ = α uₓₓ. Instead of a grid and a time step we take a network N(x, t),
// and change its weights until the equation holds at many random points. This is called a
// *physics-informed* network. No solution is ever shown to it; what is needed are derivatives of the
// network by its *inputs*, the second one by x, and then the gradient of all that by the weights.
//
// Source: Raissi, Perdikaris and Karniadakis, "Physics-informed neural networks", JCP 378 (2019).

// %% tags=["hide-input"]
import Adjoint
import AdjointNN
import AdjointNotebook
import ArgumentParser
import Foundation
import NotebookOptions

struct Options: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "heat-equation",
    abstract: "Solves the heat equation with a network and its second derivatives.")
  @OptionGroup var notebook: NotebookOptions
  @Option(help: "How many steps the optimizer takes.")
  var steps = 2000
}
let options = Options.parseOrExit()
let notebook = orExit(
  try Notebook(
    title: "A network that obeys the heat equation", name: "heat-equation",
    output: options.notebook.output(of: "heat-equation")))

// %% [markdown]
// ## The problem
//
// We start from u(x, 0) = sin πx, with α = 0.1. For this start the solution is known,
// u = exp(-α π² t) sin πx, so the error can be measured.

// %%
let alpha = 0.1
func exact(_ x: Tensor, _ t: Tensor) -> Tensor {
  exp(-alpha * Double.pi * Double.pi * t) * sin(Double.pi * x)
}

// %% [markdown]
// ## The network
//
// The start and the ends need not be learned: u = sin πx + t x (1 - x) N(x, t) has them right
// whatever N is.

// %%
final class Temperature: Module {
  let layers = [
    Dense(inputSize: 2, outputSize: 32), Dense(inputSize: 32, outputSize: 32),
    Dense(inputSize: 32, outputSize: 1),
  ]

  /// Temperatures at points: all of shape [n, 1].
  func callAsFunction(_ x: Tensor, _ t: Tensor) -> Tensor {
    var y = 2 * concatenated([x, t], axis: 1) - 1
    for layer in layers.dropLast() { y = tanh(layer(y)) }
    return sin(Double.pi * x) + t * x * (1 - x) * layers[2](y)
  }
}
let model = withGenerator(seed: options.notebook.seed) { Temperature() }
print(model.parameterCount, "parameters")

// %% [markdown]
// ## The equation as a loss
//
// The derivative of u at one point by the x of another is zero, so the gradient of the *sum* of all
// temperatures is the derivative at each. `createGraph` says that it will be differentiated again.

// %%
func residual(of model: Temperature, _ x: Tensor, _ t: Tensor) -> Tensor {
  let (x, t) = (x.tracked(), t.tracked())
  let u = model(x, t)
  let first = gradients(of: u.sum(), withRespectTo: [x, t], createGraph: true)
  let second = gradients(of: first[0].sum(), withRespectTo: [x], createGraph: true)
  return first[1] - alpha * second[0]
}

// %% [markdown]
// ## Training
//
// Every step draws new points of the rod and of time.

// %%
let optimizer = Adam(learningRate: 0.005)
var losses: [Double] = []
withGenerator(seed: options.notebook.seed + 1) {
  for step in 1...options.steps {
    // Large steps first, small ones at the end.
    optimizer.learningRate = 0.005 * pow(0.01, Double(step) / Double(options.steps))
    let (loss, gradients) = valueWithGradients(of: model) {
      square(residual(of: model, Tensor.uniform([256, 1]), Tensor.uniform([256, 1]))).mean()
    }
    optimizer.update(model, gradients)
    losses.append(loss.scalar)
    if step.isMultiple(of: max(options.steps / 5, 1)) {
      print("step \(step): loss", String(format: "%.2e", loss.scalar))
    }
  }
}
try notebook.show(
  .chart(
    [Series("loss", y: losses)], title: "How far the equation is from holding", xLabel: "step",
    yLabel: "mean square", yScale: .logarithmic), name: "loss")

// %% [markdown]
// ## The solution
//
// Time runs to the right, the rod stands upright. The rod cools evenly; what is left of the error is
// a thousandth of the temperature and less.

// %%
let side = 80
let axis = (Tensor.arange(side).cast(to: .float32) + 0.5) / Tensor(Double(side))
let time = axis.reshaped(1, side).broadcast(to: [side, side]).reshaped(-1, 1)
let place = axis.reshaped(side, 1).broadcast(to: [side, side]).reshaped(-1, 1)
let found = withoutRecording { model(place, time) }
let error = found - exact(place, time)
func field(_ values: Tensor, _ colours: ColorMap, _ title: String) throws -> Figure {
  try .heatMap(
    values.scalars(as: Double.self), columns: side, colors: colours, title: title,
    xLabel: "t", yLabel: "x", width: 460, height: 340)
}
try notebook.show(
  .column([
    field(found, .viridis, "Temperature of the network"),
    field(error, .diverging, "Difference from the solution"),
  ]), name: "fields")

// %%
let relative = (error.norm() / exact(place, time).norm()).scalar
print("relative error in the mean square: \(relative)")
notebook.expect(relative < 0.01, "the relative error is below one percent")
orExit(try notebook.finish())
