import Adjoint
import Testing

@Suite("Dropout of channels, alpha dropout and random activations")
struct DropoutVariantsTests {
  @Test("channels are kept or zeroed as a whole, the right share of them")
  func channels() {
    var generator = Generator(seed: 3)
    let y = channelDropout(Tensor.ones([100, 50, 2, 3]), rate: 0.2, using: &generator)
    let sums = y.sum(axes: [2, 3])
    let means = (sums / 6).reshaped([100, 50, 1, 1])
    expectClose(y, means.broadcast(to: y.shape), absolute: 1e-6)
    let kept = sums.countNonzero().scalar
    #expect(abs(kept - 4000) < 6 * 28.3)
    expectClose(sums.max(), Tensor(7.5), absolute: 1e-5)
  }

  @Test("alpha dropout keeps mean 0 and variance 1 of normal numbers")
  func moments() {
    var generator = Generator(seed: 4)
    let x = Tensor.normal([200_000], dtype: .float64, using: &generator)
    let y = alphaDropout(x, rate: 0.3, using: &generator)
    #expect(abs(y.mean().scalar) < 0.015)
    #expect(abs(y.variance().scalar - 1) < 0.02)
    let dropped = y.unique().counts.max().scalar
    #expect(abs(dropped - 60_000) < 6 * 205)
  }

  @Test("a rate of 0 changes nothing, and the scoped generator repeats itself")
  func scoped() {
    let x = Tensor.linspace(-1, 1, count: 24).reshaped(2, 3, 4)
    var generator = Generator(seed: 5)
    expectIdentical(alphaDropout(x, rate: 0, using: &generator), x)
    expectIdentical(channelDropout(x, rate: 0, using: &generator), x)
    let functions: [(Tensor) -> Tensor] = [
      { alphaDropout($0, rate: 0.5) }, { channelDropout($0, rate: 0.5) }, { rrelu($0) },
      { gumbelSoftmax($0) },
    ]
    for f in functions {
      let first = withGenerator(seed: 9) { f(x) }
      expectIdentical(withGenerator(seed: 9) { f(x) }, first)
      #expect(withGenerator(seed: 10) { f(x) }.bytes() != first.bytes())
    }
  }

  @Test("slopes of rrelu lie in their range, and differ")
  func slopes() {
    var generator = Generator(seed: 6)
    let y = rrelu(Tensor.full([1000], -1), slopes: 0.25...0.5, using: &generator)
    #expect(y.max().scalar <= -0.25 && y.min().scalar >= -0.5)
    #expect(abs(y.mean().scalar + 0.375) < 0.02)
    expectClose(rrelu(Tensor([1, 5]), using: &generator), [1, 5])
  }

  @Test("a hard draw is exactly one 1, as often as its probability, with the soft derivative")
  func hardDraws() {
    let weights = Tensor([0.1, 0.6, 0.3])
    let logits = log(weights).broadcast(to: [20_000, 3])
    var generator = Generator(seed: 7)
    let hard = gumbelSoftmax(logits, temperature: 0.5, hard: true, using: &generator)
    expectClose(hard.sum(axes: [1]), Tensor.ones([20_000]))
    #expect(((hard .== 0) .| (hard .== 1)).all().scalar == 1)
    expectClose(hard.mean(axes: [0]), weights, absolute: 0.02)

    let x = Tensor([[0.3, -0.2, 1], [0, 0.5, -1]], dtype: .float64).tracked()
    let factors = Tensor([1, 2, 4], dtype: .float64)
    func gradient(hard: Bool) -> Tensor {
      var generator = Generator(seed: 8)
      let y = gumbelSoftmax(x, temperature: 0.7, hard: hard, using: &generator)
      return gradients(of: (y * factors).sum(), withRespectTo: [x])[0]
    }
    expectClose(gradient(hard: true), gradient(hard: false), absolute: 1e-14)
    #expect(abs(gradient(hard: true)).max().scalar > 0.01)
  }
}
