import Adjoint

// Rows for operations that walk along an axis: scans, sorting, differences.

extension GradientTable {
  /// A function of a tensor and each of its axes.
  private static func along(
    _ name: String, _ operations: [String], _ domain: Domain = .everywhere, fixed: Set<Int> = [],
    allowsEmpty: Bool = true, _ f: @escaping @Sendable (_ x: Tensor, _ axis: Int) -> Tensor
  ) -> [GradientRow] {
    [0, 1, -1].map { axis in
      GradientRow(
        name: "\(name) along axis \(axis)", operations: operations, shapes: [[2, 3, 4]],
        domain: domain, fixedSizes: fixed, allowsEmpty: allowsEmpty,
        function: { sin(f($0[0], axis)) })
    }
  }

  static let scans: [GradientRow] =
    along("cumulativeSum", ["cumulativeSum"]) { $0.cumulativeSum(axis: $1) }
    + along("cumulativeProduct", ["cumulativeProduct", "linearRecurrence"]) {
      $0.cumulativeProduct(axis: $1)
    }
    + along("cumulativeLogSumExp", ["cumulativeLogSumExp", "linearRecurrence"]) {
      $0.cumulativeLogSumExp(axis: $1)
    }
    + along("cumulativeMax", ["gathering"], .distinct) { $0.cumulativeMax(axis: $1).values }
    + along("cumulativeMin", ["gathering"], .distinct) { $0.cumulativeMin(axis: $1).values }
    + along("diff", ["sliced"]) { $0.diff(axis: $1) }
    + along("diff of order 2", ["sliced"], fixed: [2]) { $0.diff(order: 2, axis: $1) }
    + along("trapezoid", ["sum"]) { $0.trapezoid(spacing: 0.5, axis: $1) }
    + along("cumulativeTrapezoid", ["cumulativeSum"]) {
      $0.cumulativeTrapezoid(spacing: 0.5, axis: $1)
    }
    + [
      GradientRow(
        name: "trapezoid with points of the samples' shape", operations: ["sum"],
        shapes: [[2, 3], [2, 3]], function: { $0[0].trapezoid(x: $0[1], axis: 1) }),
      GradientRow(
        name: "trapezoid along axis 0 with points", operations: ["sum"], shapes: [[4, 2], [4]],
        function: { $0[0].trapezoid(x: $0[1], axis: 0) }),
      GradientRow(
        name: "cumulativeTrapezoid with points", operations: ["cumulativeSum"],
        shapes: [[2, 3], [3]], function: { $0[0].cumulativeTrapezoid(x: $0[1]) }),
    ]

  static let ordering: [GradientRow] =
    along("sorted", ["gathering"], .distinct) { $0.sorted(axis: $1).values }
    + along("sorted in descending order", ["gathering"], .distinct) {
      $0.sorted(axis: $1, descending: true).values
    }
    + along("topK", ["gathering"], .distinct, fixed: [2, 3, 4]) { $0.topK(2, axis: $1).values }
    + along("topK of the smallest", ["gathering"], .distinct, fixed: [2, 3, 4]) {
      $0.topK(1, axis: $1, largest: false).values
    }
    + along("kthValue", ["gathering"], .distinct, fixed: [2, 3, 4]) {
      $0.kthValue(2, axis: $1).value
    }
    + along("maxWithIndex", ["gathering"], .distinct, allowsEmpty: false) {
      $0.maxWithIndex(axis: $1).value
    }
    + along("minWithIndex", ["gathering"], .distinct, allowsEmpty: false) {
      $0.minWithIndex(axis: $1, keepingDimensions: true).value
    }
    + [
      GradientRow(
        name: "binCount with weights", operations: ["binCount"], shapes: [[5]], fixedSizes: [5],
        function: {
          sin(Tensor([1, 0, 1, 3, 1] as [Int]).binCount(weights: $0[0], minimumCount: 5))
        })
    ]
}
