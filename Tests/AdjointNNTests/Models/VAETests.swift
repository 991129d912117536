import Adjoint
import AdjointNN
import Testing

/// A variational autoencoder, as Kingma and Welling wrote it in 2014.
private final class VAE: Module {
  let hidden: Dense
  let mean: Dense
  let logVariance: Dense
  let decoder: Sequential

  init(pixels: Int, hiddenSize: Int, latentSize: Int) {
    hidden = Dense(inputSize: pixels, outputSize: hiddenSize)
    mean = Dense(inputSize: hiddenSize, outputSize: latentSize)
    logVariance = Dense(inputSize: hiddenSize, outputSize: latentSize)
    decoder = Sequential {
      Dense(inputSize: latentSize, outputSize: hiddenSize)
      ReLU()
      Dense(inputSize: hiddenSize, outputSize: pixels)
    }
  }

  /// The negative evidence lower bound of some pictures, with given standard normal noise.
  func loss(_ x: Tensor, noise: Tensor) -> Tensor {
    let h = relu(hidden(x))
    let (mean, logVariance) = (mean(h), logVariance(h))
    let logits = decoder(mean + exp(0.5 * logVariance) * noise)
    let reconstruction = Loss.binaryCrossEntropyWithLogits().reduced(.sum)(logits, x)
    let divergence = -0.5 * (1 + logVariance - square(mean) - exp(logVariance)).sum()
    return (reconstruction + divergence) / Double(x.shape[0])
  }

  /// Pictures for points of the latent space.
  func decoded(_ z: Tensor) -> Tensor { sigmoid(decoder(z)) }
}

struct VAETests {
  @Test func `A variational autoencoder trains as in PyTorch`() throws {
    let reference = try GenerativeReference("vae.safetensors")
    let model = VAE(pixels: 25, hiddenSize: 12, latentSize: 3)
    model.convert(to: .float64)
    try model.load(stateDictionary: reference.start)
    let optimizer = Adam(learningRate: 0.01)
    var losses: [Double] = []
    for step in 0..<reference.noise.shape[0] {
      let (loss, gradients) = valueWithGradients(of: model) {
        model.loss(reference.data, noise: reference.noise[step])
      }
      optimizer.update(model, gradients)
      losses.append(loss.scalar)
    }
    try expectClose(Tensor(losses, dtype: .float64), reference.losses, tolerance: 1e-9)
    try reference.expectEnd(of: model)
    #expect(losses[9] < losses[0])
    #expect(model.decoded(reference.noise[0]).shape == [8, 25])
  }
}
