import Adjoint
import Foundation
import Testing

@Suite("Random draws")
struct DrawsTests {
  private let count = 400_000

  /// Mean, variance, skewness and kurtosis.
  private func moments(_ x: Tensor) -> [Double] {
    let values = x.cast(to: .float64)
    let mean = values.mean()
    let deviation = values - mean
    let variance = square(deviation).mean()
    let third = (deviation * deviation * deviation).mean() / pow(variance, 1.5)
    let fourth = square(square(deviation)).mean() / square(variance)
    return [mean, variance, third, fourth].map(\.scalar)
  }

  @Test(
    "uniform numbers have the moments of the distribution", arguments: [DType.float32, .float64])
  func uniform(_ dtype: DType) {
    var generator = Generator(seed: 1)
    let unit = Tensor.uniform([count], dtype: dtype, using: &generator)
    #expect(unit.min().scalar >= 0 && unit.max().scalar < 1 && unit.dtype == dtype)
    let found = moments(unit)
    for (value, expected) in zip(found, [0.5, 1.0 / 12, 0, 1.8]) {
      #expect(Swift.abs(value - expected) < 0.01)
    }
    let scaled = Tensor.uniform([count], in: -3...5, dtype: dtype, using: &generator)
    #expect(scaled.min().scalar >= -3 && scaled.max().scalar <= 5)
    #expect(Swift.abs(scaled.mean().scalar - 1) < 0.02)
  }

  @Test("uniform numbers fill all parts of the range alike")
  func uniformHistogram() {
    var generator = Generator(seed: 2)
    let bins = floor(Tensor.uniform([count], using: &generator) * 100).cast(to: .int64)
    let counts = oneHot(bins, count: 100, dtype: .float32).sum(axes: [0]).scalars
    let expected = Double(count) / 100
    let chiSquared = counts.map { ($0 - expected) * ($0 - expected) / expected }.reduce(0, +)
    // 99 degrees of freedom: 1 in 10,000 lies outside.
    #expect((50...160).contains(chiSquared))
  }

  @Test(
    "normal numbers have the moments of the distribution", arguments: [DType.float32, .float64])
  func normal(_ dtype: DType) {
    var generator = Generator(seed: 3)
    let standard = Tensor.normal([count], dtype: dtype, using: &generator)
    for (value, expected) in zip(moments(standard), [0.0, 1, 0, 3]) {
      #expect(Swift.abs(value - expected) < 0.03)
    }
    // The share within one and two standard deviations, and the tails.
    for (limit, share) in [(1.0, 0.6826895), (2, 0.9544997), (4, 0.9999367)] {
      let inside = (abs(standard) .< Tensor(limit, dtype: dtype)).cast(to: .float64).mean().scalar
      #expect(Swift.abs(inside - share) < 0.003)
    }
    #expect(abs(standard).max().scalar.isFinite)
    let other = Tensor.normal(
      [count], mean: 5, standardDeviation: 0.5, dtype: dtype, using: &generator)
    #expect(Swift.abs(other.mean().scalar - 5) < 0.01)
    #expect(Swift.abs(moments(other)[1] - 0.25) < 0.01)
    // Neighbours do not depend on one another: a pair shares its two uniform numbers.
    let neighbours = (standard[..<(count - 1)] * standard[1...]).mean().scalar
    #expect(Swift.abs(neighbours) < 0.01)
  }

  @Test("bernoulli bools are true with the probability", arguments: [0, 0.001, 0.3, 0.5, 0.999, 1])
  func bernoulli(_ probability: Double) {
    var generator = Generator(seed: 4)
    let x = Tensor.bernoulli([count], probability: probability, using: &generator)
    #expect(x.dtype == .bool)
    let share = x.sum().scalar / Double(count)
    let deviation = (probability * (1 - probability) / Double(count)).squareRoot()
    #expect(Swift.abs(share - probability) <= 5 * deviation)
  }

  @Test("a permutation holds every number once and every order is equally likely")
  func permutation() {
    var generator = Generator(seed: 5)
    let long = Tensor.permutation(10_000, using: &generator)
    #expect(long.dtype == .int64)
    #expect(long.scalars(as: Int.self).sorted() == Array(0..<10_000))
    var seen: [[Int]: Int] = [:]
    for _ in 0..<24_000 {
      seen[Tensor.permutation(4, using: &generator).scalars(as: Int.self), default: 0] += 1
    }
    #expect(seen.count == 24 && seen.values.allSatisfy { (850...1150).contains($0) })
    #expect(Tensor.permutation(0, using: &generator).shape == [0])
  }

  @Test("draws of any shape are the draws of as many numbers")
  func shapes() {
    func draw(_ shape: Shape) -> Tensor {
      var generator = Generator(seed: 6)
      return Tensor.normal(shape, using: &generator)
    }
    expectIdentical(draw([30, 40]).reshaped(-1), draw([1200]))
    expectIdentical(draw([1200])[..<33], draw([33]))
    #expect(draw([]).rank == 0 && draw([0, 4]).elementCount == 0)
  }

  @Test("a draw that waits is the draw that was asked for")
  func deferred() {
    var generator = Generator(seed: 7)
    let (first, second) = (
      Tensor.normal([5000], using: &generator), Tensor.normal([5000], using: &generator)
    )
    let later = second.scalars
    var again = Generator(seed: 7)
    #expect(first.scalars == Tensor.normal([5000], using: &again).scalars)
    #expect(later == Tensor.normal([5000], using: &again).scalars)
  }

  @Test("dropout zeroes the share asked for, scales the rest and has the same mask backward")
  func dropout() {
    var generator = Generator(seed: 8)
    let x = Tensor.ones([500, 400]).tracked()
    let y = Adjoint.dropout(x, rate: 0.2, using: &generator)
    let zeros = (y .== 0).sum().scalar / 200_000
    #expect(Swift.abs(zeros - 0.2) < 0.005)
    #expect(`where`(y .== 0, Tensor(1.25), y.detached).min().scalar == 1.25)
    #expect(y.max().scalar == 1.25)
    expectIdentical(gradients(of: y.sum(), withRespectTo: [x])[0], y.detached)
    let other = Adjoint.dropout(x, rate: 0.2, using: &generator)
    #expect((other .== y).sum().scalar < 200_000, "the next mask is another one")
    expectIdentical(Adjoint.dropout(x, rate: 0, using: &generator), x.detached)
  }
}
