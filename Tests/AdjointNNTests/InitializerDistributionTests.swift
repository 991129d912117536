import Adjoint
import AdjointNN
import Foundation
import Testing

struct InitializerDistributionTests {
  /// Weights of 300 outputs and 500 inputs.
  static let rows: [(String, Initializer, deviation: Double, isUniform: Bool)] = [
    ("lecunUniform", .lecunUniform, (1.0 / 500).squareRoot(), true),
    ("lecunNormal", .lecunNormal, (1.0 / 500).squareRoot(), false),
    ("torchUniform", .torchUniform, (1.0 / 1500).squareRoot(), true),
    (
      "scaled", .varianceScaling(scale: 3, fan: .out, distribution: .normal),
      (3.0 / 300).squareRoot(), false
    ),
    (
      "mean", .varianceScaling(fan: .mean, distribution: .uniform), (1.0 / 400).squareRoot(), true
    ),
  ]

  @Test(arguments: rows)
  func `Weights follow their distribution function`(
    _ name: String, _ initializer: Initializer, _ deviation: Double, _ isUniform: Bool
  ) {
    let weights = withGenerator(seed: 3) { initializer([300, 500], dtype: .float64) }
    let limit = deviation * 3.0.squareRoot()
    let distance = kolmogorovDistance(weights) { x in
      isUniform ? min(max((x + limit) / (2 * limit), 0), 1) : normal(x / deviation)
    }
    // Beyond 1.63 / sqrt(n) one sample in a hundred lies.
    #expect(distance < 1.63 / 150_000.0.squareRoot())
  }

  @Test func `A truncated normal distribution ends at two deviations`() {
    let initializer = Initializer.truncatedNormal(mean: 1, standardDeviation: 0.5)
    let weights = withGenerator(seed: 4) { initializer([300, 500], dtype: .float64) }
    #expect(weights.min().scalar >= 0 && weights.max().scalar <= 2)
    let (low, high) = (normal(-2), normal(2))
    let distance = kolmogorovDistance(weights) { x in
      let z = min(max((x - 1) / 0.5, -2), 2)
      return (normal(z) - low) / (high - low)
    }
    #expect(distance < 1.63 / 150_000.0.squareRoot())
    let single = withGenerator(seed: 4) { initializer([1000]) }
    #expect(single.min().scalar >= 0 && single.max().scalar <= 2)
  }

  @Test func `A truncated variance scaling has the variance asked for`() {
    let initializer = Initializer.varianceScaling(
      scale: 2, fan: .in, distribution: .truncatedNormal)
    let weights = withGenerator(seed: 4) { initializer([300, 500], dtype: .float64) }
    #expect(abs(weights.variance().scalar / (2.0 / 500) - 1) < 0.02)
    let limit = 2 * (2.0 / 500).squareRoot() / 0.87962566103423978
    #expect(weights.max().scalar <= limit * (1 + 1e-12))
    #expect(weights.max().scalar > 0.98 * limit)
  }

  @Test(arguments: [[5, 5], [8, 3], [3, 8], [4, 2, 3, 3]], [DType.float32, .float64])
  func `Orthogonal weights have orthonormal rows or columns`(_ sizes: [Int], _ dtype: DType) throws
  {
    let initializer = Initializer.orthogonal(gain: 2)
    let weight = withGenerator(seed: 1) { initializer(Shape(sizes), dtype: dtype) }
    #expect(weight.shape == Shape(sizes) && weight.dtype == dtype)
    let matrix = weight.reshaped(sizes[0], -1)
    let columns = matrix.shape[1]
    let product =
      sizes[0] <= columns
      ? matmul(matrix, matrix.transposed()) : matmul(matrix.transposed(), matrix)
    let expected = Tensor.eye(min(sizes[0], columns), dtype: dtype) * 4
    try expectClose(product, expected.scalars, tolerance: dtype == .float32 ? 1e-5 : 1e-13)
  }

  @Test func `Orthogonal matrices are drawn evenly: an element has mean 0 and variance 1 / n`() {
    let draws = withGenerator(seed: 2) {
      (0..<2000).map { _ in Initializer.orthogonal()([3, 3], dtype: .float64).scalars }
    }
    for place in 0..<9 {
      let values = draws.map { $0[place] }
      let mean = values.reduce(0, +) / 2000
      let square = values.reduce(0) { $0 + $1 * $1 } / 2000
      #expect(abs(mean) < 0.05 && abs(square - 1.0 / 3) < 0.03, "\(place): \(mean), \(square)")
    }
  }

  @Test func `The identity fills the diagonal of any matrix`() {
    #expect(Initializer.identity()([2, 3]).scalars == [1, 0, 0, 0, 1, 0])
    #expect(Initializer.identity(gain: 3)([2, 2], dtype: .float64).scalars == [3, 0, 0, 3])
  }

  @Test func `Weights without the axes that are needed are named`() async {
    let vector = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Initializer.orthogonal()([3])
    }
    #expect(errors(vector).contains("orthogonal: a weight of shape [3] has fewer than two axes"))
    let kernel = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Initializer.identity()([3, 3, 1])
    }
    #expect(errors(kernel).contains("identity: a weight of shape [3, 3, 1] is no matrix"))
    let scale = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Initializer.varianceScaling(scale: 0, fan: .in, distribution: .normal)
    }
    #expect(errors(scale).contains("varianceScaling: the scale must be positive, not 0.0"))
  }

  private func normal(_ x: Double) -> Double { 0.5 * Foundation.erfc(-x / 2.0.squareRoot()) }

  /// The largest difference between the share of values up to a bound and what it should be.
  private func kolmogorovDistance(_ x: Tensor, _ distribution: (Double) -> Double) -> Double {
    let values = x.scalars.sorted()
    let count = Double(values.count)
    return values.enumerated().reduce(0) { worst, entry in
      let expected = distribution(entry.element)
      let (below, above) = (Double(entry.offset) / count, Double(entry.offset + 1) / count)
      return max(worst, abs(expected - below), abs(expected - above))
    }
  }
}
