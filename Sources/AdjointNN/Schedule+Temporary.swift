import Adjoint

/// A learning rate that depends on the step.
public struct Schedule: Sendable {
  private let rate: @Sendable (_ step: Int) -> Double

  /// A schedule of your own.
  public init(_ rate: @escaping @Sendable (_ step: Int) -> Double) { self.rate = rate }

  /// The learning rate of a step, counted from 0.
  public func callAsFunction(
    _ step: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Double { rate(step) }
}
