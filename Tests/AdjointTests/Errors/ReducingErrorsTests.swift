import Adjoint
import Testing

@Suite("Errors of reductions, scans and sorting")
struct ReducingErrorsTests {
  @Test("name the axis and the shape")
  func axes() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).product(axes: [2])
      }, says: "product: axis 2 is out of range for shape [2, 3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).sorted(axis: -3)
      }, says: "sorted: axis -3 is out of range for shape [2, 3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).norm(axes: [1, -1])
      }, says: "norm: axes [1, 1] name an axis twice")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([]).cumulativeSum()
      }, says: "cumulativeSum: axis -1 is out of range for shape []")
  }

  @Test("say that there is nothing to choose from")
  func nothing() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 0]).median(axes: [1])
      }, says: "median: has no value over axes [1] of shape [2, 0]: they are empty")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([0]).norm(order: .infinity)
      }, says: "norm: has no value over axes [0] of shape [0]: they are empty")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).topK(4, axis: 1)
      }, says: "topK: there are no 4 elements along axis 1 of shape [2, 3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).kthValue(0)
      }, says: "kthValue: k is 0, but axis -1 of shape [2, 3] has elements 1 to 3")
  }

  @Test("name the dtype or the number that is out of range")
  func arguments() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([1, 2] as [Int]).variance()
      }, says: "variance: needs a floating dtype, not int64; cast first")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([3]).quantile(50)
      }, says: "quantile: needs a fraction in 0 ... 1, not 50.0")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([2, -1] as [Int]).binCount()
      }, says: "binCount: counts numbers from 0 on, one place each, not -1 to 2")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([1, .nan]).histogram(bins: 3)
      }, says: "histogram: there are no bins from nan to nan; pass a finite range")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([1, 2]).searchSorted(Tensor([1, 2] as [Int]))
      }, says: "searchSorted: dtypes float32 and int64 differ; convert one operand with cast(to:)")
  }

  @Test("of rows name both shapes")
  func rows() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = pairwiseDistances(Tensor.ones([2, 3]), Tensor.ones([2, 4]))
      },
      says: "pairwiseDistances: needs rows of equally many coordinates [n, d] and [m, d], not "
        + "[2, 3] and [2, 4]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = cosineSimilarity(Tensor.ones([2, 3]), Tensor.ones([4]))
      }, says: "cosineSimilarity: shapes [2, 3] and [4] do not broadcast")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).trapezoid(x: Tensor.ones([2]))
      },
      says: "trapezoid: the points must be float32 [3] or of the samples' shape [2, 3], not "
        + "float32 [2]")
  }
}
