import Adjoint
import AdjointNotebook

extension Layer {
  /// Trains the model: each epoch takes all rows once, in a new random order, in batches.
  ///
  /// ```swift
  /// let history = model.fit(
  ///   x, y, batchSize: 128, epochs: 20, loss: .categoricalCrossEntropy, optimizer: Adam(),
  ///   metrics: [.accuracy], validation: (xTest, yTest), verbose: .line, seed: 1)
  /// ```
  ///
  /// A short last batch is kept. The training loss and metrics are means over the rows of the epoch,
  /// taken while the parameters change and with dropout on; those of the validation are taken after
  /// the epoch, in inference mode. That is why validation can look better than training. Both losses
  /// include the model's regularization.
  ///
  /// Weights of rows and classes are multiplied. As in Keras, the loss is the sum of the weighted
  /// parts divided by their number, not by the sum of weights; metrics do not use weights.
  /// - Parameters:
  ///   - x: inputs `[rows, ...]`.
  ///   - y: targets `[rows, ...]`.
  ///   - batchSize: how many rows make a step; the last batch may have fewer.
  ///   - epochs: how often all rows are taken.
  ///   - loss: what to minimise.
  ///   - optimizer: what changes the parameters.
  ///   - metrics: what to report beside the loss.
  ///   - validation: inputs and targets that are not trained on.
  ///   - validationSplit: instead of them, the share of the rows, at the end, that is not trained
  ///     on.
  ///   - classWeights: by how much the rows of a class count; 1 for those not named.
  ///   - sampleWeights: by how much each row counts, `[rows]`.
  ///   - options: schedule, accumulation, first epoch and length of an epoch.
  ///   - verbose: the log, in the form of Keras.
  ///   - seed: the seed of order and dropout; without one the generator of `withGenerator(seed:)`
  ///     is used.
  /// - Returns: the numbers of every epoch.
  @discardableResult
  public func fit(
    _ x: Tensor, _ y: Tensor, batchSize: Int = 32, epochs: Int = 1, loss: Loss,
    optimizer: any Optimizer, metrics: [Metric] = [], validation: (x: Tensor, y: Tensor)? = nil,
    validationSplit: Double = 0, classWeights: [Int: Double] = [:], sampleWeights: Tensor? = nil,
    options: TrainingOptions = TrainingOptions(), verbose: ProgressBar.Verbosity = .bar,
    seed: UInt64? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> History {
    let fitting = Fitting(loss, classWeights, file, line)
    let data = fitting.data(x, y, sampleWeights, validation, validationSplit, batchSize)
    return withSeed(seed) {
      let training = Training(
        self, optimizer: optimizer, epochs: epochs, metrics: metrics, options: options,
        verbose: verbose, file: file, line: line)
      fitting.run(training, self, data.training, data.validation)
      return training.history
    }
  }

  /// Trains the model with callbacks or checkpoints, whose failures are thrown.
  ///
  /// Everything else is as without them; a call that names neither needs no `try`.
  ///
  /// - Parameters:
  ///   - x: inputs `[rows, ...]`.
  ///   - y: targets `[rows, ...]`.
  ///   - batchSize: how many rows make a step; the last batch may have fewer.
  ///   - epochs: how often all rows are taken.
  ///   - loss: what to minimise.
  ///   - optimizer: what changes the parameters.
  ///   - metrics: what to report beside the loss.
  ///   - validation: inputs and targets that are not trained on.
  ///   - validationSplit: instead of them, the share of the rows, at the end, that is not trained
  ///     on.
  ///   - classWeights: by how much the rows of a class count; 1 for those not named.
  ///   - sampleWeights: by how much each row counts, `[rows]`.
  ///   - callbacks: what is called on the way, such as ``EarlyStopping``.
  ///   - checkpoint: where and how often everything is saved; if the file is there already,
  ///     training goes on from it.
  ///   - options: schedule, accumulation, first epoch and length of an epoch.
  ///   - verbose: the log, in the form of Keras.
  ///   - seed: the seed of order and dropout; without one the generator of `withGenerator(seed:)`
  ///     is used.
  @discardableResult
  @_disfavoredOverload
  public func fit(
    _ x: Tensor, _ y: Tensor, batchSize: Int = 32, epochs: Int = 1, loss: Loss,
    optimizer: any Optimizer, metrics: [Metric] = [], validation: (x: Tensor, y: Tensor)? = nil,
    validationSplit: Double = 0, classWeights: [Int: Double] = [:], sampleWeights: Tensor? = nil,
    callbacks: [any Callback] = [], checkpoint: CheckpointPolicy? = nil,
    options: TrainingOptions = TrainingOptions(), verbose: ProgressBar.Verbosity = .bar,
    seed: UInt64? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> History {
    let fitting = Fitting(loss, classWeights, file, line)
    let data = fitting.data(x, y, sampleWeights, validation, validationSplit, batchSize)
    return try withSeed(seed) {
      let training = Training(
        self, optimizer: optimizer, epochs: epochs, metrics: metrics, callbacks: callbacks,
        options: options, verbose: verbose, file: file, line: line)
      if let checkpoint { try training.enableCheckpoints(checkpoint) }
      fitting.run(training, self, data.training, data.validation)
      return try training.finish()
    }
  }

  /// Trains the model on batches of a loader or of any sequence.
  ///
  /// A batch is inputs and targets, and if wanted the weights of the rows. Everything else is as for
  /// tensors.
  @discardableResult
  public func fit(
    _ batches: BatchSource, epochs: Int = 1, loss: Loss, optimizer: any Optimizer,
    metrics: [Metric] = [], validation: BatchSource? = nil, classWeights: [Int: Double] = [:],
    callbacks: [any Callback] = [], checkpoint: CheckpointPolicy? = nil,
    options: TrainingOptions = TrainingOptions(), verbose: ProgressBar.Verbosity = .bar,
    seed: UInt64? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> History {
    let fitting = Fitting(loss, classWeights, file, line)
    return try withSeed(seed) {
      let training = Training(
        self, optimizer: optimizer, epochs: epochs, metrics: metrics, callbacks: callbacks,
        options: options, verbose: verbose, file: file, line: line)
      if let checkpoint { try training.enableCheckpoints(checkpoint) }
      fitting.run(training, self, batches, validation)
      return try training.finish()
    }
  }
}

private func withSeed<Result>(_ seed: UInt64?, _ body: () throws -> Result) rethrows -> Result {
  guard let seed else { return try body() }
  return try withGenerator(seed: seed, body)
}
