import Adjoint
import AdjointNN
import Testing

/// The slope below 0 that discriminators are usually given.
private final class LeakyReLU02: Layer {
  func forward(_ x: Tensor) -> Tensor { leakyReLU(x, slope: 0.2) }
}

private final class Sigmoid: Layer {
  func forward(_ x: Tensor) -> Tensor { sigmoid(x) }
}

/// A generative adversarial network, as it was first described by Goodfellow and others in 2014.
private final class GAN: Module {
  let generator: Sequential
  let discriminator: Sequential
  private let optimizers = (
    generator: Adam(learningRate: 0.01, beta1: 0.5),
    discriminator: Adam(learningRate: 0.01, beta1: 0.5)
  )

  init(pixels: Int, hiddenSize: Int, noiseSize: Int) {
    generator = Sequential {
      Dense(inputSize: noiseSize, outputSize: hiddenSize)
      ReLU()
      Dense(inputSize: hiddenSize, outputSize: pixels)
      Sigmoid()
    }
    discriminator = Sequential {
      Dense(inputSize: pixels, outputSize: hiddenSize)
      LeakyReLU02()
      Dense(inputSize: hiddenSize, outputSize: 1)
    }
  }

  /// How wrong the discriminator is about pictures that are all real, or all made.
  private func loss(_ x: Tensor, areReal: Bool) -> Tensor {
    let logits = discriminator(x)
    let target = Tensor.full(like: logits, areReal ? 1 : 0)
    return Loss.binaryCrossEntropyWithLogits()(logits, target)
  }

  /// One step of each player; the losses before it.
  func train(_ real: Tensor, noise: Tensor) -> (discriminator: Double, generator: Double) {
    let made = generator(noise).detached
    let judged = valueWithGradients(of: discriminator) {
      loss(real, areReal: true) + loss(made, areReal: false)
    }
    optimizers.discriminator.update(discriminator, judged.gradients)
    let deceived = valueWithGradients(of: generator) {
      loss(generator(noise), areReal: true)
    }
    optimizers.generator.update(generator, deceived.gradients)
    return (judged.value.scalar, deceived.value.scalar)
  }
}

struct GANTests {
  @Test func `A generative adversarial network trains as in PyTorch`() throws {
    let reference = try GenerativeReference("gan.safetensors")
    let model = GAN(pixels: 25, hiddenSize: 12, noiseSize: 4)
    model.convert(to: .float64)
    try model.load(stateDictionary: reference.start)
    var losses: [Double] = []
    for step in 0..<reference.noise.shape[0] {
      let (discriminator, generator) = model.train(reference.data, noise: reference.noise[step])
      losses += [discriminator, generator]
    }
    try expectClose(Tensor(losses, dtype: .float64), reference.losses, tolerance: 1e-9)
    try reference.expectEnd(of: model)
  }
}
