import Adjoint
import Testing

@Suite("Errors of short-time spectra, sampling and tensor systems")
struct SignalErrorsTests {
  @Test("of spectra name the signal, the pieces or the window")
  func spectra() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = stft(Tensor.ones([2, 4]), size: 8)
      },
      says: "stft: a signal of shape [2, 4] is too short to be mirrored at its ends by 4 elements")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = stft(Tensor.ones([2, 4]), size: 8, centered: false)
      }, says: "stft: a signal of shape [2, 4] has no piece of 8 elements")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = stft(Tensor.ones([20]), size: 8, hop: 0)
      }, says: "stft: needs a size and a hop of at least 1, not 8 and 0")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = stft(Tensor.ones([20]), size: 8, window: Tensor.ones([9], dtype: .float64))
      },
      says: "stft: the window must be a vector of at most 8 float32 numbers, not float64 [9]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = istft(ComplexTensor(Tensor.ones([4, 3])), size: 8)
      }, says: "istft: needs spectra [..., 5, pieces] for pieces of 8, not shape [4, 3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = istft(ComplexTensor(Tensor.ones([5, 3])), size: 8, hop: 9)
      }, says: "istft: windows every 9 elements leave some elements out; they must overlap")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = hannWindow(-1)
      }, says: "hannWindow: needs a count of at least 0 and a floating dtype, not -1 and float32")
  }

  @Test("of sampling name the images, the grid or the maps")
  func sampling() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = gridSample(Tensor.ones([2, 1, 4, 4]), Tensor.ones([2, 5, 5, 3]))
      },
      says: "gridSample: images of shape [2, 1, 4, 4] need a grid [2, n, n, 2], not [2, 5, 5, 3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = gridSample(Tensor.ones([2, 1, 4, 4]), Tensor.ones([2, 5, 5, 2], dtype: .float64))
      }, says: "gridSample: dtypes float32 and float64 differ; convert one operand with cast(to:)")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = gridSample(Tensor.ones([2, 1, 0, 4]), Tensor.ones([2, 5, 5, 2]))
      }, says: "gridSample: the images of shape [2, 1, 0, 4] have no elements")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = affineGrid(Tensor.ones([2, 3]), size: [4, 4])
      },
      says: "affineGrid: 2 sizes need floating maps of shape [batch, 2, 3], not float32 [2, 3]")
  }

  @Test("of systems name both shapes")
  func systems() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = luSolve(lu(Tensor.ones([4, 3])), Tensor.ones([4]))
      },
      says: "luSolve: needs the factors of square matrices, all of one shape, not [4, 4], [4, 3] "
        + "and [3, 3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = luSolve(lu(Tensor.eye(3)), Tensor.ones([4]))
      }, says: "luSolve: right-hand sides of shape [4] do not fit matrices of shape [3, 3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = tensorSolve(Tensor.ones([2, 3, 5]), Tensor.ones([2, 3]))
      },
      says: "tensorSolve: [2, 3, 5] is not the shape [2, 3] of the right-hand side followed by one "
        + "of as many elements")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = tensorInverse(Tensor.ones([2, 3, 5]))
      },
      says: "tensorInverse: the first 2 axes of shape [2, 3, 5] need as many elements as the others"
    )
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = tensorInverse(Tensor.ones([2, 2]), leadingAxes: 1)
      }, says: "inverse: ")
  }
}
