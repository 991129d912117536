import Adjoint
import Testing

/// What mistakes with the rarer functions say.
@Suite("Errors of rarer functions")
struct FurtherErrorsTests {
  @Test("name the dtype that is needed")
  func dtypes() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = gcd(Tensor([1.5]), Tensor([2.5]))
      }, says: "gcd: needs integer tensors, not float32")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = ldexp(Tensor([1.5]), Tensor([2.5]))
      }, says: "ldexp: the exponents must be integers, not float32")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = normalQuantile(Tensor([1] as [Int]))
      }, says: "normalQuantile: is not defined for int64; cast to a floating dtype first")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = fmax(Tensor.ones([2]), Tensor.ones([2], dtype: .float64))
      }, says: "fmax: dtypes float32 and float64 differ; convert one operand with cast(to:)")
  }

  @Test("name the shapes that do not fit")
  func shapes() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = prelu(Tensor.ones([2, 3]), slopes: Tensor.ones([2]))
      },
      says: "prelu: needs one slope, or one for each channel of [n, c, ...], not [2] for [2, 3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 1]).sampledSlope()
      }, says: "sampledSlope: axis 1 of shape [2, 1] needs at least two samples")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = embeddingBag(Tensor(1, dtype: .int64), weight: Tensor.ones([2, 2]))
      }, says: "embeddingBag: needs bags of indices [..., k], not shape []")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([24] as [Int]).unravelled(in: [2, 3, 4])
      }, says: "unravelled:")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = pairwiseDistances(within: Tensor.ones([3]))
      }, says: "pairwiseDistances: needs rows of coordinates [n, d], not [3]")
  }

  @Test("name the number that is out of range")
  func numbers() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = multigammaln(Tensor([3]), dimension: 0)
      }, says: "multigammaln: the dimension must be in 1 ... 1000, not 0")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 2]).renormalized(maximum: -1)
      }, says: "renormalized: the maximum must not be negative, but is -1.0")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = alphaDropout(Tensor.ones([2, 2]), rate: 1)
      }, says: "alphaDropout: needs a floating tensor and a rate in 0 ..< 1, not float32 and 1.0")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = gumbelSoftmax(Tensor.ones([2, 2]), temperature: 0)
      }, says: "gumbelSoftmax: the temperature must be positive, not 0.0")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 0]).mode()
      }, says: "mode: axis -1 of shape [2, 0] has no elements")
  }
}
