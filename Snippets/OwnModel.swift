// A model of one's own: parameters are found by their type, training is a loop.
import Adjoint
import AdjointNN

final class Perceptron: Layer {
  let hidden = Dense(inputSize: 2, outputSize: 16)
  let output = Dense(inputSize: 16, outputSize: 2)

  func forward(_ x: Tensor) -> Tensor { output(tanh(hidden(x))) }
}

withGenerator(seed: 1) {
  // Is a point inside the circle?
  let points = Tensor.uniform([512, 2], in: -1...1)
  let labels = (square(points).sum(axes: [1]) .< 0.5).cast(to: .int64)

  let model = Perceptron()
  print(model.summary(inputShape: [2]))

  let optimizer = Adam(learningRate: 0.02)
  for step in 1...300 {
    let (loss, gradients) = valueWithGradients(of: model) {
      softmaxCrossEntropy(logits: model(points), labels: labels)
    }
    optimizer.update(model, gradients)
    if step % 100 == 0 { print("step \(step): loss \(loss.scalar)") }
  }

  let right = (model(points).argMax(axis: 1) .== labels).cast(to: .float32).mean().scalar
  print("accuracy \(right)")
}
