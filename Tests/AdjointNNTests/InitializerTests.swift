import Adjoint
import AdjointNN
import Testing

struct InitializerTests {
  /// The variances that the papers ask for, for a weight of 300 outputs and 500 inputs.
  static let distributions: [(String, Initializer, variance: Double, isUniform: Bool)] = [
    ("glorotUniform", .glorotUniform, 0.0025, true),
    ("glorotNormal", .glorotNormal, 0.0025, false),
    ("heUniform", .heUniform, 0.004, true),
    ("heNormal", .heNormal, 0.004, false),
  ]

  @Test(arguments: distributions)
  func `Random weights have the mean, the variance and the bounds of their distribution`(
    _ name: String, _ initializer: Initializer, _ variance: Double, _ isUniform: Bool
  ) {
    let weights = withGenerator(seed: 5) { initializer([300, 500], dtype: .float64) }.scalars
    let count = Double(weights.count)
    let mean = weights.reduce(0, +) / count
    let found = weights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let deviation = variance.squareRoot()
    #expect(abs(mean) < 4 * deviation / count.squareRoot())
    #expect(abs(found / variance - 1) < 0.02)
    let largest = weights.map(abs).max() ?? 0
    // A uniform variable stays within sqrt(3) deviations, a normal one of this size goes beyond 4.
    if isUniform {
      #expect(largest <= deviation * 3.0.squareRoot())
      #expect(largest > deviation * 1.73)
    } else {
      #expect(largest > deviation * 4)
    }
  }

  @Test func `The fan of a convolution counts its kernel`() {
    // Fan-in 3 * 25, fan-out 8 * 25.
    let weights = withGenerator(seed: 1) { Initializer.glorotUniform([8, 3, 5, 5]) }
    let limit = (6.0 / (75 + 200)).squareRoot()
    let largest = weights.scalars.map(abs).max() ?? 0
    #expect(largest <= limit && largest > 0.97 * limit)
  }

  @Test func `Constants fill, ranges bound, and a function of one's own is asked`() {
    #expect(Initializer.zeros([2]).scalars == [0, 0])
    #expect(Initializer.ones([2], dtype: .float64).dtype == .float64)
    #expect(Initializer.constant(0.5)([2]).scalars == [0.5, 0.5])
    let uniform = Initializer.uniform(in: 2...3)([1000]).scalars
    #expect(uniform.allSatisfy { (2...3).contains($0) })
    let normal = Initializer.normal(mean: 5, standardDeviation: 0.1)([1000]).mean().scalar
    #expect(abs(normal - 5) < 0.02)
    let rows = Initializer { shape, dtype in Tensor.arange(shape[0], dtype: dtype) }
    #expect(rows([3]).scalars == [0, 1, 2])
  }

  @Test func `Empty weights and single numbers have an initial value`() {
    #expect(Initializer.glorotUniform([0, 0]).shape == [0, 0])
    #expect(Initializer.heNormal([3]).shape == [3])
    #expect(Initializer.heNormal([]).shape == [])
  }
}
