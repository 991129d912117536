import Adjoint

/// What is called on the way of a training, by `fit` and by loops of your own.
///
/// A callback reads the training's `logs`, `history` and `model`, changes the learning rate of its
/// `optimizers`, adds to the logs, or sets `shouldStop`. What it throws ends the training.
public protocol Callback: AnyObject {
  /// Before the first epoch; after a resume the history holds the epochs before.
  func trainingBegins(_ training: Training) throws
  /// Before the first batch of an epoch; not again where an interrupted epoch goes on.
  func epochBegins(_ training: Training) throws
  /// After each batch.
  func batchEnds(_ training: Training) throws
  /// After each epoch and its validation; the logs are complete but for what callbacks add.
  func epochEnds(_ training: Training) throws
  /// After the last epoch.
  func trainingEnds(_ training: Training) throws

  /// What a checkpoint must hold so that a resumed training goes on alike; nothing by default.
  var stateDictionary: [String: Tensor] { get }
  /// Continues where the callback that gave the dictionary stopped.
  func load(stateDictionary: [String: Tensor]) throws(StateMismatch)
}

extension Callback {
  /// Does nothing.
  public func trainingBegins(_ training: Training) throws {}
  /// Does nothing.
  public func epochBegins(_ training: Training) throws {}
  /// Does nothing.
  public func batchEnds(_ training: Training) throws {}
  /// Does nothing.
  public func epochEnds(_ training: Training) throws {}
  /// Does nothing.
  public func trainingEnds(_ training: Training) throws {}
  /// Nothing: the callback remembers nothing.
  public var stateDictionary: [String: Tensor] { [:] }
  /// Refuses anything.
  public func load(stateDictionary: [String: Tensor]) throws(StateMismatch) {
    try StateMismatch.check(stateDictionary, fits: [])
  }
}
