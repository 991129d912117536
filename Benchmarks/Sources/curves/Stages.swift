import Adjoint
import AdjointNN

/// A model as a chain of layers, which can tell when the gradients of each are complete.
final class Stages: Module {
  let layers: [any Layer]
  init(_ layers: [any Layer]) { self.layers = layers }

  /// The result; `arrived` hears of every layer but the first when the backward sweep has left it.
  func callAsFunction(_ x: Tensor, arrived: ((Int) -> Void)? = nil) -> Tensor {
    layers.enumerated().reduce(x) { x, stage in
      guard let arrived, stage.offset > 0 else { return stage.element(x) }
      return stage.element(x.onGradient { _ in arrived(stage.offset) })
    }
  }

  /// The multilayer perceptron of the lab: 784, 256, 128 and 10 units.
  static func perceptron() -> Stages {
    Stages([
      Sequential {
        Dense(inputSize: 784, outputSize: 256)
        ReLU()
        Dropout(rate: 0.2)
      },
      Sequential {
        Dense(inputSize: 256, outputSize: 128)
        ReLU()
        Dropout(rate: 0.2)
      }, Dense(inputSize: 128, outputSize: 10),
    ])
  }

  /// Two convolutions with pooling and three dense layers, for images of 28 x 28.
  static func leNet() -> Stages {
    Stages([
      Sequential {
        Conv2d(inputChannels: 1, outputChannels: 6, kernelSize: 5, padding: 2)
        ReLU()
        MaxPool2d(kernelSize: 2)
      },
      Sequential {
        Conv2d(inputChannels: 6, outputChannels: 16, kernelSize: 5)
        ReLU()
        MaxPool2d(kernelSize: 2)
        Flatten()
      },
      Sequential {
        Dense(inputSize: 400, outputSize: 120)
        ReLU()
      },
      Sequential {
        Dense(inputSize: 120, outputSize: 84)
        ReLU()
      }, Dense(inputSize: 84, outputSize: 10),
    ])
  }

  /// A language model of 4 blocks and 256 features for 128 characters of 96 kinds.
  static func languageModel() -> Stages {
    let blocks = (0..<4).map { _ in CausalBlock() }
    let output = Sequential {
      LayerNorm(shape: [256])
      Dense(inputSize: 256, outputSize: 96)
    }
    return Stages([TokenEmbedding()] + blocks + [output])
  }
}

/// Vectors for tokens and for their places.
private final class TokenEmbedding: Layer {
  let tokens = Embedding(count: 96, size: 256)
  let places = Embedding(count: 128, size: 256)
  func forward(_ x: Tensor) -> Tensor { tokens(x) + places(Tensor.arange(x.shape[1])) }
}

/// A block of a transformer in which a step sees those before it.
final class CausalBlock: Layer {
  let block = TransformerEncoderLayer(
    embeddingSize: 256, heads: 4, feedforwardSize: 1024, dropoutRate: 0,
    activation: .gelu(approximate: true), normFirst: true)
  func forward(_ x: Tensor) -> Tensor { block(x, mask: .causal) }
}
