// The first code of the README.
import Adjoint
import AdjointNN

// snippet.hide
// Is a point inside the circle?
let points = withGenerator(seed: 1) { Tensor.uniform([512, 2], in: -1...1) }
let labels = (square(points).sum(axes: [1]) .< 0.5).cast(to: .int64)

// snippet.show
final class Perceptron: Layer {
  let hidden = Dense(inputSize: 2, outputSize: 16)
  let output = Dense(inputSize: 16, outputSize: 2)

  func forward(_ x: Tensor) -> Tensor { output(tanh(hidden(x))) }
}

let model = Perceptron()
let optimizer = Adam(learningRate: 0.02)
for _ in 1...300 {
  let (_, gradients) = valueWithGradients(of: model) {
    softmaxCrossEntropy(logits: model(points), labels: labels)
  }
  optimizer.update(model, gradients)
}
// snippet.hide
let right = (model(points).argMax(axis: 1) .== labels).cast(to: .float32).mean()
print(right.scalar > 0.95)  // true
