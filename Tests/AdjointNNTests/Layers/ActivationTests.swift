import Adjoint
import AdjointNN
import AdjointNotebook
import Foundation
import Testing

struct ActivationTests {
  @Test func `Functions are described by name and settings, and survive coding`() throws {
    for (_, function, description) in LayerRow.functions {
      #expect("\(function)" == description)
      #expect("\(Activation(function))" == "Activation(\(description))")
      let coded = try JSONEncoder().encode(function)
      #expect(try JSONDecoder().decode(ActivationFunction.self, from: coded) == function)
    }
    #expect(ActivationFunction.leakyReLU != .leakyReLU(slope: 0.2))
  }

  @Test func `A randomized rectifier draws slopes in training only`() {
    let layer = Activation(.rrelu(slopes: 0.1...0.3))
    let x = Tensor.full([10_000], -1)
    #expect(Set(layer(x).scalars).count == 1)
    let drawn = withGenerator(seed: 1) { withMode(.training) { -layer(x) } }
    #expect(drawn.min().scalar >= 0.1 - 1e-6 && drawn.max().scalar <= 0.3 + 1e-6)
    #expect(abs(drawn.mean().scalar - 0.2) < 0.002)
  }

  @Test func `An activation of a layer is the function of its result`() {
    let x = random([5, 4], dtype: .float32)
    let linear = Dense(inputSize: 4, outputSize: 3)
    let active = Dense(inputSize: 4, outputSize: 3, activation: .gelu)
    try? active.load(from: linear)
    #expect(active(x).scalars == gelu(linear(x)).scalars)
    #expect("\(active)" == "Dense(4 to 3, gelu)")
    let image = random([2, 3, 5, 5], dtype: .float32)
    let kernel = Conv2d(inputChannels: 3, outputChannels: 2, kernelSize: 3)
    let relued = Conv2d(inputChannels: 3, outputChannels: 2, kernelSize: 3, activation: .relu)
    try? relued.load(from: kernel)
    #expect(relued(image).scalars == relu(kernel(image)).scalars)
  }

  @Test func `A softmax at the end of a Dense is left out for training`() throws {
    let layer = Dense(inputSize: 4, outputSize: 3, activation: .softmax)
    let logits = try #require(layer.beforeSoftmax)
    #expect(
      logits.parameters.map(ObjectIdentifier.init) == layer.parameters.map(ObjectIdentifier.init))
    let x = random([5, 4], dtype: .float32)
    #expect(softmax(logits(x)).scalars == layer(x).scalars)
    #expect(Dense(inputSize: 4, outputSize: 3, activation: .relu).beforeSoftmax == nil)
    #expect(Activation(.softmax).beforeSoftmax != nil)
    #expect(Activation(.softmax(axis: 0)).beforeSoftmax == nil)
    let stack = Sequential {
      Dense(inputSize: 4, outputSize: 4, activation: .tanh)
      layer
    }
    #expect(stack.beforeSoftmax != nil)
    let y = Tensor([0, 1, 2, 0, 1] as [Int])
    let untrained = try #require(stack.beforeSoftmax)
    let loss = softmaxCrossEntropy(logits: untrained(x), labels: y)
    let history = stack.fit(
      x, y, batchSize: 5, loss: .categoricalCrossEntropy, optimizer: SGD(), verbose: .silent)
    #expect(abs(history["loss"][0] - loss.scalar) < 1e-6)
  }

  @Test func `Impossible settings are refused where they are written`() async {
    let alpha = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ActivationFunction.celu(alpha: 0)
    }
    #expect(errors(alpha).contains("ActivationFunction: alpha must be positive, not 0.0"))
    #expect(errors(alpha).contains("ActivationTests.swift"))
    let axis = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Activation(.glu)(Tensor.zeros([2, 3]))
    }
    #expect(errors(axis).contains("axis -1 of shape [2, 3] has the odd size 3"))
  }
}
