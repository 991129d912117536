extension Schedule {
  /// Schedules at the same time: the product of their values, of which all but one are factors.
  ///
  /// ```swift
  /// Schedule.chained([.exponential(from: 0.1, factor: 0.99), .linear(from: 0.01, to: 1, steps: 20)])
  /// ```
  ///
  /// PyTorch's `ChainedScheduler`.
  public static func chained(_ schedules: [Schedule]) -> Schedule {
    Schedule { step in schedules.reduce(1) { $0 * $1(step) } }
  }
}
