import Adjoint

// Rows for reductions that `sum` and `max` are not enough for, and for statistics.

extension GradientTable {
  private static func cube(
    _ name: String, _ operation: String, _ domain: Domain = .everywhere, fixed: Set<Int> = [],
    allowsEmpty: Bool = true, tolerance: Double = 1e-6,
    _ f: @escaping @Sendable (Tensor) -> Tensor
  ) -> GradientRow {
    GradientRow(
      name: name, operations: [operation], shapes: [[2, 3, 4]], domain: domain, fixedSizes: fixed,
      allowsEmpty: allowsEmpty, tolerance: tolerance, function: { f($0[0]) })
  }

  /// A reduction over everything, one axis, and two axes that are not neighbours.
  private static func reduction(
    _ name: String, _ operation: String, _ domain: Domain = .everywhere, allowsEmpty: Bool = true,
    _ f: @escaping @Sendable (_ x: Tensor, _ axes: [Int]?, _ keeping: Bool) -> Tensor
  ) -> [GradientRow] {
    let sets: [([Int]?, Bool)] = [
      (nil, false), ([1], true), ([-1], false), ([2, 0], false), ([], true),
    ]
    return sets.map { axes, keeping in
      cube(
        "\(name) over \(axes.map { "axes \($0)" } ?? "everything")", operation, domain,
        allowsEmpty: allowsEmpty
      ) { square(f($0, axes, keeping)) }
    }
  }

  static let statistics: [GradientRow] =
    reduction("product", "product") { $0.product(axes: $1, keepingDimensions: $2) }
    + reduction("variance of a population", "variance") {
      $0.variance(axes: $1, correction: 0, keepingDimensions: $2)
    }
    + reduction("standardDeviation of a population", "standardDeviation", .distinct) {
      $0.standardDeviation(axes: $1, correction: 0, keepingDimensions: $2)
    }
    + [
      cube("variance of a sample", "variance", fixed: [3]) { sin($0.variance(axes: [1])) },
      cube("standardDeviation of a sample", "standardDeviation", fixed: [3]) {
        sin($0.standardDeviation(axes: [1]))
      },
    ]
    + [0.5, 1, 2, 3, -1].flatMap { order in
      reduction("norm of order \(order)", order == 1 ? "sum" : "norm", .offZero) {
        $0.norm(order: order, axes: $1, keepingDimensions: $2)
      }
    }
    + [Double.infinity, -.infinity].flatMap { order in
      reduction("norm of order \(order)", order > 0 ? "max" : "min", .distinct, allowsEmpty: false)
      {
        $0.norm(order: order, axes: $1, keepingDimensions: $2)
      }
    }
    + [
      cube("norm of order 0, a constant", "norm") {
        $0.norm(order: 0, axes: [1]) + $0.norm(axes: [1])
      },
      cube("normalized along the middle axis", "norm", .offZero) { $0.normalized(axis: 1) },
      cube("normalized by sums of magnitudes", "sum", .offZero) {
        square($0.normalized(order: 1, axis: -1))
      },
    ]
    + reduction("nanSum", "sum") { $0.nanSum(axes: $1, keepingDimensions: $2) }
    + reduction("nanMean", "sum") { $0.nanMean(axes: $1, keepingDimensions: $2) }
    + reduction("nanMax", "max", .distinct, allowsEmpty: false) {
      $0.nanMax(axes: $1, keepingDimensions: $2)
    }
    + reduction("nanMin", "min", .distinct, allowsEmpty: false) {
      $0.nanMin(axes: $1, keepingDimensions: $2)
    }
    + reduction("nanVariance", "sum") {
      $0.nanVariance(axes: $1, correction: 0, keepingDimensions: $2)
    }
    + reduction("nanStandardDeviation", "sqrt", .distinct) {
      $0.nanStandardDeviation(axes: $1, correction: 0, keepingDimensions: $2)
    }
    + reduction("nanMedian", "gathering", .distinct, allowsEmpty: false) {
      $0.nanMedian(axes: $1, keepingDimensions: $2)
    }
    + reduction("nanQuantile", "gathering", .distinct, allowsEmpty: false) {
      $0.nanQuantile(0.3, axes: $1, keepingDimensions: $2)
    }
    + reduction("median", "median", .distinct, allowsEmpty: false) {
      $0.median(axes: $1, keepingDimensions: $2)
    }
    + QuantileInterpolation.allCases.flatMap { interpolation in
      reduction("quantile, \(interpolation)", "gathering", .distinct, allowsEmpty: false) {
        $0.quantile(0.3, axes: $1, interpolation: interpolation, keepingDimensions: $2)
      }
    }
    + pairsOfRows

  private static let pairsOfRows: [GradientRow] = [
    GradientRow(
      name: "covariance", operations: ["matmul"], shapes: [[2, 3]],
      function: { covariance($0[0], correction: 0) }),
    GradientRow(
      name: "covariance of one variable", operations: ["matmul"], shapes: [[4]], fixedSizes: [4],
      function: { covariance($0[0]) }),
    GradientRow(
      name: "correlation", operations: ["norm"], shapes: [[2, 4]], domain: .distinct,
      fixedSizes: [4], function: { correlation($0[0]) }),
    GradientRow(
      name: "cosineSimilarity", operations: ["norm"], shapes: [[2, 3], [2, 3]], domain: .offZero,
      function: { cosineSimilarity($0[0], $0[1], axis: 1) }),
    GradientRow(
      name: "cosineSimilarity of shapes that broadcast", operations: ["norm"],
      shapes: [[2, 1, 3], [4, 3]], domain: .offZero,
      function: { cosineSimilarity($0[0], $0[1]) }),
    GradientRow(
      name: "pairwiseDistances", operations: ["pairwiseDistances"], shapes: [[3, 2], [4, 2]],
      domain: .distinct,
      function: { square(pairwiseDistances($0[0], $0[1])) + pairwiseDistances($0[0], $0[1]) }),
    GradientRow(
      name: "pairwiseDistances of a batch", operations: ["norm"], shapes: [[5, 3, 2], [4, 2]],
      domain: .distinct, function: { pairwiseDistances($0[0], $0[1]) }),
    GradientRow(
      name: "pairwiseDistances of order 1", operations: ["sum"], shapes: [[3, 2], [4, 2]],
      domain: .distinct, function: { square(pairwiseDistances($0[0], $0[1], order: 1)) }),
  ]
}
