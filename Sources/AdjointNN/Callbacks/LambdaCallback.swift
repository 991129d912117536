/// A callback made of functions.
///
/// ```swift
/// LambdaCallback(epochEnds: { training in print(training.epoch, training.logs) })
/// ```
public final class LambdaCallback: Callback {
  /// What is called; what it throws ends the training.
  public typealias Function = (_ training: Training) throws -> Void

  private let functions: [Function?]

  /// Functions for the moments that ``Callback`` describes.
  public init(
    trainingBegins: Function? = nil, epochBegins: Function? = nil, batchEnds: Function? = nil,
    epochEnds: Function? = nil, trainingEnds: Function? = nil
  ) {
    functions = [trainingBegins, epochBegins, batchEnds, epochEnds, trainingEnds]
  }

  /// Calls the function for it.
  public func trainingBegins(_ training: Training) throws { try functions[0]?(training) }
  /// Calls the function for it.
  public func epochBegins(_ training: Training) throws { try functions[1]?(training) }
  /// Calls the function for it.
  public func batchEnds(_ training: Training) throws { try functions[2]?(training) }
  /// Calls the function for it.
  public func epochEnds(_ training: Training) throws { try functions[3]?(training) }
  /// Calls the function for it.
  public func trainingEnds(_ training: Training) throws { try functions[4]?(training) }
}
