// %% [markdown]
// # A multilayer network on the MNIST digits
//
// This notebook trains a small neural network to read handwritten digits. It follows Lab 10.9.2 of
// *An Introduction to Statistical Learning*, in the version that Gregor Koehler wrote for Keras and
// Daniel Kapitan adapted to the network of the book's figure 10.4: two hidden layers of 256 and 128
// units.
//
// MNIST has 60,000 images to learn from and 10,000 to be tested on. Each is a grey picture of 28 by 28
// pixels with one digit in the middle. Telling the ten digits apart is the *hello world* of image
// recognition: small enough to train in seconds, real enough to show every step.

// %% [markdown]
// ## Setting up
//
// `Adjoint` brings tensors and differentiation, `AdjointNN` layers and training, `AdjointData` the
// images, and `AdjointNotebook` the page you are reading.

// %% tags=["hide-input"]
import Adjoint
import AdjointData
import AdjointNN
import AdjointNotebook
import ArgumentParser
import Foundation
import NotebookOptions

let options = Options.parseOrExit()
let output = options.notebook.output(of: "mnist")
if let count = options.threads { threads = count }
let notebook = orExit(
  try Notebook(
    title: "A multilayer network on the MNIST digits", name: "mnist-mlp", output: output))

// %% [markdown]
// ## The data
//
// The four files are part of the package, so nothing is downloaded.

// %%
let digits = orExit(try MNIST.load(directory: options.data))

// %% [markdown]
// Nine of the images, with the digit that somebody wrote down for each.

// %%
/// The first images of a tensor [n, 28, 28] as tiles of a picture.
func tiles(_ images: Tensor, _ titles: [String]) throws -> [ImageTile] {
  try titles.enumerated().map { index, title in
    try ImageTile(
      pixels: images[index].scalars(as: Float.self), width: 28, height: 28, title: title)
  }
}

let labels = digits.trainLabels.scalars(as: Int.self)
try notebook.show(
  .imageGrid(tiles(digits.trainImages, labels[..<9].map { "Digit: \($0)" }), columns: 3),
  name: "examples")

// %% [markdown]
// The network takes a vector, not a picture: the 28 rows of an image are put behind one another and
// become 28 · 28 = 784 numbers. How are the values of those pixels distributed?

// %%
let first = digits.trainImages[0]
try notebook.show(
  .column([
    .image(tiles(digits.trainImages, ["Digit: \(labels[0])"])[0]),
    .histogram(first.scalars, title: "Pixel Value Distribution", xLabel: "value", yLabel: "pixels"),
  ]), name: "pixel-values")

// %% [markdown]
// They lie between 0 and 255. Most are 0, the background; of the rest many are close to 255, the
// stroke of the pen. Gradient descent works best with inputs of about the size of 1, where all
// weights change at a similar pace, so the values are divided by 255.

// %%
print("X_train shape", digits.trainImages.shape)
print("y_train shape", digits.trainLabels.shape)
print("X_test shape", digits.testImages.shape)
print("y_test shape", digits.testLabels.shape)

let xTrain = digits.trainImages.reshaped(-1, 784).cast(to: .float32) / 255
let xTest = digits.testImages.reshaped(-1, 784).cast(to: .float32) / 255

print("Train matrix shape", xTrain.shape)
print("Test matrix shape", xTest.shape)

// %% [markdown]
// The labels are the digits themselves, and each occurs about equally often:

// %%
for digit in 0..<10 {
  let count = labels.count { $0 == digit }
  print("digit \(digit): \(count) images")
}

// %% [markdown]
// A classifier answers with one number per class, so a label becomes a vector as well: ten zeros
// with a one in the place of the digit. This is called *one-hot* encoding; a 5 is
// `[0, 0, 0, 0, 0, 1, 0, 0, 0, 0]`.

// %%
print("Shape before one-hot encoding:", digits.trainLabels.shape)
let yTrain = oneHot(digits.trainLabels, count: 10)
let yTest = oneHot(digits.testLabels, count: 10)
print("Shape after one-hot encoding:", yTrain.shape)

// %% [markdown]
// ## Building the network
//
// The network is a stack of layers. A `Dense` layer connects every input with every unit: it
// multiplies by a matrix of weights and adds a bias. Without something nonlinear between them two
// such layers would be no more than one, so `ReLU` sets negative values to zero. `Dropout` leaves out
// a random fifth of the units in each training step; no unit can rely on a few others, and the
// network does not learn the training images by heart. `Softmax` at the end turns ten numbers into
// ten probabilities.

// %%
let model = withGenerator(seed: options.notebook.seed) {
  Sequential {
    Dense(inputSize: 784, outputSize: 256)
    ReLU()
    Dropout(rate: options.dropout)
    Dense(inputSize: 256, outputSize: 128)
    ReLU()
    Dropout(rate: options.dropout)
    Dense(inputSize: 128, outputSize: 10)
    Softmax()
  }
}
try notebook.show(model.networkDiagram(inputShape: [784]), name: "network")

// %%
print(model.summary(inputShape: [784]))

// %% [markdown]
// ## Training
//
// Three things are to be chosen. The *loss* says how wrong the network is: cross-entropy, the
// negative logarithm of the probability it gave to the right digit. The *optimizer* says how weights
// follow the gradient of the loss: Adam with the settings of Keras. The *metric* is for people:
// accuracy, the share of images that are read correctly.

// %%
let optimizer = Adam(learningRate: options.learningRate, convention: .keras)

// %% [markdown]
// Each epoch shows the network all training images once, in a new order and in batches; after every
// batch the weights take one step. The test images are only looked at, never learned from. Training
// loss and accuracy are means over the epoch, while weights change and units are dropped; this is why
// the test images seem easier at first.

// %%
let started = ContinuousClock.now
let history = model.fit(
  xTrain, yTrain, batchSize: options.batchSize, epochs: options.epochs,
  loss: .categoricalCrossEntropy, optimizer: optimizer, metrics: [.accuracy],
  validation: (xTest, yTest), verbose: .init(rawValue: options.verbose) ?? .line,
  seed: options.notebook.seed)
let wallTime = (ContinuousClock.now - started) / .seconds(1)

let modelFile = output.appending(path: "model.safetensors")
orExit(try model.save(to: modelFile))
print("Saved trained model at \(modelFile.relativePath)")

// %% [markdown]
// The learning curves show accuracy and loss after each epoch.

// %%
let curves = { (name: String) in
  [Series("train", y: history[name]), Series("test", y: history["val_\(name)"])]
}
try notebook.show(
  .column([
    .chart(
      curves("accuracy"), title: "model accuracy", xLabel: "epoch", yLabel: "accuracy",
      legend: .lowerRight),
    .chart(
      curves("loss"), title: "model loss", xLabel: "epoch", yLabel: "loss", legend: .upperRight),
  ]), name: "learning-curves")

// %% [markdown]
// Most is learned in the first two epochs. Later the training loss keeps falling while the test loss
// stays where it is: what the network still learns helps little with images it has not seen, but it
// does not hurt either.

// %% [markdown]
// ## How good is it?
//
// The saved file holds architecture and weights. Read back, it must give the same numbers.

// %%
let reloaded = orExit(try Sequential.load(from: modelFile))
let result = reloaded.evaluate(
  xTest, yTest, loss: .categoricalCrossEntropy, metrics: [.accuracy], verbose: .line)
print("Test Loss", result.loss)
print("Test Accuracy", result.accuracy)

// %% [markdown]
// The prediction for an image is the digit with the largest probability.

// %%
let predicted = reloaded.predict(xTest, verbose: .bar).argMax(axis: 1)
let isCorrect = (predicted .== digits.testLabels.cast(to: .int64)).scalars(as: Bool.self)
let correct = isCorrect.indices.filter { isCorrect[$0] }
let incorrect = isCorrect.indices.filter { !isCorrect[$0] }
print(correct.count, "classified correctly")
print(incorrect.count, "classified incorrectly")

// %% [markdown]
// Nine that were read correctly, and nine that were not.

// %%
func predictions(of indices: [Int]) throws -> Figure {
  let chosen = Tensor(Array(indices.prefix(9)))
  let (guesses, truths) = (
    predicted.gathering(chosen).scalars(as: Int.self),
    digits.testLabels.gathering(chosen).scalars(as: Int.self)
  )
  let titles = zip(guesses, truths).map { "Predicted: \($0), Truth: \($1)" }
  return .imageGrid(try tiles(digits.testImages.gathering(chosen), titles), columns: 3)
}
try notebook.show(predictions(of: correct), name: "correct")
try notebook.show(predictions(of: incorrect), name: "incorrect")

// %% [markdown]
// Many of the mistakes can be forgiven: some of these digits a person would hesitate over as well.
//
// ## Summary

// %%
let trainSeconds = history.trainSeconds.reduce(0, +)
print(
  String(
    format: "%d epochs took %.1f s, of which %.1f s were training.", options.epochs, wallTime,
    trainSeconds))
print(String(format: "Of the test images %.2f %% are read correctly.", 100 * result.accuracy))
orExit(
  try writeHistory(history, test: result, to: output.appending(path: "history.json")))

notebook.expect(
  result.accuracy >= options.minimumAccuracy,
  "at least \(options.minimumAccuracy) of the test images are read correctly")
orExit(try notebook.finish())
