// %% [markdown]
// # Remembering: an LSTM against a plain recurrent network
//
// A recurrent network reads a sequence step by step and keeps a state. In a plain one the state is
// overwritten at every step, and so are the gradients on their way back: what lies thirty steps back
// can hardly be learned. The gates of a long short-term memory let it keep a number untouched. We
// test both on a task that is nothing but memory, and then forecast a time series, with an interval
// that says how sure the forecast is.

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
    commandName: "sequence",
    abstract: "Compares an LSTM with a plain recurrent network, and forecasts a series.")
  @OptionGroup var notebook: NotebookOptions
}
let options = Options.parseOrExit()
let notebook = orExit(
  try Notebook(
    title: "Remembering: an LSTM against a plain recurrent network", name: "sequence",
    output: options.notebook.output(of: "sequence")))

// %% [markdown]
// ## A task of memory
//
// Forty random symbols out of four. The answer is the first one. Guessing is right one time in four.

// %%
let (symbols, length) = (4, 40)
func examples(_ count: Int) -> (x: Tensor, y: Tensor) {
  let drawn = (Tensor.uniform([count, length]) * Tensor(Double(symbols))).cast(to: .int64)
  return (oneHot(drawn, count: symbols), drawn[.all, 0])
}

// %% [markdown]
// The two networks differ in the recurrent layer only.

// %%
func classifier(_ recurrent: any Layer) -> Sequential {
  Sequential {
    recurrent
    Dense(inputSize: 32, outputSize: symbols)
  }
}

/// Trains on fresh examples in every step and gives the accuracies on the way.
func learn(_ model: Sequential, steps: Int) -> [Double] {
  let optimizer = Adam(learningRate: 0.005)
  optimizer.clipping = .globalNorm(1)
  var accuracies: [Double] = []
  for _ in 0..<steps {
    let (x, y) = examples(64)
    var logits = x
    let (_, gradients) = valueWithGradients(of: model) {
      logits = model(x)
      return softmaxCrossEntropy(logits: logits, labels: y)
    }
    optimizer.update(model, gradients)
    let isRight = logits.detached.argMax(axis: 1) .== y
    accuracies.append(isRight.cast(to: .float32).mean().scalar)
  }
  return accuracies
}

// %% [markdown]
// An LSTM should start by remembering: its forget gates, the second quarter of the biases, are set to
// be open.

// %%
let accuracies = withGenerator(seed: options.notebook.seed) {
  let lstm = LSTM(inputSize: symbols, hiddenSize: 32, returnsSequence: false)
  for (_, bias) in lstm.namedParameters(matching: "bias_ih_l0") {
    var opened = bias.value.detached
    opened[32..<64] = Tensor.full([32], 3)
    bias.value = opened
  }
  let plain = RNN(inputSize: symbols, hiddenSize: 32, returnsSequence: false)
  return (lstm: learn(classifier(lstm), steps: 400), rnn: learn(classifier(plain), steps: 400))
}
/// Means of ten values each, which are easier to read.
func smooth(_ values: [Double]) -> [Double] {
  stride(from: 0, to: values.count, by: 10).map { start -> Double in
    let sum: Double = values[start..<(start + 10)].reduce(0, +)
    return sum / 10
  }
}
let marks = stride(from: 5.0, to: 400, by: 10).map { $0 }
try notebook.show(
  .chart(
    [
      Series("LSTM", x: marks, y: smooth(accuracies.lstm)),
      Series("plain network", x: marks, y: smooth(accuracies.rnn)),
      Series("guessing", x: [0, 400], y: [0.25, 0.25], isDashed: true),
    ], title: "What was the first of forty symbols?", xLabel: "step", yLabel: "accuracy"),
  name: "memory")
let (last, lastPlain) = (smooth(accuracies.lstm).last ?? 0, smooth(accuracies.rnn).last ?? 0)
print(String(format: "at the end: LSTM %.3f, plain network %.3f", last, lastPlain))
notebook.expect(last > 0.95, "the LSTM remembers the first symbol in 95 % of all cases")
notebook.expect(lastPlain < 0.6, "the plain network does not")

// %% [markdown]
// ## A forecast with an interval
//
// A series with a season, a slow wave and noise that is larger when the series is high. From 48 values
// the network gives mean and logarithm of the variance of the next one; the loss is the negative
// log-likelihood of a normal distribution, which rewards being sure only where one is right.

// %%
let count = 1600
let series = withGenerator(seed: options.notebook.seed) {
  let t = Tensor.arange(count).cast(to: .float32)
  let level = sin(2 * Double.pi / 24 * t) + 0.7 * sin(2 * Double.pi / 170 * t)
  return level + 0.12 * exp(0.5 * level) * Tensor.normal([count])
}
let window = 48
let windows = series.unfolded(size: window + 1, step: 1)  // [count - window, window + 1]
let (past, next) = (windows[.all, ..<window].expandingDimension(at: 2), windows[.all, window])
let split = 1200

final class Forecaster: Module {
  let memory = LSTM(inputSize: 1, hiddenSize: 32, returnsSequence: false)
  let output = Dense(inputSize: 32, outputSize: 2)

  func callAsFunction(_ x: Tensor) -> (mean: Tensor, logVariance: Tensor) {
    let y = output(memory(x))
    return (y[.all, 0], clamp(y[.all, 1], min: -8, max: 4))
  }
}

// %%
let forecaster = withGenerator(seed: options.notebook.seed) { Forecaster() }
let optimizer = Adam(learningRate: 0.005)
var losses: [Double] = []
withGenerator(seed: options.notebook.seed) {
  for epoch in 0..<25 {
    optimizer.learningRate = 0.005 * pow(0.1, Double(epoch) / 25)
    for batch in Batches(of: [past[..<split], next[..<split]], size: 64, shuffled: true) {
      let (loss, gradients) = valueWithGradients(of: forecaster) {
        let (mean, logVariance) = forecaster(batch[0])
        return 0.5 * (logVariance + square(batch[1] - mean) * exp(-logVariance)).mean()
      }
      optimizer.update(forecaster, gradients)
      losses.append(loss.scalar)
    }
  }
}

// %%
let (mean, logVariance) = withoutRecording { forecaster(past[split...]) }
let deviation = exp(0.5 * logVariance)
func numbers(_ x: Tensor) -> [Double] { x.scalars(as: Double.self) }
let shown = 0..<120
let hours = shown.map(Double.init)
try notebook.show(
  .chart(
    [
      .band(
        "95 %", x: hours, lower: numbers((mean - 1.96 * deviation)[shown]),
        upper: numbers((mean + 1.96 * deviation)[shown])),
      Series("forecast", x: hours, y: numbers(mean[shown])).color(0),
      .points("what came", x: hours, y: numbers(next[split...][shown]), radius: 2).color(3),
    ], title: "The next value, and how sure it is", xLabel: "hour"), name: "forecast")

let inside = (abs(next[split...] - mean) .<= 1.96 * deviation).cast(to: .float32).mean().scalar
let error = square(next[split...] - mean).mean().scalar.squareRoot()
let naive = square(next[split...] - windows[split..., window - 1]).mean().scalar.squareRoot()
print(String(format: "%.1f %% of the values lie in the 95 %% interval", 100 * inside))
print(String(format: "root mean square error %.3f; of taking the last value %.3f", error, naive))
notebook.expect(inside > 0.88 && inside < 0.99, "the interval holds 88 to 99 % of new values")
notebook.expect(error < 0.85 * naive, "the error is at least 15 % below that of the last value")
orExit(try notebook.finish())
