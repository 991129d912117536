// %% [markdown]
// # A classifier learns a spiral
//
// Three arms of a spiral, one class each: no straight line parts them. A small network learns where
// the borders are, and we watch them bend.

// %% tags=["hide-input"]
import Adjoint
import AdjointData
import AdjointNN
import AdjointNotebook
import ArgumentParser
import Foundation
import NotebookOptions

struct Options: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spiral", abstract: "Trains a small classifier and draws its decision boundary.")
  @OptionGroup var notebook: NotebookOptions
}
let options = Options.parseOrExit()
let notebook = orExit(
  try Notebook(
    title: "A classifier learns a spiral", name: "spiral",
    output: options.notebook.output(of: "spiral")))

// %% [markdown]
// ## The data
//
// Each arm turns once and a half while it grows. The angle is a little noisy.

// %%
let classes = 3
let perClass = 200

func spiral(seed: UInt64) -> (x: Tensor, labels: Tensor) {
  withGenerator(seed: seed) {
    let radius = Tensor.linspace(0.05, 1, count: perClass)
    let arms = (0..<classes).map { arm in
      let turn = 2 * Double.pi * Double(arm) / Double(classes)
      let angle = 4.7 * radius + turn + 0.18 * Tensor.normal([perClass])
      return stacked([radius * cos(angle), radius * sin(angle)], axis: 1)
    }
    let labels = (0..<classes).map { Tensor.full([perClass], Double($0), dtype: .int64) }
    return (concatenated(arms, axis: 0), concatenated(labels, axis: 0))
  }
}
let train = spiral(seed: options.notebook.seed)
let test = spiral(seed: options.notebook.seed + 1)

/// The points of a set by class.
func marks(_ set: (x: Tensor, labels: Tensor)) throws -> [Series] {
  let (x, y) = (set.x[.all, 0].scalars(as: Double.self), set.x[.all, 1].scalars(as: Double.self))
  let labels = set.labels.scalars(as: Int.self)
  return try (0..<classes).map { wanted in
    let chosen = labels.indices.filter { labels[$0] == wanted }
    return try Series.points("class \(wanted)", x: chosen.map { x[$0] }, y: chosen.map { y[$0] })
  }
}
try notebook.show(
  .chart(marks(train), title: "The spiral", width: 480, height: 440), name: "spiral")

// %% [markdown]
// ## The model
//
// Two hidden layers of 32 units. A class of one's own is as good as a `Sequential`: parameters are
// found by their type.

// %%
final class Classifier: Layer {
  let hidden1 = Dense(inputSize: 2, outputSize: 32)
  let hidden2 = Dense(inputSize: 32, outputSize: 32)
  let output = Dense(inputSize: 32, outputSize: classes)

  func forward(_ x: Tensor) -> Tensor { output(tanh(hidden2(tanh(hidden1(x))))) }
}
let model = withGenerator(seed: options.notebook.seed) { Classifier() }
print(model.summary(inputShape: [2]))

// %% [markdown]
// ## What the model sees
//
// For every point of a grid: how sure is the model of its most probable class? White is undecided,
// blue sure; the white lines are the decision boundary.

// %%
let side = 120
func boundary(of model: Classifier, _ title: String) throws -> Figure {
  let axis = Tensor.linspace(-1.15, 1.15, count: side)
  let grid = stacked(
    [
      axis.reshaped(1, side).broadcast(to: [side, side]).reshaped(-1),
      axis.reshaped(side, 1).broadcast(to: [side, side]).reshaped(-1),
    ], axis: 1)
  let sure = softmax(model.predict(grid, batchSize: side * side)).max(axes: [-1])
  return try .heatMap(
    sure.scalars(as: Double.self), columns: side, x: -1.15...1.15, y: -1.15...1.15,
    colors: .blues, range: 1 / Double(classes)...1, series: marks(train), title: title,
    legend: .none, width: 400, height: 350)
}

// %% [markdown]
// ## Training
//
// The loop is written out here; `fit` would do the same. `valueWithGradients` gives the loss and its
// gradients, the optimizer takes a step.

// %%
let optimizer = Adam(learningRate: 0.01)
var losses: [Double] = []
var pictures: [Figure] = []
for epoch in 1...200 {
  let (loss, gradients) = valueWithGradients(of: model) {
    softmaxCrossEntropy(logits: model(train.x), labels: train.labels)
  }
  optimizer.update(model, gradients)
  losses.append(loss.scalar)
  if [1, 20, 60, 200].contains(epoch) {
    print("epoch \(epoch): loss", String(format: "%.4f", loss.scalar))
    pictures.append(try boundary(of: model, "after \(epoch) steps"))
  }
}
try notebook.show(
  .column([.row(Array(pictures[..<2])), .row(Array(pictures[2...]))]), name: "boundaries")

// %%
try notebook.show(
  .chart(
    [Series("loss", y: losses)], title: "Training loss", xLabel: "step", yLabel: "cross-entropy",
    yScale: .logarithmic), name: "loss")

// %% [markdown]
// ## Points it has not seen

// %%
let result = model.evaluate(
  test.x, test.labels, loss: .softmaxCrossEntropy, metrics: [.accuracy], verbose: .silent)
print(String(format: "accuracy on new points: %.1f %%", 100 * result.accuracy))
notebook.expect(result.accuracy > 0.95, "more than 95 % of new points get the right class")
orExit(try notebook.finish())
