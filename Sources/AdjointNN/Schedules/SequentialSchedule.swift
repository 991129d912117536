extension Schedule {
  /// Schedules one after another: each begins, at its own step 0, at a milestone.
  ///
  /// ```swift
  /// Schedule.sequential(
  ///   [.linear(from: 0, to: 0.1, steps: 500), .cosine(from: 0.1, steps: 9500)], milestones: [500])
  /// ```
  ///
  /// PyTorch's `SequentialLR`.
  /// - Parameters:
  ///   - schedules: the first one and those after it.
  ///   - milestones: where the second and the following ones begin, in rising order.
  public static func sequential(
    _ schedules: [Schedule], milestones: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    require(
      schedules.count == milestones.count + 1, "sequential",
      "\(schedules.count) schedules need one milestone less, not \(milestones.count)", file, line)
    let isRising = zip([0] + milestones, milestones).allSatisfy { $0 < $1 }
    require(
      isRising, "sequential", "the milestones must be above 0 and rise, not \(milestones)", file,
      line)
    return Schedule { step in
      let index = milestones.count { $0 <= step }
      return schedules[index](index == 0 ? step : step - milestones[index - 1])
    }
  }
}
