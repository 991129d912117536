import Adjoint
import AdjointNN

/// Workloads of whole training steps.
let trainingWorkloads: [Workload] = [
  // The lab's model, 50 steps.
  Workload("mlp_step_b128") {
    let model = Sequential {
      Dense(inputSize: 784, outputSize: 256)
      ReLU()
      Dropout(rate: 0.2)
      Dense(inputSize: 256, outputSize: 128)
      ReLU()
      Dropout(rate: 0.2)
      Dense(inputSize: 128, outputSize: 10)
    }
    let (x, labels) = (random([128, 784]), randomTokens([128], below: 10))
    return steps(50, of: model, Adam()) { softmaxCrossEntropy(logits: model(x), labels: labels) }
  },
  // Two convolutions with pooling and three dense layers, 10 steps.
  Workload("lenet_step_b128") {
    let model = Sequential {
      Conv2d(inputChannels: 1, outputChannels: 6, kernelSize: 5, padding: 2)
      ReLU()
      MaxPool2d(kernelSize: 2)
      Conv2d(inputChannels: 6, outputChannels: 16, kernelSize: 5)
      ReLU()
      MaxPool2d(kernelSize: 2)
      Flatten()
      Dense(inputSize: 400, outputSize: 120)
      ReLU()
      Dense(inputSize: 120, outputSize: 84)
      ReLU()
      Dense(inputSize: 84, outputSize: 10)
    }
    let (x, labels) = (random([128, 1, 28, 28]), randomTokens([128], below: 10))
    return steps(10, of: model, Adam()) { softmaxCrossEntropy(logits: model(x), labels: labels) }
  },
  // A language model of 4 blocks and 256 features, batches of 16 x 128 characters.
  Workload("gpt_step_4x256_t128_b16") {
    let model = LanguageModel(vocabulary: 96, length: 128, size: 256, heads: 4, layers: 4)
    let (tokens, next) = (randomTokens([16, 128], below: 96), randomTokens([16 * 128], below: 96))
    return steps(1, of: model, AdamW()) {
      softmaxCrossEntropy(logits: model(tokens).reshaped(-1, 96), labels: next)
    }
  },
  // 64 steps of 32 sequences, forward and backward.
  Workload("lstm_step_h256_t64_b32") {
    let model = LSTM(inputSize: 128, hiddenSize: 256)
    let parameters = model.parameters
    let x = random([32, 64, 128])
    return {
      let found = valueWithGradients(of: parameters) { model(x).sum() }
      for parameter in parameters { compute(found.gradients[parameter]!) }
    }
  },
]

/// A transformer that predicts the next token.
private final class LanguageModel: Module {
  let tokens, positions: Embedding
  let blocks: TransformerEncoder
  let norm: LayerNorm
  let output: Dense

  init(vocabulary: Int, length: Int, size: Int, heads: Int, layers: Int) {
    tokens = Embedding(count: vocabulary, size: size)
    positions = Embedding(count: length, size: size)
    blocks = TransformerEncoder(
      layers: layers, embeddingSize: size, heads: heads, feedforwardSize: 4 * size, dropoutRate: 0,
      activation: .gelu(approximate: true), normFirst: true)
    norm = LayerNorm(shape: [size])
    output = Dense(inputSize: size, outputSize: vocabulary)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let places = Tensor.arange(x.shape[1])
    return output(norm(blocks(tokens(x) + positions(places), mask: .causal)))
  }
}

/// Training steps in training mode.
private func steps(
  _ count: Int, of model: some Module, _ optimizer: some Optimizer, loss: @escaping () -> Tensor
) -> () -> Void {
  let parameters = model.parameters
  return {
    withMode(.training) {
      for _ in 0..<count {
        let (_, gradients) = valueWithGradients(of: parameters, loss)
        optimizer.update(parameters, gradients)
      }
    }
  }
}
