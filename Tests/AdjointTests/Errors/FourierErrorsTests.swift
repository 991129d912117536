import Adjoint
import Testing

@Suite("Errors of Fourier transforms")
struct FourierErrorsTests {
  @Test("name the axis, the length or the dtype")
  func transforms() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = fft(ComplexTensor(Tensor.ones([2, 3])), axis: 2)
      }, says: "fft: axis 2 is out of range for shape [2, 3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = rfft(Tensor.ones([2, 0]))
      }, says: "rfft: the length along axis -1 of shape [2, 0] is 0; at least 1 is needed")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = irfft(ComplexTensor(Tensor.ones([2, 1])))
      }, says: "irfft: the length along axis -1 of shape [2, 1] is 0; at least 1 is needed")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = rfft(Tensor([1, 2] as [Int]))
      }, says: "rfft: needs a floating dtype, not int64; cast first")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = fft(ComplexTensor(Tensor.ones([2, 3])), counts: [4], axes: [0, 1])
      }, says: "fft: 1 counts [4] for 2 axes [0, 1]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = ifft(ComplexTensor(Tensor.ones([2, 3])), axes: [1, -1])
      }, says: "ifft: axes [1, -1] name an axis twice")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = rfft(Tensor.ones([2, 3]), axes: [])
      }, says: "rfft: names no axis; at least one is needed")
  }

  @Test("name both parts, both shapes or the argument")
  func others() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = ComplexTensor(real: Tensor.ones([2, 3]), imaginary: Tensor.ones([3]))
      },
      says:
        "ComplexTensor: the parts must have one shape and one floating dtype, not float32 [2, 3] "
        + "and float32 [3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = fftConvolve(Tensor.ones([2, 3]), Tensor.ones([0]))
      }, says: "fftConvolve: needs tensors of one dtype with elements along axis -1, not float32")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = fftFrequencies(0)
      }, says: "fftFrequencies: needs at least one element, a spacing other than 0 and a floating")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).fftShifted(axes: [2])
      }, says: "fftShifted: axis 2 is out of range for shape [2, 3]")
  }
}
