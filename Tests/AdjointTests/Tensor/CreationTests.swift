import Adjoint
import Testing

@Suite("Creation")
struct CreationTests {
  @Test("tensors like another have its shape and dtype", arguments: DType.allCases)
  func like(_ dtype: DType) {
    let x = Tensor.zeros([2, 3], dtype: dtype)
    expectIdentical(Tensor.zeros(like: x), x)
    expectIdentical(Tensor.ones(like: x), Tensor.ones([2, 3], dtype: dtype))
    expectIdentical(Tensor.full(like: x, 7), Tensor.full([2, 3], 7, dtype: dtype))
  }

  @Test("a logarithmic range has its ends and equal ratios")
  func logspace() {
    let x = Tensor.logspace(-1, 2, count: 4, dtype: .float64)
    expectClose(x, [0.1, 1, 10, 100], relative: 1e-15)
    #expect(Tensor.logspace(0, 1, count: 1).scalars == [1])
    #expect(Tensor.logspace(0, 1, count: 0).shape == [0])
    #expect(Tensor.logspace(0, 10, count: 11, base: 2, dtype: .int64)[-1].scalar == 1024)
  }

  @Test("an identity matrix may have more columns than rows, or fewer", arguments: DType.allCases)
  func eye(_ dtype: DType) {
    expectClose(Tensor.eye(2, columns: 3, dtype: dtype), [1, 0, 0, 0, 1, 0])
    expectClose(Tensor.eye(3, columns: 1, dtype: dtype), [1, 0, 0])
    #expect(Tensor.eye(2, dtype: dtype).dtype == dtype)
    #expect(Tensor.eye(0).shape == [0, 0])
  }
}
