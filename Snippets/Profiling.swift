// Where the time of a training step goes: by operation, by module, and as a trace for a viewer.
import Adjoint
import AdjointData
import AdjointNN
import Foundation

final class Classifier: Layer {
  let features = Sequential {
    Conv2d(inputChannels: 1, outputChannels: 16, kernelSize: 3, padding: 1)
    BatchNorm2d(channels: 16)
    ReLU()
    MaxPool2d(kernelSize: 2)
    Conv2d(inputChannels: 16, outputChannels: 32, kernelSize: 3, padding: 1)
    ReLU()
    MaxPool2d(kernelSize: 2)
    Flatten()
  }
  let output = Dense(inputSize: 32 * 7 * 7, outputSize: 10)

  func forward(_ x: Tensor) -> Tensor { output(features(x)) }
}

let model = withGenerator(seed: 1) { Classifier() }
let optimizer = Adam()
let images = withGenerator(seed: 2) { Tensor.uniform([256, 1, 28, 28]) }
let labels = Tensor((0..<256).map { $0 % 10 }, shape: [256])
let loader = Loader(TensorDataset(images, labels), batchSize: 64, sampler: .shuffled, workers: 1)

let epoch = { (number: Int) in
  for batch in loader.epoch(number) {
    let (_, gradients) = valueWithGradients(of: model) {
      let logits = withMode(.training) { model(batch[0]) }
      return withProfilingRegion("loss") { softmaxCrossEntropy(logits: logits, labels: batch[1]) }
    }
    optimizer.update(model, gradients)
  }
}

// The first steps take memory from the system and start threads.
epoch(0)
let profile = withProfiling(of: model) { epoch(1) }
print(profile)
print()
print(profile.table(by: .module))

// The numbers themselves: here the share of products and convolutions.
let products = profile.operations.filter { $0.name == "matmul" || $0.name.contains("convolution") }
let time = products.reduce(Duration.zero) { $0 + $1.duration }
print("\nproducts and convolutions: \(time) of \(profile.duration)")

// Open it at ui.perfetto.dev or chrome://tracing.
let path = CommandLine.arguments.dropFirst().first
let file =
  path.map { URL(filePath: $0) } ?? FileManager.default.temporaryDirectory.appending(path: "a.json")
try profile.writeTrace(to: file)
