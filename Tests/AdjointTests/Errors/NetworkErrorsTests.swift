import Adjoint
import Testing

@Suite("Errors of network primitives")
struct NetworkErrorsTests {
  @Test("convolution names both shapes and what was expected")
  func convolutions() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = convolution(Tensor.ones([1, 3, 8, 8]), Tensor.ones([4, 2, 3, 3]))
      },
      says:
        "convolution: weights [4, 2, 3, 3] do not fit the input [1, 3, 8, 8] in 1 groups: expected "
        + "[outputs, 3 / 1, ...]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = convolution(Tensor.ones([1, 3, 8]), Tensor.ones([4, 3, 3, 3]))
      }, says: "convolution: input [1, 3, 8] and weights [4, 3, 3, 3] must both be")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = convolution(Tensor.ones([1, 3, 4]), Tensor.ones([4, 3, 3]), dilation: 2)
      },
      says:
        "convolution: a kernel that reaches over 5 elements of axis 2 does not fit into 4, the size "
        + "in [1, 3, 4]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = convolution(Tensor.ones([1, 3, 4]), Tensor.ones([4, 3, 3]), stride: [1, 2])
      }, says: "convolution: stride [1, 2] has 2 numbers for 1 spatial axes")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = convolution(Tensor.ones([1, 3, 4]), Tensor.ones([4, 3, 3]), stride: 0)
      }, says: "convolution: stride 0: 0 is not at least 1")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = convolution(
          Tensor.ones([1, 3, 4]), Tensor.ones([4, 3, 3]), stride: 2, padding: .same)
      }, says: "convolution: padding .same is for stride 1")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = convolution(
          Tensor.ones([1, 3, 4]), Tensor.ones([4, 3, 3]), bias: Tensor.ones([3]))
      }, says: "convolution: the bias must be float32 [4], one number for each output channel")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = transposedConvolution(
          Tensor.ones([1, 3, 4]), Tensor.ones([3, 2, 3]), stride: 2, outputPadding: 2)
      }, says: "transposedConvolution: outputPadding 2 must be smaller than the stride 2")
  }

  @Test("pooling and interpolation name the shape and the numbers")
  func pooling() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = maxPooling(Tensor.ones([1, 2, 4]), size: 3, padding: 2)
      }, says: "maxPooling: padding 2 must be at most half the window's size 3")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = maxPooling(Tensor.ones([1, 1, 2]), size: 2, stride: 1, padding: 1, dilation: 3)
      },
      says: "maxPooling: a window of 2 with dilation 3 and padding 1 meets no element of axis 2 of "
        + "[1, 1, 2]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = averagePooling(Tensor.ones([1, 2, 4]), size: 5)
      }, says: "averagePooling: windows of 5 do not fit into axis 2 of [1, 2, 4]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = maxPooling(Tensor.ones([2, 4]), size: 2)
      }, says: "maxPooling: needs a floating [batch, channels, ...] with one to three")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = maxUnpooling(
          Tensor.ones([1, 1, 2]), indices: Tensor([[[0, 9]]] as [[[Double]]]).cast(to: .int64),
          size: [4])
      }, says: "maxUnpooling: index 9 is out of range: there are 4 elements in a plane of [4]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = interpolate(Tensor.ones([1, 2, 4]), size: 8, aligningCorners: true)
      }, says: "interpolate: aligningCorners has a meaning for .linear and .cubic only")
  }

  @Test("normalisation, attention and lookup name the shapes")
  func others() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = layerNorm(Tensor.ones([2, 3]), weight: Tensor.ones([2]))
      }, says: "layerNorm: the weight must be float32 [3] for [2, 3], not float32 [2]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = groupNorm(Tensor.ones([2, 5, 3]), groups: 2)
      }, says: "groupNorm: the 5 channels of [2, 5, 3] do not make 2 groups")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = scaledDotProductAttention(
          query: Tensor.ones([2, 3]), key: Tensor.ones([4, 5]), value: Tensor.ones([4, 5]))
      }, says: "scaledDotProductAttention: query [2, 3], key [4, 5] and value [4, 5] must be")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = embedding(Tensor([0, 7] as [Int]), weight: Tensor.ones([5, 2]))
      }, says: "embedding: index 7 is out of range: there are 5 rows in [5, 2]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = pixelShuffle(Tensor.ones([1, 6, 2, 2]), factor: 2)
      }, says: "pixelShuffle: the 6 channels of [1, 6, 2, 2] are not a multiple of 4")
  }
}
