import Adjoint

/// The mean over all rows of a number for each row.
struct RowMean: MetricState {
  typealias Function =
    @Sendable (_ prediction: Tensor, _ target: Tensor, _ file: StaticString, _ line: UInt) -> Tensor

  let name: String
  let function: Function
  private var mean = RunningMean()

  init(name: String, _ function: @escaping Function) {
    (self.name, self.function) = (name, function)
  }

  mutating func update(
    _ prediction: Tensor, _ target: Tensor, file: StaticString, line: UInt
  ) {
    let rows = function(prediction, target, file, line)
    if rows.shape != [prediction.shape.first ?? 0] {
      programmingError(
        name,
        "a metric gives one number per row; for predictions \(prediction.shape) that is the shape "
          + "[\(prediction.shape.first ?? 0)], but it gave \(rows.shape)", file: file, line: line)
    }
    mean.update(total: rows.sum().scalar, weight: Double(rows.elementCount))
  }

  var value: Double { mean.value }

  var accumulated: [Double] {
    get { mean.accumulated }
    set { mean.accumulated = newValue }
  }
}
