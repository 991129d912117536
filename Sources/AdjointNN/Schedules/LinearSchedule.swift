extension Schedule {
  /// From one rate to another in a straight line, where it stays.
  ///
  /// `start + (end - start) min(t, steps) / steps`: PyTorch's `LinearLR`. Upwards it is a warm-up.
  public static func linear(
    from start: Double, to end: Double, steps: Int, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Schedule {
    require(steps: steps, "linear", file, line)
    return Schedule { step in
      start + (end - start) * (Double(min(step, steps)) / Double(steps))
    }
  }
}
