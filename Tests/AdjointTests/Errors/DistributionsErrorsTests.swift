import Adjoint
import Testing

@Suite("Errors of distributions")
struct DistributionsErrorsTests {
  @Test("name the parameter and the value that is wrong")
  func parameters() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Normal(mean: 0, standardDeviation: Tensor([1, -2]))
      }, says: "Normal: standardDeviation must be positive and finite, but -2.0 is not")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Gamma(concentration: .init(floatLiteral: .nan), rate: 1)
      }, says: "Gamma: concentration must be positive and finite, but nan is not")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Bernoulli(probability: 1.5)
      }, says: "Bernoulli: probability must be between 0 and 1, but 1.5 is not")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Uniform(lower: Tensor([0, 3]), upper: 2)
      }, says: "Uniform: lower must be less than upper, but 3.0 is not less than 2.0")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Binomial(count: 2.5, probability: 0.5)
      }, says: "Binomial: count must be whole, but 2.5 is not")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Multinomial(count: -1, category: Categorical(logits: Tensor([0, 0])))
      }, says: "Multinomial: count must not be negative, but -1 is")
  }

  @Test("name shapes and dtypes that do not fit")
  func shapes() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Normal(mean: Tensor.zeros([2]), standardDeviation: Tensor.ones([3]))
      }, says: "Normal: the parameters do not broadcast: mean [2], standardDeviation [3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Poisson(rate: Tensor([1, 2] as [Int]))
      }, says: "Poisson: parameters must be floating, not int64; cast first")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = MultivariateNormal(mean: Tensor.zeros([2]), scaleTril: Tensor.eye(3))
      }, says: "MultivariateNormal: mean [2] and scaleTril [3, 3] must be [..., k] and [..., k, k]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = MultivariateNormal(mean: Tensor.zeros([2]), scaleTril: Tensor.ones([2, 2]))
      }, says: "MultivariateNormal: scaleTril must be lower triangular")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Categorical(probabilities: Tensor([[0, 1], [0, 0]]))
      }, says: "Categorical: the sum of probabilities must be positive and finite, but 0.0 is not")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Categorical(logits: Tensor([0, 1])).logProbability(of: Tensor(2).cast(to: .int64))
      }, says: "Categorical: index 2 is out of range: there are 2 categories", at: "")
  }

  @Test("of choosing say what cannot be drawn")
  func choosing() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([1, 2]).choice(3)
      }, says: "choice: cannot draw 3 of 2 slices without replacement")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([1, 2]).choice(2, weights: Tensor([1, 0]))
      }, says: "choice: only 1 weights are positive, which is too few to draw 2")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.integers([2], in: 3..<3)
      }, says: "integers: the range 3..<3 is empty")
  }

  @Test("of second derivatives of rejection say that there are none")
  func secondDerivatives() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = gradient(at: Tensor(2)) { a in
          gradient(at: a) { a in
            var generator = Generator(seed: 1)
            return Gamma(concentration: a, rate: 1).sample(using: &generator)
          }
        }
      }, says: "sample: draws of gamma, beta and t distributions have first derivatives only",
      at: "Rejection")
  }
}
