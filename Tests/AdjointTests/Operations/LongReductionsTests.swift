import Adjoint
import Foundation
import Testing

@Suite("Long reductions")
struct LongReductionsTests {
  /// Around the lengths at which an axis is cut into parts.
  @Test(
    "over one long axis agree with loops",
    arguments: [1, 15, 65, 4095, 16_384, 65_535, 65_536, 65_537, 81_920, 131_071, 300_001])
  func oneAxis(_ count: Int) {
    var generator = Generator(seed: UInt64(count))
    let values = (0..<count).map { _ in Double(Int.random(in: -4000 ... -1, using: &generator)) / 8
    }
    let total = values.reduce(0, +)
    for dtype in [DType.float32, .float64] {
      let x = Tensor(values, dtype: dtype)
      // Multiples of 1/8 of this size are summed exactly in double precision.
      expectClose(x.sum(), Tensor(total, dtype: dtype))
      expectClose(x.mean(), Tensor(total / Double(count), dtype: dtype), relative: 1e-7)
      #expect(x.max().scalar == values.max())
      #expect(x.min().scalar == values.min())
      #expect(x.argMax().scalar == Double(values.firstIndex(of: values.max() ?? 0) ?? -1))
      #expect(x.argMin().scalar == Double(values.firstIndex(of: values.min() ?? 0) ?? -1))
    }
    let integers = values.map { Int($0 * 8) }
    for dtype in [DType.int64, .int32] {
      #expect(Tensor(integers).cast(to: dtype).sum().scalar == total * 8)
      #expect(Tensor(integers).cast(to: dtype).max().scalar == (values.max() ?? 0) * 8)
    }
    let small: [UInt8] = integers.map { UInt8(truncatingIfNeeded: $0) }
    let bytes = Tensor(small)
    let sum = small.reduce(0) { $0 + Int($1) }
    #expect(bytes.sum().scalar == Double(sum))
    #expect((bytes .> 100).sum().dtype == .int64)
  }

  @Test(
    "over the axis between others agree with loops",
    arguments: [[2, 70_000, 3], [3, 65_536, 1], [1, 98_304, 2]])
  func middleAxis(_ sizes: [Int]) {
    let (outer, length, inner) = (sizes[0], sizes[1], sizes[2])
    var generator = Generator(seed: 6)
    let values = (0..<outer * length * inner).map { _ in
      Double(Int.random(in: -4000 ... -1, using: &generator)) / 8
    }
    var (sums, largest) = ([Double](), [Double]())
    for row in 0..<outer {
      for column in 0..<inner {
        let slice = (0..<length).map { values[(row * length + $0) * inner + column] }
        sums.append(slice.reduce(0, +))
        largest.append(slice.max() ?? 0)
      }
    }
    for dtype in [DType.float32, .float64] {
      let x = Tensor(values, shape: Shape(sizes), dtype: dtype)
      expectClose(x.sum(axes: [1]), Tensor(sums, shape: [outer, inner], dtype: dtype))
      expectClose(x.max(axes: [1]), Tensor(largest, shape: [outer, inner], dtype: dtype))
    }
  }

  @Test("a float32 sum keeps small terms beside large ones")
  func accuracy() {
    // Plain float32 accumulation stops growing at 2^24.
    #expect(Tensor.ones([1 << 25]).sum().scalar == Double(1 << 25))
    let terms = Tensor.full([3_000_000], 0.1)
    #expect(Swift.abs(terms.sum().scalar / 300_000.0044703484 - 1) < 1e-7)
    let column = terms.reshaped(3000, 1000).sum(axes: [0]).scalars[7]
    #expect(Swift.abs(column / 300.0000044703484 - 1) < 1e-7)
  }

  @Test("one NaN among many is found by sum, max and min")
  func oneNaN() {
    for at in [0, 65_535, 99_999] {
      var values = [Float](repeating: 1, count: 100_000)
      values[at] = .nan
      let x = Tensor(values)
      #expect(x.sum().scalar.isNaN && x.max().scalar.isNaN && x.min().scalar.isNaN)
      #expect(x.argMax().scalar == Double(at) && x.argMin().scalar == Double(at))
    }
  }

  /// Pending operands are computed piece by piece and never stand in memory as a whole.
  @Test(
    "of pending expressions give the bits of reductions of results",
    arguments: [[1_000_003], [3, 400_001], [999, 1_001], [40_000, 10], [2, 3, 100_000]] as [Shape])
  func pendingOperands(_ shape: Shape) {
    func expression(_ seed: UInt64) -> Tensor {
      var generator = Generator(seed: seed)
      let x = Tensor.normal(shape, using: &generator)
      return dropout(x * tanh(x) + 0.25, rate: 0.3, using: &generator)
    }
    let result = expression(1)
    materialize([result])
    expectIdentical(expression(1).sum(), result.sum())
    expectIdentical(expression(1).max(axes: [-1]), result.max(axes: [-1]))
    expectIdentical(expression(1).sum(axes: [-1]), result.sum(axes: [-1]))
    expectIdentical(expression(1).argMin(), result.argMin())
    let used = expression(1)
    expectIdentical(
      stacked([used.sum(), used.min(), used.max()]),
      stacked([result.sum(), result.min(), result.max()]))
    expectIdentical(used, result)
  }

  @Test("of a large pending expression take no memory for it")
  func pendingOperandsTakeNoMemory() {
    if ProcessInfo.processInfo.environment["ADJOINT_IMMEDIATE"] == "1" { return }
    // Other tests take memory too, but not a quarter of this.
    let x = Tensor.ones([1 << 27])
    let before = MemoryStatistics.current.peakBytes
    #expect((x * 0.5 + 1).sum().scalar == 1.5 * Double(1 << 27))
    #expect(MemoryStatistics.current.peakBytes - before < 1 << 27)
  }
}
