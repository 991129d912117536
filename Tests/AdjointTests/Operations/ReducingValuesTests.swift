import Adjoint
import Testing

/// Reductions, scans, sorting and counting under their names in Fixtures/reducing.json.
@Suite("Values of reductions, scans and sorting are those of NumPy, SciPy and PyTorch")
struct ReducingValuesTests {
  private static let reference = ReferenceValues.load("reducing.json")

  /// The arguments of reductions: keepingDimensions, then the axes.
  private static func reduction(
    _ name: String, _ f: @escaping @Sendable (Tensor, [Int]?, Bool) -> Tensor
  ) -> ReferenceOperation {
    ReferenceOperation.sums(name) { x, arguments in
      let axes = Array(arguments.dropFirst())
      return f(x[0], axes.isEmpty ? nil : axes, arguments[0] == 1)
    }
  }

  private static func norm(_ name: String, _ order: Double) -> ReferenceOperation {
    reduction("norm_\(name)") { $0.norm(order: order, axes: $1, keepingDimensions: $2) }
  }

  private static func quantile(_ interpolation: QuantileInterpolation) -> ReferenceOperation {
    ReferenceOperation.sums("quantile_\(interpolation)") { x, arguments in
      let axes = Array(arguments.dropFirst(2))
      return x[0].quantile(
        Double(arguments[0]) / 100, axes: axes.isEmpty ? nil : axes, interpolation: interpolation,
        keepingDimensions: arguments[1] == 1)
    }
  }

  private static func distances(_ name: String, _ order: Double) -> ReferenceOperation {
    .sums("pairwiseDistances_\(name)") { x, _ in pairwiseDistances(x[0], x[1], order: order) }
  }

  static let reductions: [ReferenceOperation] =
    [
      reduction("product") { $0.product(axes: $1, keepingDimensions: $2) },
      reduction("any") { $0.any(axes: $1, keepingDimensions: $2) },
      reduction("all") { $0.all(axes: $1, keepingDimensions: $2) },
      reduction("countNonzero") { $0.countNonzero(axes: $1, keepingDimensions: $2) },
      reduction("variance0") { $0.variance(axes: $1, correction: 0, keepingDimensions: $2) },
      reduction("variance1") { $0.variance(axes: $1, keepingDimensions: $2) },
      reduction("deviation0") {
        $0.standardDeviation(axes: $1, correction: 0, keepingDimensions: $2)
      },
      reduction("deviation1") { $0.standardDeviation(axes: $1, keepingDimensions: $2) },
      norm("0", 0), norm("1", 1), norm("2", 2), norm("3", 3), norm("minus1", -1),
      norm("inf", .infinity), norm("-inf", -.infinity),
      reduction("nanSum") { $0.nanSum(axes: $1, keepingDimensions: $2) },
      reduction("nanMean") { $0.nanMean(axes: $1, keepingDimensions: $2) },
      reduction("nanMax") { $0.nanMax(axes: $1, keepingDimensions: $2) },
      reduction("nanMin") { $0.nanMin(axes: $1, keepingDimensions: $2) },
      reduction("nanVariance") { $0.nanVariance(axes: $1, keepingDimensions: $2) },
      reduction("nanDeviation") { $0.nanStandardDeviation(axes: $1, keepingDimensions: $2) },
      reduction("nanMedian") { $0.nanMedian(axes: $1, keepingDimensions: $2) },
      reduction("nanQuantile") { $0.nanQuantile(0.3, axes: $1, keepingDimensions: $2) },
      reduction("median") { $0.median(axes: $1, keepingDimensions: $2) },
    ] + QuantileInterpolation.allCases.map { quantile($0) }

  static let alongAxes: [ReferenceOperation] = [
    .sums("cumulativeSum") { $0[0].cumulativeSum(axis: $1[0]) },
    .sums("cumulativeProduct") { $0[0].cumulativeProduct(axis: $1[0]) },
    .sums("cumulativeLogSumExp") { $0[0].cumulativeLogSumExp(axis: $1[0]) },
    .exact("cumulativeMax") { $0[0].cumulativeMax(axis: $1[0]).values },
    .exact("cumulativeMax_indices") { $0[0].cumulativeMax(axis: $1[0]).indices },
    .exact("cumulativeMin") { $0[0].cumulativeMin(axis: $1[0]).values },
    .exact("cumulativeMin_indices") { $0[0].cumulativeMin(axis: $1[0]).indices },
    .exact("sorted") { $0[0].sorted(axis: $1[0], descending: $1[1] == 1).values },
    .exact("argSort") { $0[0].argSort(axis: $1[0], descending: $1[1] == 1) },
    .exact("topK") { $0[0].topK($1[0], axis: $1[1], largest: $1[2] == 1).values },
    .exact("topK_indices") { $0[0].topK($1[0], axis: $1[1], largest: $1[2] == 1).indices },
    .exact("kthValue") { $0[0].kthValue($1[0], axis: $1[1]).value },
    .exact("kthValue_index") { $0[0].kthValue($1[0], axis: $1[1]).index },
    .exact("maxWithIndex") { $0[0].maxWithIndex(axis: $1[0]).value },
    .exact("maxWithIndex_index") { $0[0].maxWithIndex(axis: $1[0]).index },
    .exact("minWithIndex") { $0[0].minWithIndex(axis: $1[0]).value },
    .exact("minWithIndex_index") { $0[0].minWithIndex(axis: $1[0]).index },
    .sums("diff") { $0[0].diff(order: $1[0], axis: $1[1]) },
    .sums("trapezoid") { x, axis in
      x.count == 1
        ? x[0].trapezoid(spacing: 2, axis: axis[0]) : x[0].trapezoid(x: x[1], axis: axis[0])
    },
    .sums("cumulativeTrapezoid") { x, axis in
      x.count == 1
        ? x[0].cumulativeTrapezoid(spacing: 2, axis: axis[0])
        : x[0].cumulativeTrapezoid(x: x[1], axis: axis[0])
    },
    .sums("normalized") { $0[0].normalized(axis: $1[0]) },
    .sums("cosineSimilarity") { cosineSimilarity($0[0], $0[1], axis: $1[0]) },
    .sums("covariance") { covariance($0[0], correction: Double($1[0])) },
    .sums("correlation") { x, _ in correlation(x[0]) },
    distances("1", 1), distances("2", 2), distances("3", 3), distances("inf", .infinity),
  ]

  static let counting: [ReferenceOperation] = [
    .exact("unique") { x, _ in x[0].unique().values },
    .exact("unique_inverse") { x, _ in x[0].unique().inverse },
    .exact("unique_counts") { x, _ in x[0].unique().counts },
    .exact("nonzero") { x, _ in x[0].nonzero() },
    .sums("binCount") { x, minimum in
      x[0].binCount(weights: x.count > 1 ? x[1] : nil, minimumCount: minimum[0])
    },
    .exact("histogram_edges") { x, _ in x[0].histogram(edges: x[1]) },
    .exact("histogram") { $0[0].histogram(bins: $1[0]).counts },
    .sums("histogram_bounds") { $0[0].histogram(bins: $1[0]).edges },
    .exact("histogram_range") {
      $0[0].histogram(bins: $1[0], in: Double($1[1])...Double($1[2])).counts
    },
    .exact("searchSorted") { $0[0].searchSorted($0[1], right: $1[0] == 1) },
  ]

  static let all = reductions + alongAxes + counting

  @Test("for whole arrays, row-major or as views", arguments: all)
  func agrees(_ operation: ReferenceOperation) throws {
    for (inputs, expected, arguments) in try Self.reference.get().examples(of: operation.name) {
      let relative = expected.dtype == .float32 ? operation.tolerance.0 : operation.tolerance.1
      func expect(_ inputs: [Tensor], _ layout: String) {
        expectClose(
          operation.function(inputs, arguments), expected, absolute: relative * 5,
          relative: relative, "\(operation) of \(inputs) with \(arguments), \(layout)")
      }
      expect(inputs, "row-major")
      expect(inputs.map(\.asTransposedView), "transposed")
      expect(inputs.map(\.asSlicedView), "sliced")
      if inputs[0].dtype.isFloatingPoint {
        // Recorded values may be found in another way.
        expect([inputs[0].tracked()] + inputs.dropFirst(), "tracked")
      }
    }
  }

  @Test("every reference value is compared")
  func isComplete() throws {
    let names = Set(try Self.reference.get().cases.map(\.operation))
    #expect(names.subtracting(Self.all.map(\.name)) == [])
  }
}
