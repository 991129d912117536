import Adjoint

// Rows for Fourier transforms. Lengths are given, so that the input may have one element or none;
// both parts of the result are weighted differently, and bent, so that order 2 finds something.

extension GradientTable {
  private static func bent(_ z: ComplexTensor) -> Tensor { sin(z.real) + square(z.imaginary) }

  private static func complex(
    _ name: String, _ operation: String = "fft", _ shape: Shape = [2, 3],
    _ f: @escaping @Sendable (ComplexTensor) -> Tensor
  ) -> GradientRow {
    GradientRow(
      name: name, operations: [operation], shapes: [shape, shape],
      function: { f(ComplexTensor(real: $0[0], imaginary: $0[1])) })
  }

  private static func real(
    _ name: String, _ operation: String = "rfft", _ shape: Shape = [2, 3],
    _ f: @escaping @Sendable (Tensor) -> Tensor
  ) -> GradientRow {
    GradientRow(name: name, operations: [operation], shapes: [shape], function: { f($0[0]) })
  }

  static let fourier: [GradientRow] = [
    complex("fft of as many elements") { bent(fft($0, count: 3)) },
    complex("fft filled up along axis 0") { bent(fft($0, count: 5, axis: 0)) },
    complex("fft cut short, ortho") { bent(fft($0, count: 2, normalization: .ortho)) },
    complex("ifft along axis 0, forward") {
      bent(ifft($0, count: 4, axis: -2, normalization: .forward))
    },
    complex("fft by convolution with a chirp", "fft", [5]) { bent(fft($0, count: 67)) },
    complex("fft as a matrix", "fft", [3]) { bent(fft($0, count: 96)) },
    complex("fft along two axes") { bent(fft($0, counts: [2, 4], axes: [1, 0])) },
    complex("ifft along two axes, ortho") {
      bent(ifft($0, counts: [3, 2], axes: [-2, -1], normalization: .ortho))
    },
    real("fft of real numbers", "fft") { bent(fft(ComplexTensor($0), count: 4)) },
    complex("fft of which only one part is used") { square(fft($0, count: 3).imaginary) },
    real("rfft of odd length") { bent(rfft($0, count: 3)) },
    real("rfft of even length along axis 0") { bent(rfft($0, count: 4, axis: 0)) },
    real("rfft cut short, forward") { bent(rfft($0, count: 2, normalization: .forward)) },
    real("rfft along two axes") { bent(rfft($0, counts: [3, 4], axes: [0, 1])) },
    complex("irfft of even length", "irfft") { sin(irfft($0, count: 4)) },
    complex("irfft of odd length along axis 0", "irfft") { sin(irfft($0, count: 5, axis: 0)) },
    complex("irfft cut short, ortho", "irfft") {
      sin(irfft($0, count: 2, normalization: .ortho))
    },
    complex("irfft along two axes", "irfft") { sin(irfft($0, counts: [3, 6], axes: [0, 1])) },
    complex("hfft", "irfft") { sin(hfft($0, count: 4)) },
    real("ihfft") { bent(ihfft($0, count: 5)) },
    real("a filter of spectra", "irfft", [2, 3]) {
      let spectrum = rfft($0, count: 6)
      return irfft(spectrum * spectrum.conjugate, count: 6)
    },
    GradientRow(
      name: "fftConvolve", operations: ["irfft"], shapes: [[2, 3], [4]], fixedSizes: [3, 4],
      function: { sin(fftConvolve($0[0], $0[1])) }),
    real("fftShifted and ifftShifted", "concatenated", [3, 2]) {
      sin($0.fftShifted()) * $0.ifftShifted(axes: [0])
    },
    complex("complex arithmetic", "/", [2]) { z in
      let w = z * z + exp(-z) - z.conjugate
      return bent(w / (z + ComplexTensor(real: z.real + 5, imaginary: z.imaginary)))
    },
    complex("complex matmul", "matmul", [2, 2]) { bent(matmul($0, $0 * $0.real)) },
    GradientRow(
      name: "magnitude and phase of complex numbers", operations: ["sqrt"], shapes: [[5], [5]],
      domain: .offZero,
      function: {
        let z = ComplexTensor(real: $0[0], imaginary: 0.3 + $0[1])
        let polar = ComplexTensor(magnitude: z.magnitude, phase: 2 * z.phase)
        return bent(polar) + z.squaredMagnitude
      }),
  ]
}
