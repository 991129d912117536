// %% [markdown]
// # A convolutional network on the MNIST digits
//
// The multilayer network of the lab sees 784 numbers and does not know which of them are neighbours.
// A convolutional network does: it moves small filters over the picture, so that a stroke is the same
// stroke wherever it is. With fewer parameters it makes less than half the mistakes.

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
    commandName: "mnist-cnn",
    abstract: "Trains a convolutional network on the MNIST digits and looks inside.")
  @OptionGroup var notebook: NotebookOptions
  @Option(help: "How many times the network sees the whole training set.")
  var epochs = 6
  @Option(help: "The test accuracy below which the notebook exits with a failure.")
  var minimumAccuracy = 0.992

  func validate() throws {
    if epochs < 1 { throw ValidationError("--epochs must be at least 1, not \(epochs).") }
  }
}
let options = Options.parseOrExit()
let notebook = orExit(
  try Notebook(
    title: "A convolutional network on the MNIST digits", name: "mnist-cnn",
    output: options.notebook.output(of: "mnist-cnn")))

// %% [markdown]
// ## The data
//
// Pictures keep their shape now: [n, 1, 28, 28], one channel of 28 by 28 pixels.

// %%
let digits = orExit(try MNIST.load())
func pictures(_ images: Tensor) -> Tensor {
  (images.reshaped(-1, 1, 28, 28).cast(to: .float32) / 255 - 0.1307) / 0.3081
}
let (xTrain, yTrain) = (pictures(digits.trainImages), digits.trainLabels.cast(to: .int64))
let (xTest, yTest) = (pictures(digits.testImages), digits.testLabels.cast(to: .int64))
print("training", xTrain.shape, "test", xTest.shape)

// %% [markdown]
// ## The network
//
// Two convolutions of 5 by 5 pixels with 16 and 32 filters. After each, the largest of every 2 by 2
// numbers is kept, so that a stroke may move a little without changing the result. Two dense layers
// decide.

// %%
let model = withGenerator(seed: options.notebook.seed) {
  Sequential {
    Conv2d(inputChannels: 1, outputChannels: 16, kernelSize: 5)
    ReLU()
    MaxPool2d(kernelSize: 2)
    Conv2d(inputChannels: 16, outputChannels: 32, kernelSize: 5)
    ReLU()
    MaxPool2d(kernelSize: 2)
    Flatten()
    Dropout(rate: 0.3)
    Dense(inputSize: 512, outputSize: 128, activation: .relu)
    Dropout(rate: 0.3)
    Dense(inputSize: 128, outputSize: 10)
  }
}
print(model.summary(inputShape: [1, 28, 28]))
try notebook.show(model.networkDiagram(inputShape: [1, 28, 28]), name: "network")

// %% [markdown]
// ## Training
//
// Adam with a learning rate that falls along a cosine to zero: large steps find the valley, small
// ones its bottom.

// %%
let batchSize = 64
let steps = options.epochs * ((xTrain.shape[0] + batchSize - 1) / batchSize)
let history = model.fit(
  xTrain, yTrain, batchSize: batchSize, epochs: options.epochs, loss: .softmaxCrossEntropy,
  optimizer: Adam(), metrics: [.accuracy], validation: (xTest, yTest),
  options: TrainingOptions(schedule: .cosine(from: 0.002, steps: steps)), verbose: .line,
  seed: options.notebook.seed)
try notebook.show(
  .chart(
    [
      Series("training, with dropout", y: history["accuracy"]),
      Series("test", y: history["val_accuracy"]),
    ], title: "Accuracy", xLabel: "epoch", legend: .lowerRight), name: "accuracy")

// %% [markdown]
// ## What the filters look for
//
// The filters of the first layer are small enough to be looked at: edges of several directions,
// ends of lines, spots.

// %%
func tiles(_ images: Tensor, width: Int, titles: [String]? = nil) throws -> [ImageTile] {
  try (0..<images.shape[0]).map { index in
    try ImageTile(
      pixels: images[index].scalars(as: Float.self), width: width, height: width,
      title: titles?[index])
  }
}
let first = model.parameters[0].value.detached
try notebook.show(
  .imageGrid(tiles(first.reshaped(16, 5, 5), width: 5), columns: 8, tileSize: 64), name: "filters")

// %% [markdown]
// And what each of them answers when it is shown a digit: bright where it finds what it looks for.

// %%
let shown = 18
let answers = withoutRecording { relu(model.layers[0](xTest[shown..<shown + 1])) }
try notebook.show(
  .row([
    .image(tiles(digits.testImages[shown..<shown + 1], width: 28)[0], size: 150),
    .imageGrid(tiles(answers[0], width: 24), columns: 8, tileSize: 72),
  ]), name: "feature-maps")

// %% [markdown]
// ## Where it is wrong

// %%
let probabilities = softmax(model.predict(xTest, batchSize: 500))
let predicted = probabilities.argMax(axis: 1)
let accuracy = (predicted .== yTest).cast(to: .float32).mean().scalar
print(String(format: "%.2f %% of the test images are read correctly.", 100 * accuracy))

let pairs = (yTest * 10 + predicted).scalars(as: Int.self)
var counts = Array(repeating: Array(repeating: 0, count: 10), count: 10)
for pair in pairs { counts[pair / 10][pair % 10] += 1 }
try notebook.show(
  .confusionMatrix(counts, labels: (0..<10).map(String.init), title: "Test images"),
  name: "confusion")

// %% [markdown]
// The hardest digits are those for which the right answer got the smallest probability.

// %%
let right = probabilities.gatheringAlongAxis(yTest.expandingDimension(at: 1), axis: 1).squeezed(1)
let hardest = right.argSort()[..<12]
let titles = zip(
  predicted.gathering(hardest).scalars(as: Int.self), yTest.gathering(hardest).scalars(as: Int.self)
).map { "read \($0), is \($1)" }
try notebook.show(
  .imageGrid(
    tiles(digits.testImages.gathering(hardest), width: 28, titles: titles), columns: 4),
  name: "hardest")

notebook.expect(
  accuracy >= options.minimumAccuracy,
  "at least \(100 * options.minimumAccuracy) % of the test images are read correctly")
orExit(try notebook.finish())
