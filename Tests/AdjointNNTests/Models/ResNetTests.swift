import Adjoint
import AdjointNN
import Testing

// He, Zhang, Ren and Sun, "Deep residual learning for image recognition", CVPR 2016.

/// Two convolutions and a way past them.
private final class BasicBlock: Layer {
  let conv1, conv2: Conv2d
  let bn1, bn2: BatchNorm2d
  let downsample: Sequential?

  init(_ inputs: Int, _ outputs: Int, stride: PerAxis = 1) {
    conv1 = Conv2d(
      inputChannels: inputs, outputChannels: outputs, kernelSize: 3, stride: stride, padding: 1,
      useBias: false)
    conv2 = Conv2d(
      inputChannels: outputs, outputChannels: outputs, kernelSize: 3, padding: 1, useBias: false)
    bn1 = BatchNorm2d(channels: outputs)
    bn2 = BatchNorm2d(channels: outputs)
    downsample =
      stride == 1 && inputs == outputs
      ? nil
      : Sequential {
        Conv2d(
          inputChannels: inputs, outputChannels: outputs, kernelSize: 1, stride: stride,
          useBias: false)
        BatchNorm2d(channels: outputs)
      }
  }

  func forward(_ x: Tensor) -> Tensor {
    let y = bn2(conv2(relu(bn1(conv1(x)))))
    return relu(y + (downsample?(x) ?? x))
  }
}

/// A residual network for images of 32 x 32.
private final class ResNet: Layer {
  let conv1 = Conv2d(
    inputChannels: 3, outputChannels: 8, kernelSize: 3, padding: 1, useBias: false)
  let bn1 = BatchNorm2d(channels: 8)
  let layer1 = Sequential([BasicBlock(8, 8), BasicBlock(8, 8)])
  let layer2 = Sequential([BasicBlock(8, 16, stride: 2), BasicBlock(16, 16)])
  let layer3 = Sequential([BasicBlock(16, 32, stride: 2), BasicBlock(32, 32)])
  let pool = GlobalAvgPool()
  let fc = Dense(inputSize: 32, outputSize: 10)

  func forward(_ x: Tensor) -> Tensor {
    fc(pool(layer3(layer2(layer1(relu(bn1(conv1(x))))))))
  }
}

struct ResNetTests {
  @Test func `A residual network trains as in PyTorch`() throws {
    let reference = try ModelReference.named("resnet")
    let x = wave([8, 3, 32, 32], seed: 3)
    let y = Tensor(Array(0..<8))
    let model = ResNet()
    try reference.start(model)
    let optimizer = SGD(learningRate: 0.02, momentum: 0.9, weightDecay: 5e-4, nesterov: true)
    try reference.compare(model, optimizer, x, y)
    try reference.exchange(model, "resnet", x) { model($0) }
  }

  @Test func `The same blocks made of containers compute the same`() throws {
    let block = BasicBlock(4, 6, stride: 2)
    let twin = Residual(
      projection: Sequential {
        Conv2d(inputChannels: 4, outputChannels: 6, kernelSize: 1, stride: 2, useBias: false)
        BatchNorm2d(channels: 6)
      }, activation: .relu
    ) {
      Conv2d(
        inputChannels: 4, outputChannels: 6, kernelSize: 3, stride: 2, padding: 1, useBias: false)
      BatchNorm2d(channels: 6)
      ReLU()
      Conv2d(inputChannels: 6, outputChannels: 6, kernelSize: 3, padding: 1, useBias: false)
      BatchNorm2d(channels: 6)
    }
    let names = [
      "body.0.": "conv1.", "body.1.": "bn1.", "body.3.": "conv2.", "body.4.": "bn2.",
      "projection.": "downsample.",
    ]
    let state = block.stateDictionary
    let renamed = twin.stateDictionary.keys.map { key -> (String, Tensor?) in
      let prefix = names.keys.first { key.hasPrefix($0) } ?? ""
      return (key, state[(names[prefix] ?? "") + key.dropFirst(prefix.count)])
    }
    try twin.load(
      stateDictionary: Dictionary(uniqueKeysWithValues: renamed).compactMapValues { $0 })
    let x = random([2, 4, 8, 8], dtype: .float32)
    #expect(twin(x).scalars == block(x).scalars)
  }
}
