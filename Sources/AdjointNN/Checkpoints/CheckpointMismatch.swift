/// Why a checkpoint does not belong to the training that should go on from it.
public struct CheckpointMismatch: Error, Equatable, Sendable, CustomStringConvertible {
  /// What differs.
  public enum Part: String, Sendable {
    /// The parameters and buffers of the model.
    case model
    /// An optimizer, or their number.
    case optimizer
    /// A callback, or their number.
    case callback
    /// The metrics.
    case metrics
  }

  /// The file.
  public let file: String
  /// What differs.
  public let part: Part
  /// Everything that differs there.
  public let message: String

  /// One line: `file: the model differs: ...`.
  public var description: String {
    "\(file): the \(part.rawValue) \(part == .metrics ? "differ" : "differs"): \(message)"
  }
}
