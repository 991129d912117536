// %% [markdown]
// # Learning the laws of a pendulum
//
// A pendulum swings with friction: θ″ = -k sin θ - c θ′. From noisy measurements of the angle alone
// we recover k and c, by differentiating through the program that solves the equation. Then we
// pretend not to know the law at all and let a network find it: a *neural* differential equation.

// %% tags=["hide-input"]
import Adjoint
import AdjointNN
import AdjointNotebook
import ArgumentParser
import Foundation
import NotebookOptions

struct Options: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pendulum",
    abstract: "Recovers a differential equation by gradients through a Runge-Kutta solver.")
  @OptionGroup var notebook: NotebookOptions
}
let options = Options.parseOrExit()
let notebook = orExit(
  try Notebook(
    title: "Learning the laws of a pendulum", name: "pendulum",
    output: options.notebook.output(of: "pendulum")))

// %% [markdown]
// ## A solver that can be differentiated
//
// The classical Runge-Kutta method of fourth order. There is nothing special about it: a loop of
// tensor arithmetic, for many pendulums at once. A state is [n, 2], angle and speed.

// %%
/// The states after each step: [steps + 1, n, 2].
func solution(
  from start: Tensor, step: Double, count: Int, _ law: (Tensor) -> Tensor
) -> Tensor {
  var (state, states) = (start, [start])
  for _ in 0..<count {
    let k1 = law(state)
    let k2 = law(state + step / 2 * k1)
    let k3 = law(state + step / 2 * k2)
    let k4 = law(state + step * k3)
    state = state + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    states.append(state)
  }
  return stacked(states)
}

/// The change of states under an acceleration that depends on angle and speed, each [n, 1].
func motion(_ acceleration: @escaping (Tensor, Tensor) -> Tensor) -> (Tensor) -> Tensor {
  { state in
    let (angle, speed) = (state[.all, ..<1], state[.all, 1...])
    return concatenated([speed, acceleration(angle, speed)], axis: 1)
  }
}

// %% [markdown]
// ## The measurements
//
// Six pendulums, let go from different angles, for four seconds. Each angle is measured with an
// error of about one degree.

// %%
let (k, c) = (9.81, 0.5)
let (step, count) = (0.05, 80)
let releases = Tensor([0.4, 0.9, 1.4, 1.9, 2.4, 2.8]).reshaped(6, 1)
let start = concatenated([releases, Tensor.zeros([6, 1])], axis: 1)
let truth = solution(from: start, step: step, count: count, motion { -k * sin($0) - c * $1 })
let measured = withGenerator(seed: options.notebook.seed) {
  truth[.all, .all, 0] + 0.02 * Tensor.normal([count + 1, 6])
}
let times = (0...count).map { Double($0) * step }
func curve(_ states: Tensor, _ pendulum: Int) -> [Double] {
  states[.all, pendulum].scalars(as: Double.self)
}
try notebook.show(
  .chart(
    (0..<6).map { try .points("", x: times, y: curve(measured, $0), radius: 2).color($0) },
    title: "Measured angles", xLabel: "seconds", yLabel: "angle"), name: "measurements")

// %% [markdown]
// ## Two unknown numbers
//
// We start from k = 5 and c = 0.1 and go down the gradient of the squared differences. The gradient
// passes through 80 steps of the solver with four evaluations of the law each.

// %%
final class Law: Module {
  let k = Parameter(Tensor(5))
  let c = Parameter(Tensor(0.1))
  func acceleration(_ angle: Tensor, _ speed: Tensor) -> Tensor {
    -k.value * sin(angle) - c.value * speed
  }
}
let law = Law()
let optimizer = Adam(learningRate: 0.1)
var path: [(k: Double, c: Double)] = []
for iteration in 1...200 {
  // Short pieces first: over a long time a slightly wrong k is out of step and the loss has valleys.
  let seen = min(count, 10 + iteration)
  let (_, gradients) = valueWithGradients(of: law) {
    let states = solution(from: start, step: step, count: seen, motion(law.acceleration))
    return square(states[.all, .all, 0] - measured[...seen]).mean()
  }
  optimizer.update(law, gradients)
  path.append((law.k.value.scalar, law.c.value.scalar))
}
print(
  String(format: "k = %.3f (truth %.2f), c = %.3f (truth %.2f)", path[199].k, k, path[199].c, c))
try notebook.show(
  .chart(
    [
      Series("k", y: path.map(\.k)), Series("c", y: path.map(\.c)),
      try Series("truth", x: [1, 200], y: [k, k], isDashed: true).color(0),
      try Series("", x: [1, 200], y: [c, c], isDashed: true).color(1),
    ], title: "The law is found", xLabel: "iteration"), name: "parameters")
notebook.expect(
  abs(path[199].k - k) < 0.05 && abs(path[199].c - c) < 0.02,
  "k and c are recovered to half a percent and two hundredths")

// %% [markdown]
// ## An unknown law
//
// Now a small network takes the place of the formula: it gets angle and speed and gives the
// acceleration. It learns from the same measurements, in pieces of half a second, each of which
// starts from an estimate of the state: the measured angle, and the speed as the difference of its
// neighbours.

// %%
final class UnknownLaw: Module {
  let hidden = Dense(inputSize: 2, outputSize: 32)
  let output = Dense(inputSize: 32, outputSize: 1)
  func acceleration(_ angle: Tensor, _ speed: Tensor) -> Tensor {
    // The sine and cosine of an angle would be knowledge; the network sees plain numbers.
    10 * output(tanh(hidden(concatenated([angle, speed / 5], axis: 1))))
  }
}
let unknown = withGenerator(seed: options.notebook.seed) { UnknownLaw() }
let piece = 10
let speeds = (measured[2...] - measured[..<(count - 1)]) / (2 * step)
let starts = stacked([measured[1..<count], speeds], axis: 2)  // [79, 6, 2]
let usable = count - 1 - piece
let pieceStarts = starts[..<usable].reshaped(-1, 2)
let targets = stacked(
  (0...piece).map { measured[(1 + $0)..<(1 + $0 + usable)].reshaped(-1) })
/// Follows the gradient for some iterations and gives the losses on the way.
func train(
  _ model: UnknownLaw, _ iterations: Int, from start: Tensor, to angles: Tensor
) -> [Double] {
  var losses: [Double] = []
  let trainer = Adam(learningRate: 0.01)
  let count = angles.shape[0] - 1
  for iteration in 1...iterations {
    trainer.learningRate = 0.01 * pow(0.05, Double(iteration) / Double(iterations))
    let (loss, gradients) = valueWithGradients(of: model) {
      let states = solution(from: start, step: step, count: count, motion(model.acceleration))
      return square(states[.all, .all, 0] - angles).mean()
    }
    trainer.update(model, gradients)
    losses.append(loss.scalar)
  }
  return losses
}
var losses = train(unknown, 400, from: pieceStarts, to: targets)

// %% [markdown]
// The estimated speeds are noisy, and so is what is learned from them. The starts of the whole swings
// are known exactly; with a law that is nearly right they can be followed to the end.

// %%
losses += train(unknown, 300, from: start, to: measured)
try notebook.show(
  .chart(
    [Series("loss", y: losses)],
    title: "Learning an unknown law, first in pieces, then whole swings",
    xLabel: "iteration",
    yScale: .logarithmic), name: "unknown-law-loss")

// %% [markdown]
// The learned acceleration of a pendulum at rest, beside the truth; and one whole swing from a start
// that was not measured, solved with the learned law.

// %%
let angles = Tensor.linspace(-2.8, 2.8, count: 100).reshaped(100, 1)
let learned = withoutRecording { unknown.acceleration(angles, Tensor.zeros([100, 1])) }
let angleNumbers = angles.scalars(as: Double.self)
let newStart = Tensor([[1.65, 0]])
let predicted = withoutRecording {
  solution(from: newStart, step: step, count: count, motion(unknown.acceleration))
}
let real = solution(from: newStart, step: step, count: count, motion { -k * sin($0) - c * $1 })
try notebook.show(
  .column([
    .chart(
      [
        Series("learned", x: angleNumbers, y: learned.scalars(as: Double.self)),
        Series(
          "truth", x: angleNumbers, y: (-k * sin(angles)).scalars(as: Double.self), isDashed: true),
      ], title: "Acceleration at rest", xLabel: "angle"),
    .chart(
      [
        Series("learned law", x: times, y: curve(predicted[.all, .all, 0], 0)),
        Series("truth", x: times, y: curve(real[.all, .all, 0], 0), isDashed: true),
      ], title: "A swing that was not measured", xLabel: "seconds", yLabel: "angle"),
  ]), name: "unknown-law")
let worst = abs(predicted - real)[.all, .all, 0].max().scalar
print("largest difference of the angle over four seconds: \(worst)")
notebook.expect(worst < 0.2, "a new swing is predicted to 0.2 for four seconds")
orExit(try notebook.finish())
