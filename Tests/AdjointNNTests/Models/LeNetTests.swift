import Adjoint
import AdjointData
import AdjointNN
import AdjointNotebook
import Foundation
import Testing

/// LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition",
/// 1998.
private func leNet() -> Sequential {
  Sequential {
    Conv2d(inputChannels: 1, outputChannels: 6, kernelSize: 5, padding: 2)
    Activation(.tanh)
    AvgPool2d(kernelSize: 2)
    Conv2d(inputChannels: 6, outputChannels: 16, kernelSize: 5)
    Activation(.tanh)
    AvgPool2d(kernelSize: 2)
    Flatten()
    Dense(inputSize: 400, outputSize: 120)
    Activation(.tanh)
    Dense(inputSize: 120, outputSize: 84)
    Activation(.tanh)
    Dense(inputSize: 84, outputSize: 10)
  }
}

struct LeNetTests {
  @Test func `LeNet on digits trains as in PyTorch`() throws {
    let reference = try ModelReference.named("lenet")
    let mnist = try MNIST.load()
    let x = mnist.trainImages[0..<16].cast(to: .float64).reshaped([16, 1, 28, 28]) / 255
    let y = mnist.trainLabels[0..<16].cast(to: .int64)
    let model = leNet()
    try reference.start(model)
    try reference.compare(model, SGD(learningRate: 0.05, momentum: 0.9), x, y)
    try reference.exchange(model, "lenet", x) { model($0) }
  }

  @Test func `LeNet is saved, summed up and trained by fit`() throws {
    let model = withGenerator(seed: 1) { leNet() }
    let text = model.summary(inputShape: [1, 28, 28])
    #expect(text.contains("(None, 16, 10, 10)"))
    #expect(text.contains(" Total params: 61,706 (241.04 KB)"))
    #expect("\(model)".contains("  3: Conv2d(6 to 16 channels, kernel 5)\n"))
    let mnist = try MNIST.load()
    let x = mnist.trainImages[0..<256].cast(to: .float32).reshaped([256, 1, 28, 28]) / 255
    let y = mnist.trainLabels[0..<256]
    let history = model.fit(
      x, y, epochs: 3, loss: .softmaxCrossEntropy, optimizer: Adam(), verbose: .silent, seed: 1)
    #expect(history["loss"][2] < 0.8 * history["loss"][0])
    let twin = try withTemporaryFolder { folder in
      let url = folder.appending(path: "lenet.safetensors")
      try model.save(to: url)
      return try Sequential.load(from: url)
    }
    #expect(twin(x).scalars == model(x).scalars)
  }
}
