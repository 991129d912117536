// The code of the article ComingFromKeras; the comments are what it prints.
// MARK: Tensors and gradients

import Adjoint
import AdjointData
import AdjointNN
import Foundation

let x = Tensor([[1, 2, 3], [4, 5, 6]])
print(x.shape, x[1, -1].scalar, x.mean(axes: [1]).scalars)  // [2, 3] 6.0 [2.0, 5.0]
print(concatenated([x, x], axis: 0).shape, x.expandingDimension(at: 0).shape)  // [4, 3] [1, 2, 3]

let w = Tensor([1, 2, 3])
print(gradient(at: w) { square($0).sum() }.scalars)  // [2.0, 4.0, 6.0]

// MARK: A model and fit

let model = withGenerator(seed: 1) {
  Sequential {
    Dense(inputSize: 2, outputSize: 32, activation: .relu)
    Dropout(rate: 0.1)
    Dense(inputSize: 32, outputSize: 2)
    Softmax()
  }
}
let points = withGenerator(seed: 2) { Tensor.uniform([512, 2], in: -1...1) }
let labels = (square(points).sum(axes: [1]) .< 0.5).cast(to: .int64)
let history = try model.fit(
  points, labels, batchSize: 32, epochs: 20, loss: .categoricalCrossEntropy,
  optimizer: Adam(learningRate: 0.01), metrics: [.accuracy], validationSplit: 0.25,
  callbacks: [EarlyStopping(patience: 20)], verbose: .silent, seed: 1)
print(history.values.keys.sorted())  // ["accuracy", "loss", "val_accuracy", "val_loss"]
print(history["val_accuracy"][19] > 0.85)  // true
print(model.predict(points[..<4]).shape)  // [4, 2]

// MARK: A layer of your own

final class Scale: Layer {
  let gain: Parameter

  init(size: Int) { gain = Parameter(Tensor.ones([size])) }

  func forward(_ x: Tensor) -> Tensor {
    x * gain.value * (Mode.current == .training ? 2.0 : 1.0)
  }
}

let scale = Scale(size: 3)
print(scale(x).sum().scalar, withMode(.training) { scale(x).sum().scalar })  // 21.0 42.0

// MARK: A training step of your own

let inner = Dense(inputSize: 2, outputSize: 1)
let sgd = SGD(learningRate: 0.1)
var last = Double.infinity
for _ in 0..<50 {
  let (loss, slopes) = valueWithGradients(of: inner) {
    square(inner(points)[.all, 0] - points[.all, 0]).mean()
  }
  sgd.update(inner, slopes)
  last = loss.scalar
}
print(last < 0.01)  // true

// MARK: Weights from one to the other

let arrays = NPZ([
  (name: "kernel", tensor: Tensor([[1, 2], [3, 4], [5, 6]])),
  (name: "bias", tensor: Tensor([0.5, -0.5])),
])  // or try NPZ.read(url)
let dense = Dense(inputSize: 3, outputSize: 2)
if let kernel = arrays["kernel"], let bias = arrays["bias"] {
  try dense.load(stateDictionary: ["weight": kernel.transposed(), "bias": bias])
}
print(dense(x).scalars)  // [22.5, 27.5, 49.5, 63.5]
