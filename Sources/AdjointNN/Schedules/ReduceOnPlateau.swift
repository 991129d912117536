import Adjoint

/// A learning rate that falls when a metric has stopped to get better.
///
/// ```swift
/// var plateau = ReduceOnPlateau(factor: 0.5, patience: 3)
/// for epoch in 0..<20 {
///   // ... an epoch, which gives `validationLoss`
///   optimizer.learningRate = plateau(optimizer.learningRate, metric: validationLoss)
/// }
/// ```
///
/// After more than `patience` metrics in a row that are no better than the best, the rate is
/// multiplied by `factor`; during the `cooldown` metrics that follow nothing is counted. NaN is never
/// better. PyTorch's `ReduceLROnPlateau`.
public struct ReduceOnPlateau: Sendable {
  /// Which metrics are better.
  public enum Direction: Sendable {
    /// Smaller ones, as of a loss.
    case minimize
    /// Larger ones, as of an accuracy.
    case maximize
  }

  /// How much better a metric must be than the best to count.
  public enum Threshold: Sendable {
    /// By this share of the best.
    case relative(Double)
    /// By this number.
    case absolute(Double)
  }

  /// Which metrics are better.
  public let direction: Direction
  /// What the rate is multiplied by, below 1.
  public let factor: Double
  /// How many metrics without progress are borne.
  public let patience: Int
  /// How much better a metric must be.
  public let threshold: Threshold
  /// How many metrics are passed over after a reduction.
  public let cooldown: Int
  /// What the rate never falls below.
  public let minimum: Double
  /// A reduction by less than this is left out.
  public let epsilon: Double

  /// The best metric so far.
  public private(set) var best: Double
  private var badCount = 0
  private var cooldownCount = 0

  /// The settings of PyTorch by default.
  public init(
    _ direction: Direction = .minimize, factor: Double = 0.1, patience: Int = 10,
    threshold: Threshold = .relative(1e-4), cooldown: Int = 0, minimum: Double = 0,
    epsilon: Double = 1e-8, file: StaticString = #fileID, line: UInt = #line
  ) {
    func require(_ isRight: Bool, _ message: @autoclosure () -> String) {
      if !isRight { programmingError("ReduceOnPlateau", message(), file: file, line: line) }
    }
    require(factor >= 0 && factor < 1, "factor must be in 0 ..< 1, not \(factor)")
    require(patience >= 0, "patience must not be negative, but is \(patience)")
    require(cooldown >= 0, "cooldown must not be negative, but is \(cooldown)")
    (self.direction, self.factor, self.patience) = (direction, factor, patience)
    (self.threshold, self.cooldown) = (threshold, cooldown)
    (self.minimum, self.epsilon) = (minimum, epsilon)
    best = direction == .minimize ? .infinity : -.infinity
  }

  /// The learning rate that follows on `rate` after a metric.
  public mutating func callAsFunction(_ rate: Double, metric: Double) -> Double {
    if isBetter(metric) {
      (best, badCount) = (metric, 0)
    } else {
      badCount += 1
    }
    if cooldownCount > 0 {
      cooldownCount -= 1
      badCount = 0
    }
    if badCount <= patience { return rate }
    (cooldownCount, badCount) = (cooldown, 0)
    let reduced = max(rate * factor, minimum)
    return rate - reduced > epsilon ? reduced : rate
  }

  private func isBetter(_ metric: Double) -> Bool {
    switch (direction, threshold) {
    case (.minimize, .relative(let share)): metric < best * (1 - share)
    case (.minimize, .absolute(let margin)): metric < best - margin
    case (.maximize, .relative(let share)): metric > best * (1 + share)
    case (.maximize, .absolute(let margin)): metric > best + margin
    }
  }

  // MARK: State

  /// What has been seen, as numbers: `best`, `badCount` and `cooldownCount`.
  public var stateDictionary: [String: Tensor] {
    [
      "best": Tensor(best, dtype: .float64), "badCount": Tensor([badCount], shape: []),
      "cooldownCount": Tensor([cooldownCount], shape: []),
    ]
  }

  /// Continues where the one that gave the dictionary stopped.
  ///
  /// If anything does not fit, nothing changes.
  public mutating func load(stateDictionary: [String: Tensor]) throws(StateMismatch) {
    var reader = StateReader(stateDictionary)
    let best = reader.number("best", in: -Double.infinity...Double.infinity)
    let (bad, cooldown) = (reader.count("badCount"), reader.count("cooldownCount"))
    try reader.finish()
    (self.best, badCount, cooldownCount) = (best ?? self.best, bad ?? 0, cooldown ?? 0)
  }
}
