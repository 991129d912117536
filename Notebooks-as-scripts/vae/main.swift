// %% [markdown]
// # A variational autoencoder draws digits
//
// An autoencoder squeezes a picture through a few numbers and rebuilds it. A *variational* one makes
// those few numbers a distribution, close to a standard normal. Then any draw from a normal can be
// decoded to a picture that was never there.
//
// Source: Kingma and Welling, "Auto-encoding variational Bayes", ICLR 2014.

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
    commandName: "vae", abstract: "Trains a variational autoencoder on MNIST and samples from it.")
  @OptionGroup var notebook: NotebookOptions
  @Option(help: "How many times the model sees the whole training set.")
  var epochs = 15
}
let options = Options.parseOrExit()
let notebook = orExit(
  try Notebook(
    title: "A variational autoencoder draws digits", name: "vae",
    output: options.notebook.output(of: "vae")))

// %% [markdown]
// ## The model
//
// The encoder gives mean and logarithm of the variance of two numbers, the latent variables z; the
// decoder makes 784 logits of a pixel being ink. Two dimensions are few, but they can be drawn.

// %%
final class VAE: Module {
  let encoder = Sequential {
    Dense(inputSize: 784, outputSize: 256, activation: .relu)
    Dense(inputSize: 256, outputSize: 128, activation: .relu)
  }
  let mean = Dense(inputSize: 128, outputSize: 2)
  let logVariance = Dense(inputSize: 128, outputSize: 2)
  let decoder = Sequential {
    Dense(inputSize: 2, outputSize: 128, activation: .relu)
    Dense(inputSize: 128, outputSize: 256, activation: .relu)
    Dense(inputSize: 256, outputSize: 784)
  }

  func encoded(_ x: Tensor) -> (mean: Tensor, logVariance: Tensor) {
    let h = encoder(x)
    return (mean(h), logVariance(h))
  }

  /// The pictures at places of the latent space, [n, 784].
  func decoded(_ z: Tensor) -> Tensor { sigmoid(decoder(z)) }
}

// %% [markdown]
// ## The loss
//
// How badly the picture is rebuilt from a draw of z, plus how far the distribution of z is from a
// standard normal (the Kullback-Leibler divergence, known in closed form). The draw is mean +
// deviation · noise, through which gradients pass.

// %%
func loss(_ model: VAE, _ x: Tensor) -> (rebuilding: Tensor, divergence: Tensor) {
  let (mean, logVariance) = model.encoded(x)
  let z = mean + exp(0.5 * logVariance) * Tensor.normal(mean.shape)
  let logits = model.decoder(z)
  let rebuilding = Loss.binaryCrossEntropyWithLogits().reduced(.sum)(logits, x)
  let divergence = -0.5 * (1 + logVariance - square(mean) - exp(logVariance)).sum()
  let rows = Double(x.shape[0])
  return (rebuilding / rows, divergence / rows)
}

// %% [markdown]
// ## Training

// %%
let digits = orExit(try MNIST.load())
let x = digits.trainImages.reshaped(-1, 784).cast(to: .float32) / 255
let test = digits.testImages.reshaped(-1, 784).cast(to: .float32) / 255
let model = withGenerator(seed: options.notebook.seed) { VAE() }
let history = try withGenerator(seed: options.notebook.seed) {
  let training = Training(model, optimizer: Adam(), epochs: options.epochs, verbose: .line)
  for epoch in training {
    for batch in epoch.batches(of: [x], size: 128, shuffled: true) {
      epoch.step {
        let parts = loss(model, batch[0])
        epoch.record("divergence", parts.divergence)
        return parts.rebuilding + parts.divergence
      }
    }
  }
  return try training.finish()
}
try notebook.show(
  .chart(
    [Series("loss", y: history["loss"])], title: "Negative evidence lower bound", xLabel: "epoch",
    yLabel: "nats per picture"), name: "loss")

// %% [markdown]
// ## The latent space
//
// Where do the test digits lie? Nobody told the model what the digits are; it put alike pictures side
// by side.

// %%
let places = withoutRecording { model.encoded(test[..<3000]).mean }
let labels = digits.testLabels[..<3000].scalars(as: Int.self)
let (across, up) = (
  places[.all, 0].scalars(as: Double.self), places[.all, 1].scalars(as: Double.self)
)
try notebook.show(
  .chart(
    (0..<8).map { digit in
      let chosen = labels.indices.filter { labels[$0] == digit }
      return try .points(
        "\(digit)", x: chosen.map { across[$0] }, y: chosen.map { up[$0] }, radius: 1.8)
    }, title: "The digits 0 to 7 in the latent space", xLabel: "first latent number",
    yLabel: "second latent number", width: 640,
    height: 520), name: "latent-space")

// %% [markdown]
// A walk through it: the decoder's pictures on a grid that covers the normal distribution evenly.

// %%
let side = 15
let quantiles = Tensor.linspace(0.03, 0.97, count: side)
let steps = Double(2).squareRoot() * erfinv(2 * quantiles - 1)
let grid = stacked(
  [
    steps.reshaped(1, side).broadcast(to: [side, side]).reshaped(-1),
    steps.reshaped(side, 1).broadcast(to: [side, side]).reshaped(-1),
  ], axis: 1)
let drawn = withoutRecording { model.decoded(grid) }
let map = drawn.reshaped(side, side, 28, 28).permuted(0, 2, 1, 3).reshaped(side * 28, side * 28)
try notebook.show(
  .image(
    ImageTile(pixels: map.scalars(as: Float.self), width: side * 28, height: side * 28), size: 630),
  name: "map")

// %% [markdown]
// Pictures of the test set, and below each what is left of it after two numbers.

// %%
let rebuilt = withoutRecording { model.decoded(model.encoded(test[..<10]).mean) }
let both = concatenated([test[..<10], rebuilt], axis: 0)
try notebook.show(
  .imageGrid(
    (0..<20).map {
      try ImageTile(pixels: both[$0].scalars(as: Float.self), width: 28, height: 28)
    }, columns: 10, tileSize: 56), name: "rebuilt")

let bound = withGenerator(seed: 1) {
  withoutRecording {
    let parts = loss(model, test)
    return (parts.rebuilding + parts.divergence).scalar
  }
}
print(String(format: "Negative evidence lower bound of the test pictures: %.1f nats", bound))
notebook.expect(bound < 160, "the bound on test pictures is below 160 nats")
orExit(try notebook.finish())
