import Adjoint
import Testing

/// What mistakes with elementwise operations say.
@Suite("Errors of elementwise operations")
struct ElementaryErrorsTests {
  @Test("name the dtype where an operation has no meaning")
  func dtypes() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = gelu(Tensor([1, 2] as [Int]))
      }, says: "gelu: is not defined for int64; cast to a floating dtype first")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = remainder(Tensor([true]), Tensor([true]))
      }, says: "remainder: is not defined for bool")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([true]) & Tensor([false])
      }, says: "&: needs integer tensors, not bool; use .&", at: "")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([1, 2] as [Int]) .^ Tensor([1, 2] as [Int])
      }, says: ".^: needs bool tensors, not int64", at: "")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([1.5, 2]) << 1
      }, says: "<<: needs integer tensors, not float32", at: "")
  }

  @Test("name both shapes or both dtypes of two operands")
  func operands() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = atan2(Tensor.ones([2, 3]), Tensor.ones([4]))
      }, says: "atan2: shapes [2, 3] and [4] do not broadcast")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = lerp(Tensor.ones([2]), Tensor.ones([2]), weight: Tensor.ones([2], dtype: .float64))
      }, says: "lerp: dtypes float32 and float64 differ; convert one operand with cast(to:)")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = isClose(Tensor.ones([2]), Tensor.ones([3]))
      }, says: "isClose: shapes [2] and [3] do not broadcast")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = xlogy(Tensor.ones([2]), Tensor.ones([3]))
      }, says: "xlogy: shapes [2] and [3] do not broadcast")
  }

  @Test("name the bound, order or size that has no meaning")
  func parameters() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = clamp(Tensor.ones([2]))
      }, says: "clamp: needs min, max or both")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = clamp(Tensor([1, 2] as [Int]), min: 0.5)
      }, says: "clamp: the literal 0.5 has no int64 value")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = polygamma(-1, Tensor.ones([2]))
      }, says: "polygamma: the order must be in 0 ... 100, not -1")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = glu(Tensor.ones([2, 3]))
      }, says: "glu: axis -1 of shape [2, 3] has the odd size 3: it has no halves")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = hardtanh(Tensor.ones([2]), min: 2, max: 1)
      }, says: "hardtanh: min 2.0 must be below max 1.0")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = softshrink(Tensor.ones([2]), bound: -1)
      }, says: "softshrink: the bound must not be negative, but is -1.0")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = celu(Tensor.ones([2]), alpha: 0)
      }, says: "celu: alpha must be positive, not 0.0")
  }
}
