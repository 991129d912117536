import Adjoint
import Testing

@Suite("Tensors")
struct TensorTests {
  @Test("literals take the dtype of the operand beside them")
  func literals() {
    let double = Tensor([1.0, 2.0], dtype: .float64)
    #expect((double * 2).dtype == .float64 && (1 - double).dtype == .float64)
    let thirds: [Double] = [1 / 3, 2 / 3]
    #expect((double / 3).scalars == thirds, "not by way of float32")
    #expect(maximum(double, 0.1).dtype == .float64 && pow(2, double).dtype == .float64)
    #expect(`where`(double .> 1, 1, double).dtype == .float64)
    let integers = Tensor([1, 2] as [Int])
    #expect((integers * 3 + 1).scalars(as: Int.self) == [4, 7])
    #expect((Tensor([250] as [UInt8]) + 10).scalars(as: UInt8.self) == [4])
    let alone: Tensor = 2.5
    #expect(alone.dtype == .float32 && alone.rank == 0 && alone.scalar == 2.5)
  }

  @Test("arithmetic of numbers that Swift reads as tensors still takes the dtype beside it")
  func literalArithmetic() {
    let x = Tensor([1.0, 2.0], dtype: .float64)
    let n = 3
    expectClose(x * (Double(n) / 10), Tensor([0.3, 0.6], dtype: .float64), relative: 1e-15)
    expectClose(x - 0.1 * Double(n) + 1, Tensor([1.7, 2.7], dtype: .float64), relative: 1e-15)
    let third: Tensor = 1
    expectClose(x * (third / 3), Tensor([1 / 3.0, 2 / 3.0], dtype: .float64), relative: 1e-15)
    #expect((third / 3).dtype == .float32)
  }

  @Test("Swift arrays become tensors of their dtype, literals of numbers float32")
  func fromArrays() {
    #expect(Tensor([1, 2, 3]).dtype == .float32)
    #expect(Tensor([[1, 2], [3, 4]]).dtype == .float32)
    #expect(Tensor([0.5, 1]).dtype == .float32)
    #expect(Tensor([1, 2], dtype: .int64).dtype == .int64)
    let integers = [1, 2, 3]
    #expect(Tensor(integers).dtype == .int64)
    #expect(Tensor([1, 2] as [Float]).dtype == .float32)
    #expect(Tensor([1, 2] as [Int32]).dtype == .int32)
    #expect(Tensor([1, 2] as [UInt8]).dtype == .uint8)
    #expect(Tensor([true, false]).dtype == .bool)
    #expect(Tensor([[1, 2, 3], [4, 5, 6]]).shape == [2, 3])
    expectClose(Tensor([[[1, 2]], [[3, 4]]]), Tensor([1, 2, 3, 4]).reshaped(2, 1, 2))
    #expect(Tensor([[true], [false]]).shape == [2, 1])
    #expect(Tensor([] as [Float]).shape == [0])
    #expect(Tensor([1, 2, 3, 4] as [Int], shape: [2, 2], dtype: .uint8).dtype == .uint8)
  }

  @Test("scalars come back in row-major order and converted")
  func scalars() {
    let x = Tensor([[1.5, -2.5], [300, 0]])
    #expect(x.scalars == [1.5, -2.5, 300, 0])
    #expect(x.transposed().scalars == [1.5, 300, -2.5, 0])
    #expect(x.scalars(as: Int.self) == [1, -2, 300, 0])
    #expect(x.scalars(as: UInt8.self) == [1, 0, 255, 0])
    #expect(x.scalars(as: Bool.self) == [true, true, true, false])
    #expect(x[1][0].scalar == 300)
  }

  @Test("bytes are little-endian and come back", arguments: DType.allCases)
  func bytes(_ dtype: DType) {
    let x = Tensor([[0, 1, 2], [3, 100, 255]]).cast(to: dtype)
    let bytes = x.transposed().bytes()
    #expect(bytes.count == 6 * dtype.byteCount)
    expectIdentical(Tensor(bytes: bytes, shape: [3, 2], dtype: dtype), x.transposed())
    if dtype == .int32 { #expect(Array(bytes[4..<8]) == [3, 0, 0, 0]) }
    if dtype == .float32 { #expect(Array(bytes[8..<12]) == [0, 0, 0x80, 0x3f]) }
  }

  @Test("bytes of a bool other than 0 and 1 are true")
  func oddBools() {
    let x = Tensor(bytes: [0, 1, 2, 255], shape: [4], dtype: .bool)
    #expect(x.bytes() == [0, 1, 1, 1] && x.sum().scalar == 3)
  }

  @Test("filled tensors, ranges and the identity")
  func creation() {
    #expect(Tensor.zeros([2, 2]).scalars == [0, 0, 0, 0])
    #expect(Tensor.full([3], 7, dtype: .int32).scalars(as: Int32.self) == [7, 7, 7])
    #expect(Tensor.ones([2], dtype: .bool).scalars(as: Bool.self) == [true, true])
    #expect(Tensor.arange(4).scalars(as: Int.self) == [0, 1, 2, 3])
    #expect(Tensor.arange(0).shape == [0] && Tensor.arange(-3).shape == [0])
    #expect(Tensor.arange(1, 2, step: 0.25).scalars == [1, 1.25, 1.5, 1.75])
    #expect(Tensor.arange(3, 0, step: -1).scalars == [3, 2, 1])
    #expect(Tensor.arange(0, 1, step: 0.1, dtype: .float64).elementCount == 10)
    #expect(Tensor.arange(1, 0).elementCount == 0)
    let line = Tensor.linspace(-1, 2, count: 7, dtype: .float64).scalars
    #expect(line == [-1, -0.5, 0, 0.5, 1, 1.5, 2])
    #expect(Tensor.linspace(0.1, 0.7, count: 9, dtype: .float64).scalars.last == 0.7)
    #expect(
      Tensor.linspace(3, 9, count: 1).scalars == [3]
        && Tensor.linspace(0, 1, count: 0).elementCount == 0)
    expectClose(Tensor.eye(2, dtype: .float64), Tensor([[1, 0], [0, 1]], dtype: .float64))
  }

  @Test("a huge constant takes no memory until it is read")
  func lazyConstants() {
    let x = Tensor.full([1 << 20, 1 << 20], 2)
    #expect(x.shape == [1 << 20, 1 << 20])
    #expect(x.dtype == .float32)
  }

  @Test("every copy of a tensor is its own value")
  func valueSemantics() {
    let a = Tensor([1, 2, 3])
    var b = a
    b += 1
    b *= a
    #expect(a.scalars == [1, 2, 3] && b.scalars == [2, 6, 12])
    var c = b
    c -= b
    c /= 4
    #expect(b.scalars == [2, 6, 12] && c.scalars == [0, 0, 0])
  }
}
