import Adjoint
import AdjointNN
import Testing

struct RegularizationTests {
  /// Layers that disturb their input in training only.
  static let layers: [LayerRow] = [
    LayerRow("Dropout1d") { Dropout1d(rate: 0.25) },
    LayerRow("AlphaDropout") { AlphaDropout(rate: 0.25) },
    LayerRow("GaussianDropout") { GaussianDropout(rate: 0.25) },
    LayerRow("GaussianNoise") { GaussianNoise(standardDeviation: 0.5) },
  ]

  private func trained(_ layer: any Layer, _ x: Tensor, seed: UInt64 = 1) -> Tensor {
    withGenerator(seed: seed) { withMode(.training) { layer(x) } }
  }

  @Test(arguments: layers)
  func `Noise is for training, depends on the seed and has a gradient`(_ row: LayerRow) {
    let layer = row.make()
    let x = random([20, 30, 4])
    #expect(layer(x).scalars == x.scalars)
    #expect(trained(layer, x).scalars != x.scalars)
    #expect(trained(layer, x).scalars == trained(layer, x).scalars)
    #expect(trained(layer, x).scalars != trained(layer, x, seed: 2).scalars)
    let small = random([2, 3, 4])
    let report = withMode(.training) { checkGradients(of: layer, input: small) }
    #expect(report.passed, "\(report)")
  }

  @Test func `Spatial dropout drops whole channels`() {
    for (layer, axes) in [
      (Dropout1d(rate: 0.25), [7]), (Dropout2d(rate: 0.25), [3, 2]),
      (Dropout3d(rate: 0.25), [2, 2, 2]),
    ] as [(ChannelDropout, [Int])] {
      let y = trained(layer, Tensor.ones(Shape([100, 50] + axes)))
      let area = axes.reduce(1, *)
      let channels = y.reshaped([5000, area])
      let (low, high) = (channels.min(axes: [1]), channels.max(axes: [1]))
      #expect(low.scalars == high.scalars)
      #expect(Set(low.scalars) == [0, Double(Float(1 / 0.75))])
      let kept = (low .> 0).sum().scalar / 5000
      #expect(abs(kept - 0.75) < 0.025)
    }
  }

  @Test func `Alpha dropout keeps mean 0 and variance 1`() {
    let y = trained(AlphaDropout(rate: 0.25), random([400, 1000]))
    #expect(abs(y.mean().scalar) < 0.01)
    #expect(abs(y.variance().scalar - 1) < 0.01)
  }

  @Test func `Gaussian noise has the moments asked for`() {
    let ones = Tensor.ones([400, 1000], dtype: .float64)
    let factors = trained(GaussianDropout(rate: 0.2), ones)
    #expect(abs(factors.mean().scalar - 1) < 0.005)
    #expect(abs(factors.variance().scalar - 0.25) < 0.005)
    let noise = trained(GaussianNoise(standardDeviation: 0.5), ones) - 1
    #expect(abs(noise.mean().scalar) < 0.005)
    #expect(abs(noise.variance().scalar - 0.25) < 0.005)
  }

  @Test func `Rates and deviations that are impossible are refused`() async {
    let rate = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Dropout2d(rate: -0.1)
    }
    #expect(errors(rate).contains("Dropout2d: the rate must be in 0 ..< 1, not -0.1"))
    #expect(errors(rate).contains("RegularizationTests.swift"))
    let noise = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GaussianNoise(standardDeviation: .infinity)
    }
    #expect(errors(noise).contains("the standard deviation must not be negative, but is inf"))
    let rank = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Dropout2d(rate: 0.1)(Tensor.zeros([2, 3, 4]))
    }
    #expect(
      errors(rank).contains(
        "Dropout2d: an input of shape [2, 3, 4] does not fit: expected [batch, channels, a, b]"))
  }
}
