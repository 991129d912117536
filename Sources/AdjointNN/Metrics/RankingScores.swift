import Adjoint

extension Metric {
  /// The area under the receiver operating characteristic.
  ///
  /// It is how often an example of a class has a larger score than one of the others, where equal
  /// scores count half.
  ///
  /// For several classes it is the mean over them, each against the rest. NaN where a class has no
  /// examples or all of them, as in scikit-learn. It is exact, so it keeps all scores.
  ///
  /// Shapes: scores `[n]` or `[n, 1]` of class 1 with targets 0 or 1 of that shape or `[n]`; or
  /// `[n, classes]` with targets `[n]` integers or one-hot rows. Of two classes the second counts.
  public static let rocAUC = Metric(
    "roc_auc",
    RankingScore("rocAUC") { ranks in
      let below = ranks.negatives.cumulativeSum() - ranks.negatives
      let wins = (ranks.positives * (below + 0.5 * ranks.negatives)).sum().scalar
      return wins / (ranks.positives.sum().scalar * ranks.negatives.sum().scalar)
    })

  /// The average precision: the area under the curve of precision and recall.
  ///
  /// `sum_i (R_i - R_(i-1)) P_i` over the thresholds i, without interpolation
  ///
  /// For several classes it is the mean over them, each against the rest; 0 where a class has no
  /// examples, as in scikit-learn. It is exact, so it keeps all scores.
  ///
  /// Shapes: as for `rocAUC`.
  public static let averagePrecision = Metric(
    "average_precision",
    RankingScore("averagePrecision") { ranks in
      let count = ranks.positives.sum()
      if count.scalar == 0 { return 0 }
      let found = count - ranks.positives.cumulativeSum() + ranks.positives
      let wrong =
        ranks.negatives.sum() - ranks.negatives.cumulativeSum() + ranks.negatives
      return (ranks.positives / count * (found / (found + wrong))).sum().scalar
    })
}

/// A number made of the order of scores.
private struct RankingScore: MetricState {
  /// How many examples of the class, and of the others, have each score, in ascending order.
  struct Ranks {
    let positives: Tensor
    let negatives: Tensor
  }

  private let name: String
  private let score: @Sendable (Ranks) -> Double
  private var columns = 0
  private var scores: [Double] = []
  private var labels: [Double] = []

  init(_ name: String, _ score: @escaping @Sendable (Ranks) -> Double) {
    (self.name, self.score) = (name, score)
  }

  mutating func update(
    _ prediction: Tensor, _ target: Tensor, file: StaticString, line: UInt
  ) {
    let rows = prediction.shape.first ?? 0
    let isSingle = prediction.rank == 1 || prediction.rank == 2 && prediction.shape[1] == 1
    let fits = target.shape == [rows] || target.shape == prediction.shape
    if !(isSingle || prediction.rank == 2) || !fits {
      programmingError(
        name,
        "scores \(prediction.shape) and targets \(target.shape) do not fit: needs [n, classes] with "
          + "[n] or [n, classes], or [n] with [n]", file: file, line: line)
    }
    let count = isSingle ? 1 : prediction.shape[1]
    if columns != 0 && columns != count {
      programmingError(
        name, "there were \(columns) columns of scores, now there are \(count)", file: file,
        line: line)
    }
    columns = count
    let chosen = count == 2 ? prediction[0..., 1] : prediction
    scores += chosen.reshaped(-1).scalars
    let classes =
      isSingle || target.rank == 1 ? target.reshaped([rows]) : target.argMax(axis: 1)
    labels += classes.scalars
  }

  var value: Double {
    if labels.isEmpty { return .nan }
    if columns <= 2 { return value(of: Tensor(scores, dtype: .float64), label: 1) }
    let table = Tensor(scores, dtype: .float64).reshaped([labels.count, columns])
    let values = (0..<columns).map { value(of: table[0..., $0], label: Double($0)) }
    return values.reduce(0, +) / Double(columns)
  }

  private func value(of scores: Tensor, label: Double) -> Double {
    if isNaN(scores).sum().scalar > 0 { return .nan }
    let isPositive = Tensor(labels.map { $0 == label ? 1.0 : 0 }, dtype: .float64)
    let (_, inverse, counts) = scores.unique()
    let positives = inverse.binCount(weights: isPositive, minimumCount: counts.elementCount)
    return score(Ranks(positives: positives, negatives: counts.cast(to: .float64) - positives))
  }

  /// The number of columns, the number of rows, the scores, the labels.
  var accumulated: [Double] {
    get { [Double(columns), Double(labels.count)] + scores + labels }
    set {
      guard newValue.count >= 2, let columns = Int(exactly: newValue[0]),
        let rows = Int(exactly: newValue[1]), (0...newValue.count).contains(rows),
        (0...newValue.count).contains(columns)
      else { return }
      let (kept, overflow) = rows.multipliedReportingOverflow(by: columns == 2 ? 1 : columns)
      guard !overflow, newValue.count == 2 &+ kept &+ rows else { return }
      self.columns = columns
      scores = Array(newValue[2..<2 + kept])
      labels = Array(newValue[(2 + kept)...])
    }
  }
}
