import Adjoint
import Testing

@Suite("Sums are accurate for every layout")
struct ReductionAccuracyTests {
  /// 10^7 numbers of either sign and many sizes, whose sum is some thousandth of their magnitudes'.
  ///
  /// Never freed: other tests look at the memory in use.
  private static let tensor: Tensor = {
    var generator = Generator(seed: 21)
    let x = Tensor.uniform([10_000_000], in: -10...10, using: &generator)
    return x * x * x
  }()

  /// The sum to about 100 bits: what each addition loses is added up too.
  private func exact(_ numbers: [Float]) -> Double {
    var (sum, lost) = (0.0, 0.0)
    for number in numbers {
      let x = Double(number)
      let next = sum + x
      lost += sum.magnitude >= x.magnitude ? (sum - next) + x : (x - next) + sum
      sum = next
    }
    return sum + lost
  }

  private func expectNear(_ found: Double, _ wanted: Double) {
    let ulp = Double(Float(wanted).ulp)
    #expect(Swift.abs(found - wanted) <= ulp, "\(found) is more than 1 ulp (\(ulp)) from \(wanted)")
  }

  @Test("within a unit in the last place, along rows, columns and all at once")
  func layouts() {
    let x = Self.tensor
    let numbers = x.scalars(as: Float.self)
    expectNear(x.sum().scalar, exact(numbers))
    for (outer, length, inner) in [(1, 10_000, 1000), (1000, 10_000, 1), (10, 1000, 1000)] {
      let sums = x.reshaped(outer, length, inner).sum(axes: [1])
      for (row, column) in [(0, 0), (outer - 1, inner - 1), (outer / 2, inner / 3)] {
        let line = (0..<length).map { numbers[(row * length + $0) * inner + column] }
        expectNear(sums[row].reshaped(-1)[column].scalar, exact(line))
      }
    }
    // Neither the first axis nor the last.
    let outside = x[..<1_000_000].reshaped(10, 1000, 100).sum(axes: [0, 2])
    let plane = (0..<10).flatMap { i in
      let start = i * 100_000 + 700
      return numbers[start..<start + 100]
    }
    expectNear(outside[7].scalar, exact(plane))
    let turned = x[..<400_000].reshaped(100, 4000).transposed()
    expectNear(turned.sum(axes: [0])[5].scalar, exact(Array(numbers[20_000..<24_000])))
  }

  @Test("whatever the number of threads", arguments: [1, 2, 5])
  func threadCounts(_ count: Int) {
    let x = Self.tensor[..<600_000]
    let before = threads
    defer { threads = before }
    func results() -> [Tensor] {
      [[600_000], [600, 1000], [1000, 600], [60_000, 10], [10, 60_000]].flatMap {
        sizes -> [Tensor] in
        let y = x.reshaped(Shape(sizes))
        return [y.sum(axes: [0]), y.sum(axes: [-1]), y.variance(axes: [0]), y.norm(axes: [-1])]
      }
        + [[20_000, 3], [3, 20_000]].flatMap { sizes -> [Tensor] in
          let y = x[..<60_000].reshaped(Shape(sizes))
          return [y.cumulativeSum(axis: 0), y.cumulativeSum(axis: 1), y.argSort(axis: 1)]
        }
    }
    threads = 3
    let wanted = results()
    threads = count
    for (a, b) in zip(results(), wanted) { expectIdentical(a, b) }
  }

  @Test("of short rows in groups and of single rows have one order")
  func shortRows() {
    var generator = Generator(seed: 5)
    for length in [1, 2, 3, 10, 31, 32, 33, 100] {
      let x = Tensor.normal([21, length], using: &generator)
      let sums = x.sum(axes: [1])
      for row in 0..<21 { expectIdentical(sums[row], x[row].sum()) }
    }
  }

  @Test("a norm neither overflows nor loses small numbers, a variance no digits far from zero")
  func extremes() {
    #expect(Tensor([3e30, 4e30]).norm().scalar == Double(Float(5e30)))
    let shifted = Tensor((0..<1000).map { Double($0 % 4) + 1e6 })
    #expect(Swift.abs(shifted.variance(correction: 0).scalar - 1.25) < 1e-6)
    #expect(shifted.reshaped(4, 250).transposed().standardDeviation(axes: [0]).shape == [4])
    // One after the other, none of the ones would change 2^24 in float32.
    let weights = Tensor([Float(1 << 24)] + Array(repeating: 1, count: 100))
    let places = Tensor.zeros([101], dtype: .int64)
    #expect(places.binCount(weights: weights).scalar == Double(1 << 24 + 100))
  }
}
