import Adjoint
import AdjointNN
import AdjointNotebook
import Foundation

// usage: resume CHECKPOINT MODEL [EVENTS]
//
// Trains a small classifier, with everything that a checkpoint must hold, goes on from CHECKPOINT if
// it is there, and writes the model to MODEL at the end. With EVENTS it writes TensorBoard's files.

/// Keeps a running mean of its inputs, which training changes and inference uses.
final class Centering: Layer {
  let mean = Buffer(Tensor.zeros([64]))

  func forward(_ x: Tensor) -> Tensor {
    if Mode.current == .training {
      mean.value = 0.9 * mean.value + 0.1 * x.detached.mean(axes: [0])
    }
    return x - mean.value
  }
}

let arguments = CommandLine.arguments.dropFirst().map { URL(filePath: $0) }
guard (2...3).contains(arguments.count) else {
  fatalError("usage: resume CHECKPOINT MODEL [EVENTS]")
}

let (x, labels) = withGenerator(seed: 1) {
  let labels = Tensor.integers([2000], in: 0..<10)
  let centres = Tensor.normal([10, 32])
  return (centres.gathering(labels) + 1.5 * Tensor.normal([2000, 32]), labels)
}
let model = withGenerator(seed: 2) {
  Sequential {
    Dense(inputSize: 32, outputSize: 64)
    Centering()
    ReLU()
    Dropout(rate: 0.3)
    Dense(inputSize: 64, outputSize: 10)
    Softmax()
  }
}
let events = arguments.dropFirst(2).first.map { [TensorBoard($0, histogramInterval: 5)] } ?? []
let history = try model.fit(
  x, labels, batchSize: 32, epochs: 12, loss: .categoricalCrossEntropy,
  optimizer: Adam(learningRate: 0.003), metrics: [.accuracy], validationSplit: 0.1,
  callbacks: [
    ReduceLearningRateOnPlateau(factor: 0.5, patience: 1, minimumDelta: 0.05),
    EarlyStopping(patience: 9, restoresBestWeights: true),
  ] + events,
  checkpoint: CheckpointPolicy(arguments[0], everySteps: 7, keepsPrevious: true),
  verbose: .silent, seed: 3)
let weights = model.stateDictionary.sorted { $0.key < $1.key }.flatMap { $0.value.bytes() }
try Data(weights).write(to: arguments[1])
print(history.epochs.count, history["val_loss"].last ?? 0)
