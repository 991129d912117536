import Adjoint

extension Metric {
  /// The share of the targets' variance that predictions explain: 1 - Σ (y - p)² / Σ (y - mean)².
  ///
  /// For several outputs it is the mean over them. As in scikit-learn, targets that are all equal
  /// give 1 if they are met exactly, else 0; less than two rows give NaN.
  ///
  /// Shapes: predictions and targets alike, `[n]` or `[n, outputs]`.
  public static let r2 = Metric("r2_score", DeterminationCoefficient())
}

/// Sums for the coefficient of determination, of every output.
private struct DeterminationCoefficient: MetricState {
  private var count = 0.0
  private var means: [Double] = []
  /// Sums of squared deviations of the targets from their means.
  private var deviations: [Double] = []
  /// Sums of squared errors.
  private var residuals: [Double] = []

  mutating func update(
    _ prediction: Tensor, _ target: Tensor, file: StaticString, line: UInt
  ) {
    let error = errors("r2", prediction, target, file, line)
    let rows = target.shape[0]
    if rows == 0 { return }
    let targets = target.cast(to: .float64).reshaped(rows, -1)
    let mean = targets.mean(axes: [0])
    let deviation = square(targets - mean).sum(axes: [0]).scalars
    let residual = square(error).reshaped(rows, -1).sum(axes: [0]).scalars
    if count == 0 {
      means = Array(repeating: 0, count: residual.count)
      (deviations, residuals) = (means, means)
    }
    if residual.count != means.count {
      programmingError(
        "r2", "there were \(means.count) outputs, now there are \(residual.count)", file: file,
        line: line)
    }
    // The deviations of two parts are joined by way of their means (Chan, Golub and LeVeque, 1979):
    // sums of squares would cancel for targets far from zero.
    let total = count + Double(rows)
    for (output, batchMean) in mean.scalars.enumerated() {
      let step = batchMean - means[output]
      deviations[output] += deviation[output] + step * step * count * Double(rows) / total
      means[output] += step * Double(rows) / total
      residuals[output] += residual[output]
    }
    count = total
  }

  var value: Double {
    if count < 2 { return .nan }
    let scores = zip(residuals, deviations).map { residual, deviation -> Double in
      if deviation == 0 { return residual == 0 ? 1 : 0 }
      return 1 - residual / deviation
    }
    return scores.reduce(0, +) / Double(scores.count)
  }

  /// The number of rows, then means, deviations and residuals.
  var accumulated: [Double] {
    get { [count] + means + deviations + residuals }
    set {
      guard newValue.count % 3 == 1 else { return }
      let outputs = newValue.count / 3
      count = newValue[0]
      means = Array(newValue[1..<1 + outputs])
      deviations = Array(newValue[1 + outputs..<1 + 2 * outputs])
      residuals = Array(newValue[(1 + 2 * outputs)...])
    }
  }
}
