import Adjoint
import AdjointNN
import Testing

struct LayerErrorsTests {
  @Test func `Convolutions name the input and what they expect`() async {
    let channels = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Sequential {
        Conv2d(inputChannels: 1, outputChannels: 6, kernelSize: 5)
        Conv2d(inputChannels: 8, outputChannels: 16, kernelSize: 5)
      }
      _ = model(Tensor.zeros([1, 1, 28, 28]))
    }
    #expect(
      errors(channels).contains(
        "Conv2d (layer 1): an input of shape [1, 6, 24, 24] does not fit: expected "
          + "[batch, 8, a, b]"))
    #expect(errors(channels).contains("LayerErrorsTests.swift"))
    let kernel = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Conv1d(inputChannels: 1, outputChannels: 1, kernelSize: 5)(Tensor.zeros([1, 1, 3]))
    }
    #expect(errors(kernel).contains("a kernel that reaches over 5 elements of axis 2"))
    #expect(errors(kernel).contains("LayerErrorsTests.swift"))
    let dtype = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let layer = ConvTranspose3d(inputChannels: 1, outputChannels: 1, kernelSize: 2)
      _ = layer(Tensor.zeros([1, 1, 2, 2, 2], dtype: .float64))
    }
    #expect(
      errors(dtype).contains(
        "ConvTranspose3d: the input is float64 [1, 1, 2, 2, 2], the weight float32 "
          + "[1, 1, 2, 2, 2]"))
  }

  @Test func `Settings of convolutions are checked where they are written`() async {
    let kernel = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Conv3d(inputChannels: 1, outputChannels: 1, kernelSize: [3, 3])
    }
    #expect(errors(kernel).contains("Conv3d: kernelSize [3, 3] has 2 numbers for 3 spatial axes"))
    let groups = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Conv1d(inputChannels: 4, outputChannels: 6, kernelSize: 1, groups: 4)
    }
    #expect(
      errors(groups).contains("Conv1d: 4 and 6 channels cannot be shared by 4 groups evenly"))
    let multiplier = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = DepthwiseConv2d(channels: 3, kernelSize: 1, depthMultiplier: 0)
    }
    #expect(
      errors(multiplier).contains(
        "DepthwiseConv2d: there is no convolution from 3 to 0 channels in 3 groups"))
    let base = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Convolution(inputChannels: 1, outputChannels: 1, kernelSize: 1)
    }
    #expect(errors(base).contains("Convolution: use the class for one, two or three spatial axes"))
  }

  @Test func `Pooling names the axes it is for`() async {
    let rank = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MaxPool2d(kernelSize: 2)(Tensor.zeros([1, 3, 8]))
    }
    #expect(
      errors(rank).contains(
        "MaxPool2d: an input of shape [1, 3, 8] does not fit: expected [batch, channels, a, b]"))
    let padding = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = AvgPool1d(kernelSize: 2, padding: 2)
    }
    #expect(
      errors(padding).contains("AvgPool1d: padding 2 must be at most half of kernelSize 2"))
    let exponent = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LPPool2d(exponent: 0, kernelSize: 2)
    }
    #expect(errors(exponent).contains("LPPool2d: the exponent 0.0 is not positive"))
  }

  @Test func `Tables want integers within their range`() async {
    let floats = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Embedding(count: 3, size: 2)(Tensor([0.0]))
    }
    #expect(errors(floats).contains("Embedding: needs integer indices, not float32 [1]"))
    let range = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Embedding(count: 3, size: 2)(Tensor([3] as [Int]))
    }
    #expect(errors(range).contains("3"))
    #expect(errors(range).contains("LayerErrorsTests.swift"))
    let padding = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Embedding(count: 3, size: 2, paddingIndex: 3)
    }
    #expect(
      errors(padding).contains("Embedding: paddingIndex 3 is out of range: there are 3 vectors"))
  }

  @Test func `Shapes that do not fit are named`() async {
    let reshape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Reshape([4, -1])(Tensor.zeros([2, 6]))
    }
    #expect(
      errors(reshape).contains(
        "Reshape: the 6 elements of each example of [2, 6] do not make [4, -1]"))
    let permute = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Permute([0, 2, 1])(Tensor.zeros([2, 6]))
    }
    #expect(
      errors(permute).contains(
        "Permute: an input of shape [2, 6] has 2 axes, the order [0, 2, 1] is for 3"))
    let shuffle = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = PixelShuffle(factor: 2)(Tensor.zeros([2, 6, 3, 3]))
    }
    #expect(errors(shuffle).contains("with a multiple of 4 channels"))
    let bilinear = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let layer = Bilinear(inputSize1: 2, inputSize2: 3, outputSize: 4)
      _ = layer(Tensor.zeros([5, 2]), Tensor.zeros([5, 2]))
    }
    #expect(errors(bilinear).contains("expected [..., 2] and [..., 3]"))
  }

  @Test func `A padding index keeps its row at zero and without gradient`() throws {
    let layer = Embedding(count: 4, size: 3, paddingIndex: 1)
    #expect(layer.weight.value[1].scalars == [0, 0, 0])
    let indices = Tensor([1, 2, 1] as [Int])
    let (_, gradients) = valueWithGradients(of: layer) { layer(indices).sum() }
    #expect(gradients[layer.weight]?.scalars == [0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0])
    let model = Sequential {
      layer
      Flatten()
    }
    let text = model.summary(inputShape: [5], dtype: .int64)
    #expect(text.contains("(None, 5, 3)"))
  }
}
