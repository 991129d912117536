import Adjoint
import Testing

@Suite("Complex tensors")
struct ComplexTensorTests {
  @Test("show both parts as tensors are shown")
  func description() {
    let z = ComplexTensor(real: Tensor([1, 2]), imaginary: Tensor([0, -0.5]))
    #expect(z.description == "real\n\(z.real)\nimaginary\n\(z.imaginary)")
    #expect("\(z)".contains("-0.5"))
  }
}
