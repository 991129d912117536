import Adjoint
import Testing

@Suite("Errors of shapes and indices")
struct ShapingErrorsTests {
  @Test("of subscripts name the index, the axis and the shape")
  func subscripts() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3])[0, -4]
      },
      says: "subscript: index -4 is out of range for axis 1 of shape [2, 3], which has 3 elements")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3])[..., 1..<5]
      }, says: "subscript: 1 up to 5 is out of range for axis 1 of shape [2, 3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3])[.every(-1, from: 0, to: 1)]
      }, says: "subscript: 0 down to 1 is out of range for axis 0 of shape [2, 3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3])[.every(0)]
      }, says: "subscript: a step of 0 on axis 0 of shape [2, 3] leads nowhere")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3])[0, .all, 1]
      }, says: "subscript: there are indices for 3 axes, but shape [2, 3] has rank 2")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3])[.all, Tensor([0, 3] as [Int])]
      }, says: "subscript: index 3 is out of range: there are 3 elements along axis 1 of [2, 3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3])[Tensor([true, false, true])]
      }, says: "subscript: a mask of shape [3] does not fit shape [2, 3] from axis 0 on")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3])[Tensor([0.0, 1])]
      }, says: "subscript: indices must be integers, not float32")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3])[Tensor([0, 1] as [Int]), Tensor([0, 1, 2] as [Int])]
      }, says: "subscript: tensors of indices of shapes [2], [3] do not broadcast")
  }

  @Test("of assignments name the value and the place")
  func assignments() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        var x = Tensor.ones([2, 3])
        x[0] = Tensor.ones([2])
      }, says: "subscript: a value of shape [2] cannot be stretched to [3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        var x = Tensor.ones([2, 3])
        x[0] = Tensor.ones([3], dtype: .float64)
      }, says: "subscript: dtypes float32 and float64 differ; convert one operand with cast(to:)")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        var x = Tensor.ones([3])
        x[Tensor([true, false, true])] = Tensor.ones([3])
      }, says: "subscript: a value of shape [3] cannot be stretched to [2]")
  }

  @Test("of changes of shape name the shape and what does not fit")
  func shapes() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 6]).unflattened(axis: 1, into: [4, 2])
      }, says: "unflattened: axis 1 of shape [2, 6] has size 6, not that of [4, 2]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).flattened(from: 1, to: 0)
      }, says: "flattened: axis 1 of shape [2, 3] comes after axis 0")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).flipped(axes: [1, -1])
      }, says: "flipped: axes [1, -1] of shape [2, 3] name an axis twice")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([5]).split([2, 2])
      }, says: "split: axis 0 of shape [5] does not consist of parts [2, 2]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).padded([(3, 0)], with: .reflect)
      },
      says: "padded: 3 and 0 elements of reflect padding are too many for axis 1 of shape [2, 3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).padded([(-1, Int.max)])
      }, says: "padded: axis 1 of shape [2, 3] cannot grow by -1 and \(Int.max) elements")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).tiled([Int.max, 2])
      }, says: "tiled: [2, 3] cannot be tiled by [\(Int.max), 2]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).unfolded(size: 4)
      }, says: "unfolded: there are no windows of 4 elements every 1 on axis -1 of shape [2, 3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = tril(Tensor.ones([3]))
      }, says: "tril: needs matrices, not a tensor of shape [3]")
  }

  @Test("of gather and scatter name the indices and the shapes")
  func places() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).gatheringAlongAxis(Tensor([0, 1] as [Int]))
      }, says: "gatheringAlongAxis: shape [2, 3] and indices of shape [2] need the same rank")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).gatheringAlongAxis(Tensor([[0, -1]] as [[Int]]))
      },
      says: "gatheringAlongAxis: index -1 is out of range: there are 3 elements along axis -1 of")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).scattering(
          Tensor.ones([2]), at: Tensor([0] as [Int]), mode: .add)
      }, says: "scattering: values of shape [2] cannot be stretched to [1, 3], which indices of")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).taking(Tensor([6] as [Int]))
      }, says: "taking: index 6 is out of range: there are 6 elements in shape [2, 3]")
  }
}
