import Adjoint
import Testing

@Suite("Choosing")
struct ChoosingTests {
  @Test("integers are uniform over the range, also over the widest")
  func integers() {
    var generator = Generator(seed: 1)
    let x = Tensor.integers([60_000], in: -2..<4, using: &generator)
    #expect(x.dtype == .int64)
    let shares = oneHot(x + 2, count: 6, dtype: .float64).mean(axes: [0])
    expectClose(shares, [Double](repeating: 1 / 6, count: 6), absolute: 0.007)
    let wide = Tensor.integers([1000], in: Int.min..<Int.max, using: &generator)
    #expect(wide.min().scalar < -8e18 && wide.max().scalar > 8e18)
    #expect(Tensor.integers([3], in: 7..<8, using: &generator).scalars == [7, 7, 7])
    #expect(Tensor.integers([0, 2], in: 0..<2, using: &generator).shape == [0, 2])
    func draw(_ count: Int) -> Tensor {
      var generator = Generator(seed: 2)
      return Tensor.integers([count], in: 0..<1000, using: &generator)
    }
    expectIdentical(draw(50_000)[..<100], draw(100))
  }

  @Test("shuffled slices are the same slices in another order")
  func shuffled() {
    var generator = Generator(seed: 3)
    let x = Tensor.arange(600).reshaped(200, 3)
    let y = x.shuffled(using: &generator)
    let rows = y.sliced(..<1, axis: 1).scalars(as: Int.self)
    #expect(rows.sorted() == stride(from: 0, to: 600, by: 3).map { $0 } && rows != rows.sorted())
    expectIdentical(y.sliced(..<1, axis: 1) + 2, y.sliced(2..., axis: 1))
    let columns = x.shuffled(axis: -1, using: &generator)
    #expect(columns.sum().scalar == x.sum().scalar)
    withGenerator(seed: 4) { #expect(x.shuffled().shape == [200, 3]) }
    let g = gradient(at: Tensor([1, 2, 3, 4])) { x in
      var generator = Generator(seed: 5)
      return (x.shuffled(using: &generator) * x.shuffled(using: &generator)).sum()
    }
    #expect(g.sum().scalar == 20)
  }

  @Test("a choice follows the weights, with and without replacement")
  func choice() {
    var generator = Generator(seed: 6)
    let x = Tensor([10, 20, 30, 40])
    let many = x.choice(20_000, replacing: true, using: &generator)
    for value in [10.0, 20, 30, 40] {
      let share = (many .== Tensor(value)).cast(to: .float64).mean().scalar
      #expect(Swift.abs(share - 0.25) < 0.015)
    }
    let weights = Tensor([1, 0, 2, 5])
    let weighted = x.choice(20_000, replacing: true, weights: weights, using: &generator)
    for (value, share) in [(10.0, 0.125), (20, 0), (30, 0.25), (40, 0.625)] {
      let found = (weighted .== Tensor(value)).cast(to: .float64).mean().scalar
      #expect(Swift.abs(found - share) < 0.015)
    }
    #expect(x.choice(4, using: &generator).scalars.sorted() == [10, 20, 30, 40])
    var orders: [[Double]: Int] = [:]
    for _ in 0..<8000 {
      let pair = x.choice(2, weights: weights, using: &generator).scalars
      #expect(!pair.contains(20) && pair[0] != pair[1])
      orders[pair, default: 0] += 1
    }
    // First 40, then 10 by what is left: 5/8 * 1/3. First 10, then 40: 1/8 * 5/7.
    #expect(Swift.abs(Double(orders[[40, 10], default: 0]) / 8000 - 5.0 / 24) < 0.02)
    #expect(Swift.abs(Double(orders[[10, 40], default: 0]) / 8000 - 5.0 / 56) < 0.015)
    #expect(x.choice(0, using: &generator).shape == [0])
    let matrix = Tensor.arange(6).reshaped(2, 3)
    #expect(matrix.choice(2, axis: 1, using: &generator).shape == [2, 2])
  }
}
