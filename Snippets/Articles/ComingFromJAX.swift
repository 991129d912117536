// The code of the article ComingFromJAX; the comments are what it prints.
// MARK: Arrays

import Adjoint
import AdjointData
import AdjointNN
import Foundation

let x = Tensor([[1, 2, 3], [4, 5, 6]])
print(x.shape, x.dtype, x[1, -1].scalar)  // [2, 3] float32 6.0
print(x[.all, 1...].scalars, x[x .> 2].scalars)  // [2.0, 3.0, 5.0, 6.0] [3.0, 4.0, 5.0, 6.0]
var y = x
y[0] = 0
y[1, 0] += 10
print(y.scalars, x.mean(axes: [1], keepingDimensions: true).shape)
// [0.0, 0.0, 0.0, 14.0, 5.0, 6.0] [2, 1]

// MARK: Transformations

func f(_ v: Tensor) -> Tensor { (sin(v) * v).sum() }
func rounded(_ x: Tensor) -> [Double] { x.scalars.map { ($0 * 1e4).rounded() / 1e4 } }

let v = Tensor([1, 2])
let (value, slope) = valueWithGradient(at: v, f)
print(rounded(value)[0], rounded(slope))  // 2.6601 [1.3818, 0.077]
print(rounded(gradient(at: Tensor(1)) { gradient(at: $0) { sin($0) } })[0])  // -0.8415
print(hessian(at: v, f).shape, jacobian(at: v) { sin($0) }.shape)  // [2, 2] [2, 2]
let (primal, tangent) = jvp(at: v, tangent: Tensor.ones([2])) { sin($0) }
let (same, pullback) = vjp(at: [v]) { sin($0[0]) }
print(rounded(tangent), pullback(Tensor.ones([2])).count)  // [0.5403, -0.4161] 1
print(primal.scalars == same.scalars)  // true

// MARK: A model and its training

final class Network: Layer {
  let hidden = Dense(inputSize: 2, outputSize: 16, activation: .tanh)
  let output = Dense(inputSize: 16, outputSize: 2)

  func forward(_ x: Tensor) -> Tensor { output(hidden(x)) }
}

let network = withGenerator(seed: 1) { Network() }
let points = withGenerator(seed: 2) { Tensor.uniform([256, 2], in: -1...1) }
let labels = (square(points).sum(axes: [1]) .< 0.5).cast(to: .int64)
let optimizer = SGD(learningRate: 0.5)
for _ in 1...500 {
  let (_, gradients) = valueWithGradients(of: network) {
    softmaxCrossEntropy(logits: network(points), labels: labels)
  }
  optimizer.update(network, gradients)
}
print((network(points).argMax(axis: 1) .== labels).cast(to: .float32).mean().scalar > 0.9)  // true

func loss(_ p: [Tensor]) -> Tensor {
  softmaxCrossEntropy(logits: matmul(tanh(matmul(points, p[0])), p[1]), labels: labels)
}
var parameters = withGenerator(seed: 3) { [Tensor.normal([2, 16]), Tensor.normal([16, 2])] }
let start = loss(parameters).scalar
for _ in 1...100 {
  let (_, slopes) = valueWithGradients(at: parameters, loss)
  parameters = zip(parameters, slopes).map { $0 - 0.5 * $1 }
}
print(loss(parameters).scalar < start)  // true

// MARK: A derivative of your own

func clipped(_ x: Tensor) -> Tensor {
  withCustomDerivative(at: [x]) {
    $0[0]
  } gradients: { g, _, _ in
    [clamp(g, min: -1, max: 1)]
  }
}
print(gradient(at: Tensor([0.2, 3])) { square(clipped($0)).sum() }.scalars)
// [0.4000000059604645, 1.0]

// MARK: Random numbers

var generator = Generator(seed: 1)
let a = generator.split()
var (one, two) = (a, a)
print(Tensor.normal([3], using: &one).scalars == Tensor.normal([3], using: &two).scalars)  // true

// MARK: Saving

let folder = FileManager.default.temporaryDirectory
try NPZ([(name: "w1", tensor: parameters[0]), (name: "w2", tensor: parameters[1])])
  .write(to: folder.appending(path: "guides-network.npz"))
let read = try NPZ.read(folder.appending(path: "guides-network.npz"))
print(read["w1"]?.shape ?? [], read["w2"]?.scalars == parameters[1].scalars)  // [2, 16] true
try FileManager.default.removeItem(at: folder.appending(path: "guides-network.npz"))

// MARK: What surprises you

print(gradient(at: Tensor([1, 3, 3])) { $0.max() }.scalars)  // [0.0, 0.5, 0.5]
