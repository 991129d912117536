import Adjoint

extension Metric {
  /// How the scores of several classes become one number, as in scikit-learn.
  public enum Average: Sendable {
    /// The score of class 1, of two classes.
    case binary
    /// The mean over the classes that occur in targets or predictions.
    case macro
    /// The score of the counts of all classes together.
    case micro
    /// The mean over classes, each by the number of its examples.
    case weighted
  }

  /// The share of right ones among the predictions of a class: tp / (tp + fp), 0 of none.
  ///
  /// Shapes: as for ``ConfusionMatrix``.
  public static func precision(_ average: Average = .binary, threshold: Double = 0.5) -> Metric {
    Metric(
      "precision", takesLogits: true,
      ClassScore("precision", average, threshold) { $0.right / ($0.right + $0.wrong) })
  }

  /// The share of the examples of a class that were found: tp / (tp + fn), 0 of none.
  ///
  /// Shapes: as for ``ConfusionMatrix``.
  public static func recall(_ average: Average = .binary, threshold: Double = 0.5) -> Metric {
    Metric(
      "recall", takesLogits: true,
      ClassScore("recall", average, threshold) { $0.right / ($0.right + $0.missed) })
  }

  /// The harmonic mean of precision and recall: 2 tp / (2 tp + fp + fn), 0 of none.
  ///
  /// Shapes: as for ``ConfusionMatrix``.
  public static func f1(_ average: Average = .binary, threshold: Double = 0.5) -> Metric {
    Metric(
      "f1_score", takesLogits: true,
      ClassScore("f1", average, threshold) {
        2 * $0.right / (2 * $0.right + $0.wrong + $0.missed)
      })
  }
}

/// A number made of how often classes were taken for one another.
private struct ClassScore: MetricState {
  /// What is counted for a class.
  struct Counts {
    var right = 0.0
    var wrong = 0.0
    var missed = 0.0
  }

  private let name: String
  private let average: Metric.Average
  private let score: @Sendable (Counts) -> Double
  private var matrix: ConfusionMatrix

  init(
    _ name: String, _ average: Metric.Average, _ threshold: Double,
    _ score: @escaping @Sendable (Counts) -> Double
  ) {
    (self.name, self.average, self.score) = (name, average, score)
    matrix = ConfusionMatrix(threshold: threshold)
  }

  mutating func update(
    _ prediction: Tensor, _ target: Tensor, file: StaticString, line: UInt
  ) {
    matrix.update(prediction, target, file: file, line: line)
    if case .binary = average, matrix.classCount != 2 {
      programmingError(
        name,
        "the average binary is for 2 classes, not \(matrix.classCount): choose macro, micro or "
          + "weighted", file: file, line: line)
    }
  }

  var value: Double {
    let counts = (0..<matrix.classCount).map(self.counts)
    let rows = counts.reduce(0) { $0 + $1.right + $1.missed }
    if rows == 0 { return .nan }
    switch average {
    case .binary: return defined(counts[1])
    case .micro:
      let all = counts.reduce(into: Counts()) { sum, next in
        sum.right += next.right
        sum.wrong += next.wrong
        sum.missed += next.missed
      }
      return defined(all)
    case .macro:
      let present = counts.filter { $0.right + $0.wrong + $0.missed > 0 }
      return present.reduce(0) { $0 + defined($1) } / Double(present.count)
    case .weighted:
      return counts.reduce(0) { $0 + defined($1) * ($1.right + $1.missed) } / rows
    }
  }

  var accumulated: [Double] {
    get { matrix.accumulated }
    set { matrix.accumulated = newValue }
  }

  private func counts(of label: Int) -> Counts {
    var counts = Counts(right: Double(matrix[label, label]))
    for other in 0..<matrix.classCount where other != label {
      counts.wrong += Double(matrix[other, label])
      counts.missed += Double(matrix[label, other])
    }
    return counts
  }

  private func defined(_ counts: Counts) -> Double {
    let value = score(counts)
    return value.isNaN ? 0 : value
  }
}
