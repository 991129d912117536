import Adjoint

/// Settings of a training that most do not need.
public struct TrainingOptions: Sendable {
  /// The learning rate of every optimizer as a function of the number of its steps so far.
  ///
  /// Nil leaves it as it is.
  public var schedule: Schedule?
  /// How many batches make one step of the optimizer: their gradients are averaged, each by its rows.
  ///
  /// The result is that of one large batch for all that works on each row alone. What is left at the
  /// end of an epoch makes a step, too.
  public var accumulation: Int
  /// The number of the first epoch, from 0; `epochs` is where training ends, as in Keras.
  public var initialEpoch: Int
  /// An epoch ends after so many batches; nil for all there are.
  public var stepsPerEpoch: Int?

  /// Settings that change nothing by default.
  public init(
    schedule: Schedule? = nil, accumulation: Int = 1, initialEpoch: Int = 0,
    stepsPerEpoch: Int? = nil
  ) {
    (self.schedule, self.accumulation) = (schedule, accumulation)
    (self.initialEpoch, self.stepsPerEpoch) = (initialEpoch, stepsPerEpoch)
  }

  func check(epochs: Int, _ name: String, _ file: StaticString, _ line: UInt) {
    func require(_ isRight: Bool, _ message: @autoclosure () -> String) {
      if !isRight { programmingError(name, message(), file: file, line: line) }
    }
    require(epochs >= 0, "there are no \(epochs) epochs")
    require(accumulation >= 1, "a step needs at least one batch, not \(accumulation)")
    require(initialEpoch >= 0, "the first epoch is 0 or later, not \(initialEpoch)")
    require(stepsPerEpoch ?? 1 >= 1, "an epoch has at least one step, not \(stepsPerEpoch ?? 1)")
  }
}

extension Training {
  /// Stops the program where a schedule would undo what a callback does to the learning rate.
  func refuseSchedule(_ callback: String) {
    if options.schedule != nil {
      programmingError(
        callback,
        "a schedule sets the learning rate before every step, so the callback would change "
          + "nothing; leave out one of them")
    }
  }
}
