import Adjoint
import AdjointNN
import Testing

struct ReparametrizationTests {
  @Test func `A weight norm starts with the layer's weight and hides it`() throws {
    let dense = withGenerator(seed: 1) { Dense(inputSize: 4, outputSize: 3, dtype: .float64) }
    let x = random([5, 4])
    let before = dense(x)
    let layer = WeightNorm(dense)
    try expectClose(layer(x), before.scalars, shape: [5, 3])
    #expect(
      layer.namedParameters.map(\.name) == [
        "bias", "parametrizations.weight.original0", "parametrizations.weight.original1",
      ])
    // The direction's length does not matter, that of the magnitude does.
    layer.direction.value = layer.direction.value * 3
    try expectClose(layer(x), before.scalars)
    layer.magnitude.value = layer.magnitude.value * 2
    let bias = try #require(dense.bias).value
    try expectClose(layer(x) - bias, ((before - bias) * 2).scalars)
    #expect("\(layer)" == "WeightNorm(Dense(4 to 3))")
  }

  @Test func `A spectral norm makes the largest singular value 1`() throws {
    let layer = withGenerator(seed: 1) {
      SpectralNorm(Dense(inputSize: 6, outputSize: 4, dtype: .float64))
    }
    let x = random([5, 6])
    for _ in 0..<200 { withMode(.training) { _ = layer(x) } }
    #expect(abs(singularValues(layer.weight.detached).max().scalar - 1) < 1e-10)
    let state = layer.stateDictionary.mapValues(\.scalars)
    _ = layer(x)
    #expect(layer.stateDictionary.mapValues(\.scalars) == state)
    #expect(layer.namedParameters.map(\.name) == ["bias", "parametrizations.weight.original"])
    #expect(
      layer.namedBuffers.map(\.name) == [
        "parametrizations.weight.0._u", "parametrizations.weight.0._v",
      ])
  }

  @Test func `A layer used on its own afterwards still has its own weight`() {
    let dense = Dense(inputSize: 2, outputSize: 2, weightInitializer: .ones)
    let layer = WeightNorm(dense)
    layer.magnitude.value = layer.magnitude.value * 5
    _ = layer(Tensor.ones([1, 2]))
    #expect(dense.weight.value.scalars == [1, 1, 1, 1])
  }

  @Test func `Layers without a weight are refused`() async {
    let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = WeightNorm(ReLU())
    }
    #expect(errors(none).contains("WeightNorm: a ReLU has no parameter called weight"))
    let axis = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SpectralNorm(Dense(inputSize: 2, outputSize: 3), axis: 2)
    }
    #expect(errors(axis).contains("SpectralNorm: the weight [3, 2] has no axis 2"))
  }
}
