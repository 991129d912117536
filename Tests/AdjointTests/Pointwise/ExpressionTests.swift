import Adjoint
import Foundation
import Testing

@Suite("Pending expressions")
struct ExpressionTests {
  private let count = 100_003

  private func samples(_ seed: UInt64) -> [Double] {
    var generator = Generator(seed: seed)
    return (0..<count).map { _ in Double.random(in: -2...2, using: &generator) }
  }

  @Test("a long expression equals its steps, computed one by one")
  func longExpression() {
    let (a, b) = (samples(1), samples(2))
    let (x, y) = (Tensor(a, dtype: .float64), Tensor(b, dtype: .float64))
    var result = x
    var expected = a
    // More instructions than one program takes.
    for step in 0..<70 {
      switch step % 5 {
      case 0: (result, expected) = (result + y, zip(expected, b).map { $0 + $1 })
      case 1: (result, expected) = (result * 0.5, expected.map { $0 * 0.5 })
      case 2: (result, expected) = (maximum(result, x), zip(expected, a).map { Swift.max($0, $1) })
      case 3: (result, expected) = (abs(result) - 1, expected.map { Swift.abs($0) - 1 })
      default:
        (result, expected) = (result / (1 + y * y), zip(expected, b).map { $0 / (1 + $1 * $1) })
      }
    }
    expectClose(result, Tensor(expected, dtype: .float64))
  }

  @Test("elementary functions inside an expression keep their accuracy")
  func elementary() {
    let a = samples(3)
    let x = Tensor(a, dtype: .float64)
    let y = 0.5 * x * (1 + tanh(0.7978845608 * (x + 0.044715 * x * x * x))) + sin(x) * exp(-x * x)
    let expected = a.map { v in
      0.5 * v * (1 + tanh(0.7978845608 * (v + 0.044715 * v * v * v))) + sin(v) * exp(-v * v)
    }
    expectClose(y, Tensor(expected, dtype: .float64), absolute: 1e-15, relative: 1e-14)
  }

  @Test("a result used in several expressions is the same in all of them")
  func sharedSubexpressions() {
    let a = samples(4)
    let x = Tensor(a, dtype: .float64)
    let shared = x * x + 1
    let results = (0..<6).map { shared * Double($0).asTensor + shared }
    let again = shared - 1
    for (index, result) in results.enumerated().reversed() {
      let expected = a.map { ($0 * $0 + 1) * Double(index) + ($0 * $0 + 1) }
      expectClose(result, Tensor(expected, dtype: .float64))
    }
    expectClose(again, Tensor(a.map { $0 * $0 + 1 - 1 }, dtype: .float64))
    expectClose(shared, Tensor(a.map { $0 * $0 + 1 }, dtype: .float64))
  }

  @Test("expressions over a smaller pending operand are computed once, in its own shape")
  func smallerOperand() {
    let row = exp(Tensor.linspace(0, 1, count: 1000, dtype: .float64))
    let column = Tensor.linspace(-1, 1, count: 300, dtype: .float64).reshaped(300, 1) * 2
    let grid = row * column + row
    let (r, c) = (row.scalars, column.scalars)
    let expected = c.flatMap { c in r.map { $0 * c + $0 } }
    expectClose(grid, Tensor(expected, shape: [300, 1000]))
  }

  @Test("dtypes change inside one expression")
  func mixedDTypes() {
    let a = samples(5)
    let x = Tensor(a, dtype: .float64)
    let bytes = (x * 100).cast(to: .uint8)
    let mixed = `where`(
      bytes .> 100, bytes.cast(to: .float64), x.cast(to: .float32).cast(to: .float64))
    let expected = a.map { v -> Double in
      let byte = UInt8(min(max((v * 100).rounded(.towardZero), 0), 255))
      return byte > 100 ? Double(byte) : Double(Float(v))
    }
    expectClose(mixed, Tensor(expected, dtype: .float64))
  }

  @Test("integers wrap and casts saturate, inside expressions as alone")
  func integers() {
    let base = [Int.max, Int.min, -1, 0, 1, 1 << 40]
    let many = (0..<5000).map { base[$0 % base.count] }
    let x = Tensor(many)
    #expect((x + 1).scalars(as: Int.self) == many.map { $0 &+ 1 })
    #expect((x * 3 - x).scalars(as: Int.self) == many.map { $0 &* 3 &- $0 })
    #expect((-x).scalars(as: Int.self) == many.map { 0 &- $0 })
    #expect(
      x.cast(to: .int32).scalars(as: Int32.self) == many.map { Int32(truncatingIfNeeded: $0) })
    #expect(
      x.cast(to: .uint8).scalars(as: UInt8.self) == many.map { UInt8(truncatingIfNeeded: $0) })
    #expect(x.sum().scalar == Double(many.reduce(0, &+)))
    let floats = [Double.nan, .infinity, -.infinity, 1e300, -1e300, 2.9, -2.9, 0x1p63, -0x1p63]
    let f = Tensor((0..<900).map { floats[$0 % 9] }, dtype: .float64)
    let wanted = [0, Int.max, Int.min, Int.max, Int.min, 2, -2, Int.max, Int.min]
    func expectCast(_ dtype: DType, _ clamped: (Int) -> Int) {
      let all: [Int] = (0..<900).map { clamped(wanted[$0 % 9]) }
      let found: [Int] = f.cast(to: dtype).scalars(as: Int.self)
      #expect(found == all, "\(dtype)")
    }
    expectCast(.int64) { $0 }
    expectCast(.int32) { Int(Int32(clamping: $0)) }
    expectCast(.uint8) { Int(UInt8(clamping: $0)) }
  }

  @Test("an operand may be larger than any single instruction's input: outputs of every dtype")
  func outputsOfEveryDType() {
    let x = Tensor.linspace(-3, 3, count: count, dtype: .float64)
    let values = x.scalars
    for dtype in DType.allCases {
      let y = (x * 2).cast(to: dtype)
      #expect(y.dtype == dtype)
      let expected: [Double] = values.map { v in
        switch dtype {
        case .float32: Double(Float(v * 2))
        case .float64: v * 2
        case .int64, .int32: (v * 2).rounded(.towardZero)
        case .uint8: Swift.max((v * 2).rounded(.towardZero), 0)
        case .bool: v != 0 ? 1 : 0
        }
      }
      expectClose(y.cast(to: .float64), Tensor(expected, dtype: .float64), "\(dtype)")
    }
  }

  @Test("equal parts of an expression are one, and each result has memory of its own")
  func equalParts() {
    let x = Tensor.linspace(-2, 2, count: count, dtype: .float64)
    func part() -> Tensor { exp(-(x * x)) }
    var (a, b) = (part() + part() * part(), part())
    let (c, d) = (part(), part() - part())
    materialize([a, b, c, d])
    b += 1
    a += b
    for (index, value) in x.scalars.enumerated() where index % 97 == 0 {
      let e = part()[index].scalar
      #expect(abs(e - Foundation.exp(-value * value)) < 1e-14)
      #expect(a[index].scalar == (e + e * e) + (e + 1))
      #expect(c[index].scalar == e && d[index].scalar == 0)
    }
  }

  @Test("tensors of several shapes that need one another are evaluated together")
  func evaluatesTogether() {
    let x = Tensor.arange(1000).cast(to: .float32)
    let shared = sqrt(x + 1)
    let row = shared * 2
    let table = Tensor.ones([3, 1000]) * row + shared
    let column = table.sliced(0..<1, axis: 1) + row[0]
    // The same values again, far more of one shape than fit into one program.
    let many = (0..<40).map { row + Double($0) }
    let sums = many.dropFirst().reduce(many[0], +)
    materialize([table, row, column, sums, shared] + many)
    let root = (0..<1000).map { Double(Float($0 + 1).squareRoot()) }
    expectClose(shared, Tensor(root).cast(to: .float32))
    expectClose(row, Tensor(root.map { 2 * $0 }).cast(to: .float32))
    expectClose(table, stacked([row + shared, row + shared, row + shared]), relative: 1e-6)
    expectClose(column, Tensor([[5.0], [5.0], [5.0]]).cast(to: .float32))
    expectClose(many[39], row + 39)
    expectClose(sums, Tensor(root.map { 80 * $0 + 780 }).cast(to: .float32), relative: 1e-5)
  }
}

extension Double {
  fileprivate var asTensor: Tensor { Tensor(self, dtype: .float64) }
}
