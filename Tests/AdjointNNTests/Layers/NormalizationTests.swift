import Adjoint
import AdjointNN
import Testing

struct NormalizationTests {
  @Test func `Running values follow the momentum, with Bessel's correction`() {
    let layer = BatchNorm1d(channels: 1, momentum: 0.25, dtype: .float64)
    let x = Tensor([[1.0], [2.0], [6.0]]).cast(to: .float64)
    withMode(.training) { _ = layer(x) }
    // The mean is 3 and the corrected variance (4 + 1 + 9) / 2.
    #expect(layer.runningMean?.value.scalars == [0.75])
    let variance: Double = 0.75 + 0.25 * 7
    #expect(layer.runningVariance?.value.scalars == [variance])
    #expect(layer.stateDictionary["num_batches_tracked"]?.scalar == 1)
  }

  @Test func `Without momentum the running values are the means over all batches`() {
    let layer = BatchNorm1d(channels: 1, momentum: nil, dtype: .float64)
    let batches: [[Double]] = [[1, 3], [5, 9], [2, 4]]
    for values in batches {
      withMode(.training) { _ = layer(Tensor(values, shape: [2, 1])) }
    }
    #expect(abs((layer.runningMean?.value.scalars[0] ?? 0) - 4) < 1e-14)
    #expect(abs((layer.runningVariance?.value.scalars[0] ?? 0) - 4) < 1e-14)
  }

  @Test func `Inference changes no running value, and neither does a summary`() {
    let model = Sequential {
      Conv2d(inputChannels: 1, outputChannels: 2, kernelSize: 1)
      BatchNorm2d(channels: 2)
    }
    let before = model.stateDictionary.mapValues(\.scalars)
    _ = model(random([2, 1, 3, 3], dtype: .float32))
    let text = model.summary(inputShape: [1, 3, 3])
    #expect(model.stateDictionary.mapValues(\.scalars) == before)
    // Weights and biases of both layers; means, variances and the counter.
    #expect(text.contains(" Trainable params: 8 "))
    #expect(text.contains(" Non-trainable params: 5 "))
    #expect(text.contains("1 (BatchNorm2d)"))
  }

  @Test func `Frozen weights still normalise, and a copy has running values of its own`() {
    let model = Sequential([BatchNorm1d(channels: 2)])
    let x = random([8, 2], dtype: .float32)
    withMode(.training) { _ = model(x) }
    let twin = model.copy()
    withMode(.training) { _ = twin(x) }
    #expect(
      model.stateDictionary["0.running_mean"]?.scalars
        != twin.stateDictionary["0.running_mean"]?.scalars)
    #expect(model.stateDictionary["0.num_batches_tracked"]?.scalar == 1)
  }

  @Test func `Running values can be looked at, where they are kept`() throws {
    let norm = InstanceNorm1d(channels: 2, tracksRunningStatistics: true)
    withMode(.training) { _ = norm(Tensor([[[1, 3], [2, 6]]])) }
    try expectClose(norm.runningMean?.value, [0.2, 0.4], tolerance: 1e-6)
    // Variances of 2 and 8 with the weight 0.1, after a start at 1.
    try expectClose(norm.runningVariance?.value, [1.1, 1.7], tolerance: 1e-6)
    #expect(InstanceNorm1d(channels: 2).runningMean == nil)
    #expect(InstanceNorm1d(channels: 2).runningVariance == nil)
  }

  @Test func `Settings are shown where they are not the usual ones`() {
    #expect("\(BatchNorm2d(channels: 3))" == "BatchNorm2d(3 channels)")
    #expect(
      "\(BatchNorm2d(channels: 3, epsilon: 0.1, momentum: nil, affine: false))"
        == "BatchNorm2d(3 channels, epsilon 0.1, mean of all batches, not affine)")
    #expect(
      "\(InstanceNorm1d(channels: 3, affine: true, tracksRunningStatistics: true))"
        == "InstanceNorm1d(3 channels, affine, running statistics)")
    #expect("\(LayerNorm(shape: [4], useBias: false))" == "LayerNorm([4], no bias)")
    #expect("\(GroupNorm(groups: 2, channels: 4))" == "GroupNorm(2 groups, 4 channels)")
  }

  @Test func `Wrong inputs are named with what was expected`() async {
    let single = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      withMode(.training) { _ = BatchNorm1d(channels: 3)(Tensor.zeros([1, 3])) }
    }
    #expect(
      errors(single).contains(
        "BatchNorm1d: training needs more than one element in each channel; the input is [1, 3]"))
    let rank = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BatchNorm2d(channels: 3)(Tensor.zeros([1, 4, 2, 2]))
    }
    #expect(
      errors(rank).contains(
        "BatchNorm2d: an input of shape [1, 4, 2, 2] does not fit: expected [batch, 3, a, b]"))
    let layer = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Sequential { LayerNorm(shape: [3, 4]) }(Tensor.zeros([5, 4]))
    }
    #expect(
      errors(layer).contains(
        "LayerNorm (layer 0): an input of shape [5, 4] does not fit: expected [..., 3, 4]"))
    let groups = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GroupNorm(groups: 3, channels: 4)
    }
    #expect(errors(groups).contains("GroupNorm: 4 channels do not make 3 groups"))
  }
}
