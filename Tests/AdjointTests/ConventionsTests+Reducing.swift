import Adjoint

extension Convention {
  private static let inf = Double.infinity
  private static let nan = Double.nan

  /// Reductions beyond sum and max, scans and sorting.
  static let reducing = [
    Convention("`product` of 0, 2, 3", at: [0, 2, 3], gives: [0], derivative: [6, 0, 0]) {
      $0.product()
    },
    Convention("`product` of nothing", at: [], gives: [1], derivative: []) { $0.product() },
    Convention(
      "`cumulativeProduct` of 0, 2, 3", at: [0, 2, 3], gives: [0, 0, 0], derivative: [9, 0, 0]
    ) { $0.cumulativeProduct() },
    Convention("`any`, `all` of nothing", at: [], gives: [0, 1]) { stacked([$0.any(), $0.all()]) },
    Convention("`any`, `all` of NaN", at: [nan], gives: [1, 1]) { stacked([$0.any(), $0.all()]) },
    Convention("`norm` of 0, 0", at: [0, 0], gives: [0], derivative: [0, 0]) { $0.norm() },
    Convention("`norm` of order 3 of 0, -2", at: [0, -2], gives: [2], derivative: [0, -1]) {
      $0.norm(order: 3)
    },
    Convention(
      "`norm` of order infinity of 3, -3, 1", at: [3, -3, 1], gives: [3],
      derivative: [0.5, -0.5, 0]
    ) { $0.norm(order: .infinity) },
    Convention("`norm` of nothing", at: [], gives: [0], derivative: []) { $0.norm() },
    Convention("`standardDeviation` of 2, 2, 2", at: [2, 2, 2], gives: [0], derivative: [0, 0, 0]) {
      $0.standardDeviation()
    },
    Convention("`variance` of one number", at: [5], gives: [nan], derivative: [nan]) {
      $0.variance()
    },
    Convention(
      "`variance` of one number with correction 0", at: [5], gives: [0], derivative: [0]
    ) { $0.variance(correction: 0) },
    Convention("`median` of 4, 1, 3, 2", at: [4, 1, 3, 2], gives: [2], derivative: [0, 0, 0, 1]) {
      $0.median()
    },
    Convention("`median` of 1, 2, 2", at: [1, 2, 2], gives: [2], derivative: [0, 0.5, 0.5]) {
      $0.median()
    },
    Convention(
      "`median` of 1, NaN, 2", at: [1, nan, 2], gives: [nan], derivative: [nan, nan, nan]
    ) {
      $0.median()
    },
    Convention(
      "`quantile(0.5)` of 4, 1, 3, 2", at: [4, 1, 3, 2], gives: [2.5], derivative: [0, 0, 0.5, 0.5]
    ) { $0.quantile(0.5) },
    Convention("`quantile(0.5)` of 1, NaN, 2", at: [1, nan, 2], gives: [nan]) { $0.quantile(0.5) },
    Convention(
      "`quantile(0.5)` of inf, inf", at: [inf, inf], gives: [inf]
    ) { $0.quantile(0.5) },
    Convention("`sorted` of 2, NaN, 1", at: [2, nan, 1], gives: [1, 2, nan]) { $0.sorted().values },
    Convention("`sorted` of 2, NaN, 1, descending", at: [2, nan, 1], gives: [nan, 2, 1]) {
      $0.sorted(descending: true).values
    },
    Convention("`argSort` of 1, 0, 1, 0", at: [1, 0, 1, 0], gives: [1, 3, 0, 2]) { $0.argSort() },
    Convention(
      "`maxWithIndex` of 1, 3, 3: the index", at: [1, 3, 3], gives: [1]
    ) { $0.maxWithIndex().index },
    Convention(
      "`maxWithIndex` of 1, 3, 3: the value", at: [1, 3, 3], gives: [3], derivative: [0, 1, 0]
    ) { $0.maxWithIndex().value },
    Convention("`cumulativeMax` of 2, 1, 2: the indices", at: [2, 1, 2], gives: [0, 0, 2]) {
      $0.cumulativeMax().indices
    },
    Convention(
      "`cumulativeLogSumExp` of -inf, 0, 1000", at: [-inf, 0, 1000], gives: [-inf, 0, 1000],
      derivative: [0, 1, 1]
    ) { $0.cumulativeLogSumExp() },
    Convention("`nanSum` of NaN", at: [nan], gives: [0], derivative: [0]) { $0.nanSum() },
    Convention("`nanMean`, `nanMax` of NaN", at: [nan], gives: [nan, nan]) {
      stacked([$0.nanMean(), $0.nanMax()])
    },
    Convention("`nanMax` of 1, NaN, 2", at: [1, nan, 2], gives: [2], derivative: [0, 0, 1]) {
      $0.nanMax()
    },
    Convention(
      "`normalized` of 0, 0", at: [0, 0], gives: [0, 0], derivative: [1e12, 1e12]
    ) { $0.normalized() },
    Convention("`cosineSimilarity` of 0, 0 and 1, 1", at: [0, 0], gives: [0]) {
      cosineSimilarity($0, Tensor.ones([2], dtype: .float64))
    },
    Convention(
      "`pairwiseDistances` of equal rows", at: [1, 2], gives: [0], derivative: [0, 0]
    ) { pairwiseDistances($0.reshaped(1, 2), $0.reshaped(1, 2)) },
    Convention("`searchSorted` of NaN in 1, 2", at: [1, 2], gives: [2]) {
      $0.searchSorted(Tensor([nan], dtype: .float64))
    },
    Convention("`unique` of NaN, NaN", at: [nan, nan], gives: [nan, nan]) { $0.unique().values },
  ]
}
