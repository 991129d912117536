import Adjoint
import AdjointNN
import Testing

/// 50 steps in double precision against PyTorch and Keras, on a small problem.
struct OptimizerTests {
  private final class Problem: Module {
    let weight: Parameter
    let bias: Parameter
    private let x: Tensor
    private let target: Tensor

    init(_ reference: Reference) {
      weight = Parameter(Tensor(reference.weight, shape: [4, 3]))
      bias = Parameter(Tensor(reference.bias, shape: [4]))
      x = Tensor(reference.x, shape: [6, 3])
      target = Tensor(reference.target, shape: [6, 4])
    }

    func loss() -> Tensor {
      square(tanh(matmul(x, weight.value.transposed()) + bias.value) - target).mean()
    }
  }

  private static let optimizers: [(String, @Sendable () -> any Optimizer)] = [
    ("SGD", { SGD(learningRate: 0.3) }),
    ("SGD momentum", { SGD(learningRate: 0.1, momentum: 0.9) }),
    ("SGD dampening", { SGD(learningRate: 0.2, momentum: 0.8, dampening: 0.4) }),
    ("SGD nesterov", { SGD(learningRate: 0.1, momentum: 0.9, nesterov: true) }),
    (
      "SGD everything",
      { SGD(learningRate: 0.1, momentum: 0.9, weightDecay: 0.05, nesterov: true) }
    ),
    ("SGD decay", { SGD(learningRate: 0.2, weightDecay: 0.1) }),
    ("Adam", { Adam() }),
    (
      "Adam settings",
      { Adam(learningRate: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1) }
    ),
    ("Keras Adam", { Adam(convention: .keras) }),
    (
      "Keras Adam settings",
      { Adam(learningRate: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, convention: .keras) }
    ),
  ]

  @Test(arguments: optimizers)
  func `A trajectory is that of the original`(
    _ name: String, _ make: @Sendable () -> any Optimizer
  ) throws {
    let reference = try Reference.read()
    let run = try #require(reference.runs[name])
    let problem = Problem(reference)
    let optimizer = make()
    var losses: [Double] = []
    for _ in run.losses {
      let (loss, gradients) = valueWithGradients(of: problem) { problem.loss() }
      optimizer.update(problem, gradients)
      losses.append(loss.scalar)
    }
    try expectClose(Tensor(losses, dtype: .float64), run.losses)
    try expectClose(problem.weight.value, run.weight, shape: [4, 3])
    try expectClose(problem.bias.value, run.bias, shape: [4])
  }

  @Test func `Every run of the reference is tested`() throws {
    #expect(try Set(Reference.read().runs.keys) == Set(Self.optimizers.map(\.0)))
  }

  @Test func `A parameter without a gradient stays as it is, and so does its state`() throws {
    let (a, b) = (Parameter(Tensor([1.0])), Parameter(Tensor([1.0])))
    let optimizer = Adam(learningRate: 0.1)
    let (_, onlyA) = valueWithGradients(of: [a]) { square(a.value).sum() }
    optimizer.update([a, b], onlyA)
    #expect(onlyA[b] == nil)
    #expect(b.value.scalars == [1])
    let (_, both) = valueWithGradients(of: [a, b]) { square(a.value + b.value).sum() }
    optimizer.update([a, b], both)
    // The first step of Adam has the size of the learning rate, whatever the gradient is.
    #expect(abs(b.value.scalars[0] - 0.9) < 1e-6)
  }

  @Test func `The learning rate can be changed between steps`() {
    let w = Parameter(Tensor([1.0]))
    let optimizer = SGD(learningRate: 1)
    let (_, gradients) = valueWithGradients(of: [w]) { w.value.sum() }
    optimizer.update([w], gradients)
    optimizer.learningRate = 0.25
    optimizer.update([w], gradients)
    #expect(w.value.scalars == [-0.25])
  }

  @Test func `Values read before a step keep their numbers`() {
    let w = Parameter(Tensor.ones([1000]))
    let optimizer = Adam(learningRate: 0.5)
    let before = w.value
    for _ in 0..<3 {
      let (_, gradients) = valueWithGradients(of: [w]) { square(w.value).sum() }
      optimizer.update([w], gradients)
    }
    #expect(before.scalars == Array(repeating: 1, count: 1000))
    #expect(w.value.scalars[999] < 0)
  }

  @Test func `A parameter that the loss does not depend on has gradient zero`() {
    let (a, b) = (Parameter(Tensor([1.0])), Parameter(Tensor([[2.0]])))
    let (value, gradients) = valueWithGradients(of: [a, b]) { a.value.sum() }
    #expect(value.scalar == 1 && !value.isTracked)
    #expect(gradients[b]?.shape == [1, 1] && gradients[b]?.scalars == [0])
  }
}
