/// The time an epoch spends in training.
struct EpochClock {
  private var start: ContinuousClock.Instant?
  private(set) var seconds = 0.0

  mutating func begin() { start = .now }

  mutating func end() {
    if let start { seconds += (.now - start) / .seconds(1) }
    start = nil
  }
}
