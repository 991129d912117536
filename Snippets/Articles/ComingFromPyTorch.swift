// The code of the article ComingFromPyTorch; the comments are what it prints.
// MARK: Tensors

import Adjoint
import AdjointData
import AdjointNN
import Foundation

let x = Tensor([[1, 2, 3], [4, 5, 6]])
print(x.shape, x.dtype)  // [2, 3] float32
print(x[1, -1].scalar, x[.all, 1...].scalars)  // 6.0 [2.0, 3.0, 5.0, 6.0]
print(x[x .> 2].scalars, x[..., .newAxis].shape)  // [3.0, 4.0, 5.0, 6.0] [2, 3, 1]
print(x.mean(axes: [1], keepingDimensions: true).scalars)  // [2.0, 5.0]
var y = x
y[0] = 0
print(concatenated([x, y]).shape, x.reshaped(3, 2).shape)  // [4, 3] [3, 2]

// MARK: Gradients

let w = Tensor([1, 2, 3]).tracked()
let loss = (w * w).sum()
print(gradients(of: loss, withRespectTo: [w])[0].scalars)  // [2.0, 4.0, 6.0]
let g = gradients(of: pow(w, 3).sum(), withRespectTo: [w], createGraph: true)[0]
print(gradients(of: g.sum(), withRespectTo: [w])[0].scalars)  // [6.0, 12.0, 18.0]
print(gradient(at: w.detached) { ($0 * $0).sum() }.scalars)  // [2.0, 4.0, 6.0]

// MARK: A model and its training

final class Net: Layer {
  let hidden = Dense(inputSize: 2, outputSize: 16)
  let drop = Dropout(rate: 0.1)
  let output = Dense(inputSize: 16, outputSize: 2)

  func forward(_ x: Tensor) -> Tensor { output(drop(tanh(hidden(x)))) }
}

let net = withGenerator(seed: 1) {
  let points = Tensor.uniform([256, 2], in: -1...1)
  let labels = (square(points).sum(axes: [1]) .< 0.5).cast(to: .int64)
  let net = Net()
  let optimizer = Adam(learningRate: 0.02)
  for _ in 1...200 {
    let (_, gradients) = withMode(.training) {
      valueWithGradients(of: net) { softmaxCrossEntropy(logits: net(points), labels: labels) }
    }
    optimizer.update(net, gradients)
  }
  let right = (net(points).argMax(axis: 1) .== labels).cast(to: .float32).mean()
  print(right.scalar > 0.9)  // true
  return net
}

// MARK: A function with its own derivative

func cube(_ x: Tensor) -> Tensor {
  withCustomDerivative(at: [x]) {
    pow($0[0], 3)
  } gradients: { g, x, _ in
    [g * 3 * square(x[0])]
  }
}
print(checkGradients(of: { cube($0[0]) }, at: [Tensor([2])]).passed)  // true

// MARK: Weights from one to the other

let file = FileManager.default.temporaryDirectory.appending(path: "guides-net.safetensors")
try net.saveWeights(to: file)
print(try SafeTensors.read(file).tensors.map(\.name).sorted())
// ["hidden.bias", "hidden.weight", "output.bias", "output.weight"]
try Net().loadWeights(from: file)
try FileManager.default.removeItem(at: file)

// MARK: What surprises you

print(gradient(at: Tensor([1, 3, 3])) { $0.max() }.scalars)  // [0.0, 0.5, 0.5]
let doubles = Tensor.ones([2], dtype: .float64)
print((Tensor.ones([2]).cast(to: .float64) + doubles).dtype)  // float64
print(Dense(inputSize: 2, outputSize: 2, weightInitializer: .torchUniform).weight.shape)  // [2, 2]
