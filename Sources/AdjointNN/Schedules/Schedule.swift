import Adjoint

/// A learning rate that depends on the step.
///
/// A schedule is a function of the number of the step, from 0, and nothing else: whoever knows the
/// step can go on. What a step is, a batch or an epoch, is up to the caller.
///
/// ```swift
/// let schedule = Schedule.cosine(from: 0.1, to: 0, steps: 1000)
/// for step in 0..<1000 {
///   optimizer.learningRate = schedule(step)
///   // ... a step of the optimizer
/// }
/// ```
///
/// One that depends on how training goes is ``ReduceOnPlateau``.
public struct Schedule: Sendable {
  private let rate: @Sendable (_ step: Int) -> Double

  /// A schedule of your own.
  public init(_ rate: @escaping @Sendable (_ step: Int) -> Double) { self.rate = rate }

  /// The learning rate of a step, counted from 0.
  public func callAsFunction(
    _ step: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Double {
    if step < 0 {
      programmingError("Schedule", "steps count from 0, not \(step)", file: file, line: line)
    }
    return rate(step)
  }

  /// Stops the program because of a wrong setting.
  static func require(
    _ isRight: Bool, _ name: String, _ message: @autoclosure () -> String, _ file: StaticString,
    _ line: UInt
  ) {
    if !isRight { programmingError("Schedule.\(name)", message(), file: file, line: line) }
  }

  /// Stops the program unless there is a step at least.
  static func require(
    steps: Int, _ name: String, _ file: StaticString, _ line: UInt
  ) {
    require(steps > 0, name, "needs at least one step, not \(steps)", file, line)
  }
}
