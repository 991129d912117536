import Adjoint

/// The mean of numbers that come one after another.
///
/// ```swift
/// var mean = RunningMean()
/// for batch in batches { mean.update(loss(batch).scalar, weight: Double(batch[0].shape[0])) }
/// print(mean.value)
/// ```
public struct RunningMean: Sendable {
  private var total = 0.0
  private var weight = 0.0

  /// The mean of nothing yet.
  public init() {}

  /// The mean of everything so far; NaN of nothing.
  public var value: Double { total / weight }

  /// Takes in a number that counts as much as its weight, such as the rows of its batch.
  public mutating func update(_ value: Double, weight: Double = 1) {
    update(total: value * weight, weight: weight)
  }

  /// Takes in every element of a tensor.
  public mutating func update(_ values: Tensor) {
    update(total: values.detached.sum().scalar, weight: Double(values.elementCount))
  }

  mutating func update(total: Double, weight: Double) {
    self.total += total
    self.weight += weight
  }

  /// Sum and weight.
  var accumulated: [Double] {
    get { [total, weight] }
    set { if newValue.count == 2 { (total, weight) = (newValue[0], newValue[1]) } }
  }
}
