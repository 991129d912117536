import Adjoint

extension Metric {
  /// The mean of (prediction - target)² over all elements.
  ///
  /// Shapes: predictions and targets alike, `[n, ...]`; they are not broadcast.
  public static let meanSquaredError = Metric(
    "mean_squared_error", ErrorMean("meanSquaredError") { square($0) })

  /// The mean of |prediction - target| over all elements.
  ///
  /// Shapes: as for `meanSquaredError`.
  public static let meanAbsoluteError = Metric(
    "mean_absolute_error", ErrorMean("meanAbsoluteError") { abs($0) })

  /// The root of the mean of (prediction - target)² over all elements, in the unit of the targets.
  ///
  /// Shapes: as for `meanSquaredError`.
  public static let rootMeanSquaredError = Metric(
    "root_mean_squared_error",
    ErrorMean("rootMeanSquaredError", finally: { $0.squareRoot() }) { square($0) })
}

/// The mean over all elements of a function of prediction - target.
private struct ErrorMean: MetricState {
  private let name: String
  private let function: @Sendable (_ error: Tensor) -> Tensor
  private let finally: @Sendable (Double) -> Double
  private var mean = RunningMean()

  init(
    _ name: String, finally: @escaping @Sendable (Double) -> Double = { $0 },
    _ function: @escaping @Sendable (_ error: Tensor) -> Tensor
  ) {
    (self.name, self.function, self.finally) = (name, function, finally)
  }

  mutating func update(
    _ prediction: Tensor, _ target: Tensor, file: StaticString, line: UInt
  ) {
    mean.update(function(errors(name, prediction, target, file, line)))
  }

  var value: Double { finally(mean.value) }

  var accumulated: [Double] {
    get { mean.accumulated }
    set { mean.accumulated = newValue }
  }
}

/// prediction - target in double precision, so that sums over many batches keep their digits.
func errors(
  _ name: String, _ prediction: Tensor, _ target: Tensor, _ file: StaticString, _ line: UInt
) -> Tensor {
  if prediction.shape != target.shape || prediction.rank == 0 {
    programmingError(
      name,
      "needs predictions [n, ...] and targets of that shape, not \(prediction.shape) and "
        + "\(target.shape)", file: file, line: line)
  }
  return prediction.cast(to: .float64) - target.cast(to: .float64)
}
