import Foundation

/// Where and how often a training saves everything, so that it can go on after an interruption.
///
/// ```swift
/// try model.fit(
///   x, y, epochs: 100, loss: .categoricalCrossEntropy, optimizer: Adam(),
///   checkpoint: CheckpointPolicy(url, everySteps: 500))
/// ```
/// Run again after it was killed, the same program finds the file and continues; the weights at the
/// end are the same bits as those of an unbroken run. A training that is over is not repeated.
public struct CheckpointPolicy: Sendable {
  /// The file.
  public let url: URL
  /// Save after so many batches; nil for not within an epoch.
  public let everySteps: Int?
  /// Save after so many epochs, and after the last one in any case.
  public let everyEpochs: Int
  /// Whether training goes on from the file if it is there.
  public let resumes: Bool
  /// Whether the file before is kept, under the same name with `.previous` at the end.
  public let keepsPrevious: Bool

  /// A checkpoint after each epoch by default, from which training goes on.
  public init(
    _ url: URL, everySteps: Int? = nil, everyEpochs: Int = 1, resumes: Bool = true,
    keepsPrevious: Bool = false
  ) {
    (self.url, self.resumes, self.keepsPrevious) = (url, resumes, keepsPrevious)
    self.everySteps = everySteps.map { max(1, $0) }
    self.everyEpochs = max(1, everyEpochs)
  }

  func isDue(afterEpoch count: Int) -> Bool { count % everyEpochs == 0 }

  func isDue(afterBatch count: Int) -> Bool {
    everySteps.map { count % $0 == 0 } ?? false
  }
}
