import Adjoint
import Testing

@Suite("Dtypes")
struct DTypeTests {
  @Test("have names, sizes and a kind")
  func properties() {
    #expect(
      DType.allCases.map(\.description) == [
        "float32", "float64", "int64", "int32", "uint8", "bool",
      ])
    #expect(DType.allCases.map(\.byteCount) == [4, 8, 8, 4, 1, 1])
    #expect(DType.allCases.filter(\.isFloatingPoint) == [.float32, .float64])
  }

  @Test("filled tensors hold the number as a cast would give it", arguments: DType.allCases)
  func filled(_ dtype: DType) {
    for value in [0, 1, -1, 2.9, 300, 1e30, -1e30, Double.nan] {
      let cast = Tensor([value], dtype: .float64).cast(to: dtype)
      expectIdentical(Tensor.full([1], value, dtype: dtype), cast, "\(value)")
      expectIdentical(Tensor(value, dtype: dtype).reshaped(1), cast, "\(value)")
    }
  }
}
