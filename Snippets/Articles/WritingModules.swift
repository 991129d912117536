// The code of the article Modules (SwiftPM has a folder of that name); comments are what it prints.
import Adjoint
import AdjointNN

final class Classifier: Layer {
  let hidden = Dense(inputSize: 4, outputSize: 16, activation: .relu)
  let dropout = Dropout(rate: 0.2)
  let output = Dense(inputSize: 16, outputSize: 3)

  func forward(_ x: Tensor) -> Tensor { output(dropout(hidden(x))) }
}

let model = Classifier()
print(model(Tensor.zeros([2, 4])).shape)  // [2, 3]
print(model.namedParameters.map(\.name))
// ["hidden.weight", "hidden.bias", "output.weight", "output.bias"]
print(model.parameterCount)  // 131

final class Matcher: Module {
  let left = Dense(inputSize: 3, outputSize: 8)
  let right = Dense(inputSize: 5, outputSize: 8)

  func score(_ a: Tensor, _ b: Tensor) -> Tensor { (left(a) * right(b)).sum(axes: [1]) }
}
print(Matcher().score(Tensor.zeros([2, 3]), Tensor.zeros([2, 5])).shape)  // [2]

// MARK: Stacks

let depth = 2
let stack = Sequential {
  Dense(inputSize: 4, outputSize: 16)
  ReLU()
  for _ in 1..<depth {
    Residual {
      LayerNorm(shape: [16])
      Dense(inputSize: 16, outputSize: 16, activation: .gelu)
    }
  }
  Dense(inputSize: 16, outputSize: 3)
}
print(stack(Tensor.zeros([2, 4])).shape, stack.layers.count)  // [2, 3] 4
print(stack.namedParameters.map(\.name).first ?? "")  // 0.weight
print(Classifier().summary(inputShape: [4]).contains("hidden"))  // true

// MARK: A layer of your own

/// y = scale * (x - the running mean of x).
final class Centered: Layer {
  let scale: Parameter
  let running_mean: Buffer

  init(size: Int) {
    scale = Parameter(Tensor.ones([size]))
    running_mean = Buffer(Tensor.zeros([size]))
  }

  func forward(_ x: Tensor) -> Tensor {
    if x.rank != 2 || x.shape[1] != scale.shape[0] {
      programmingError("Centered", "needs [n, \(scale.shape[0])], not \(x.shape)")
    }
    if Mode.current == .training {
      running_mean.value = 0.75 * running_mean.value + 0.25 * x.mean(axes: [0])
    }
    return scale.value * (x - running_mean.value)
  }
}

let centered = Centered(size: 2)
let input = Tensor([[1, 2], [3, 4]])
print(centered(input).scalars)  // [1.0, 2.0, 3.0, 4.0]
_ = withMode(.training) { centered(input) }
print(centered.running_mean.value.scalars)  // [0.5, 0.75]
print(checkGradients(of: centered, input: input).passed)  // true

// MARK: Training mode

let drop = Dropout(rate: 0.5)
let ones = Tensor.ones([1000])
print(drop(ones).sum().scalar)  // 1000.0
let dropped = withGenerator(seed: 1) { withMode(.training) { drop(ones) } }
print((dropped .== 0).sum().scalar > 400)  // true

// MARK: Gradients and steps

let labels = Tensor([0, 2] as [Int])
let x = Tensor([[1, 0, 0, 1], [0, 1, 1, 0]])
let optimizer = Adam(learningRate: 0.01)
func loss(of model: Classifier) -> Double {
  softmaxCrossEntropy(logits: model(x), labels: labels).scalar
}

let before = loss(of: model)
for _ in 1...20 {
  let (_, gradients) = withMode(.training) {
    valueWithGradients(of: model) { softmaxCrossEntropy(logits: model(x), labels: labels) }
  }
  optimizer.update(model, gradients)
}
print(loss(of: model) < before)  // true

// MARK: Parts of a model

model.freeze(matching: "hidden.*")
print(model.trainableParameters.count)  // 2
model.unfreeze()
for (_, parameter) in model.namedParameters(matching: "**.weight") {
  parameter.regularizer = .l2(1e-4)
}
optimizer.configure(model.output.parameters, learningRateFactor: 0.1)
print(model.regularization.scalar > 0)  // true

// MARK: Copies

let twin = stack.copy()
let second = Classifier()
try second.load(from: model)
print(twin !== stack, second(x).scalars == model(x).scalars)  // true true
