extension Schedule {
  /// The same rate in every step.
  public static func constant(_ rate: Double) -> Schedule { Schedule { _ in rate } }
}
