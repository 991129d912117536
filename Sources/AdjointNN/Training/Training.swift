import Adjoint
import AdjointNotebook

/// A training loop of your own, with everything around it that `fit` has.
///
/// That is batches, progress, history, callbacks and checkpoints.
///
/// ```swift
/// let training = Training(vae, optimizer: Adam(), epochs: 10, callbacks: [EarlyStopping()])
/// for epoch in training {
///   for batch in epoch.batches(of: [images], size: 128, shuffled: true) {
///     epoch.step { vae.loss(batch[0]) }
///   }
///   epoch.validation(of: [testImages], size: 1000) { batch in
///     epoch.record("loss", vae.loss(batch[0]))
///   }
/// }
/// let history = try training.finish()
/// ```
/// `fit` is this loop for models with one input and one output. Only `step` is in training mode.
/// Everything random draws from the generator of `withGenerator(seed:)`. To end a training set
/// `shouldStop`: an epoch that is left by `break` is not ended, so it is in no history.
public final class Training {
  /// The model that callbacks and checkpoints see.
  public let model: any Module
  /// The optimizers; a step that names none takes the first.
  public let optimizers: [any Optimizer]
  /// The number of the epoch, from 0, where training ends.
  public let epochs: Int
  /// What is called on the way.
  public let callbacks: [any Callback]
  /// The settings that most do not need.
  public let options: TrainingOptions

  /// What was reported after each epoch.
  public internal(set) var history = History()
  /// The numbers of the present epoch, in the order of logs.
  public var logs: [(name: String, value: Double)] {
    let validation = position.validation?.values(prefix: "val_") ?? []
    return position.tally.values() + validation + extras
  }
  /// The number of the present epoch, from 0.
  public var epoch: Int { position.epoch }
  /// How many batches of the epoch are done.
  public var batch: Int { position.batch }
  /// How many batches are done in all.
  public internal(set) var totalBatches = 0
  /// Whether the epoch and the training end after the present batch; callbacks set it.
  public var shouldStop = false

  var position: TrainingPosition
  var policy: CheckpointPolicy?
  /// How many rows the present batch has.
  var presentRows = 1
  private(set) var failure: (any Error)?
  private let verbose: ProgressBar.Verbosity
  private let metrics: [Metric]
  private var stage = Stage.waiting
  private var bar: ProgressBar?
  private var extras: [(name: String, value: Double)] = []
  private var clock = EpochClock()
  private var steps: OptimizerSteps

  private enum Stage { case waiting, betweenEpochs, inEpoch, finished }

  /// A training of a model with several optimizers.
  ///
  /// - Parameters:
  ///   - model: what callbacks and checkpoints see: a module that holds all others.
  ///   - optimizers: the optimizers; each belongs to one or more modules inside the model.
  ///   - epochs: how many epochs there are.
  ///   - metrics: what `TrainingEpoch.measure` reports beside what is recorded.
  ///   - callbacks: what is called on the way.
  ///   - options: settings that most do not need.
  ///   - verbose: the log, in the form of Keras.
  public init(
    _ model: some Module, optimizers: [any Optimizer], epochs: Int = 1, metrics: [Metric] = [],
    callbacks: [any Callback] = [], options: TrainingOptions = TrainingOptions(),
    verbose: ProgressBar.Verbosity = .bar, file: StaticString = #fileID, line: UInt = #line
  ) {
    options.check(epochs: epochs, "Training", file, line)
    if optimizers.isEmpty {
      programmingError("Training", "needs an optimizer", file: file, line: line)
    }
    Console.enter(file: "\(file)", line: Int(line))
    (self.model, self.optimizers, self.epochs) = (model, optimizers, epochs)
    (self.metrics, self.callbacks, self.options) = (metrics, callbacks, options)
    self.verbose = verbose
    position = TrainingPosition(
      epoch: options.initialEpoch, order: Adjoint.Generator.split(), tally: Tally(metrics))
    steps = OptimizerSteps(optimizers, options)
  }

  /// A training of a model with one optimizer; see the form with several.
  public convenience init(
    _ model: some Module, optimizer: any Optimizer, epochs: Int = 1, metrics: [Metric] = [],
    callbacks: [any Callback] = [], options: TrainingOptions = TrainingOptions(),
    verbose: ProgressBar.Verbosity = .bar, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      model, optimizers: [optimizer], epochs: epochs, metrics: metrics, callbacks: callbacks,
      options: options, verbose: verbose, file: file, line: line)
  }

  /// The seconds that the present epoch has spent in training.
  public var epochSeconds: Double { clock.seconds }

  /// Adds a number to the logs of the present epoch, after all others: a learning rate for example.
  public func log(_ name: String, _ value: Double) {
    extras.removeAll { $0.name == name }
    extras.append((name, value))
  }

  /// Writes a line of its own, also while a bar is moving.
  public func announce(_ text: String) {
    let isInLine = verbose == .bar && bar != nil && Console.isInteractive
    Console.write((isInLine ? "\n" : "") + text + "\n")
  }

  /// Ends a loop: throws what has stopped it early, if anything has, and gives the history.
  ///
  /// A callback or a checkpoint that fails, on a full disk for example, ends the loop, which itself
  /// cannot throw.
  @discardableResult
  public func finish() throws -> History {
    if let failure { throw failure }
    return history
  }

  /// Does what may fail, and stops the training if it does.
  func attempt(_ body: () throws -> Void) {
    guard failure == nil else { return }
    do {
      try body()
    } catch {
      failure = error
      shouldStop = true
      announce("Training stops: \(error)")
    }
  }
}

// MARK: The loop

extension Training: Sequence {
  /// Goes through the epochs that are left, until something stops the training.
  public func makeIterator() -> Iterator { Iterator(training: self) }

  /// Goes through the epochs.
  public struct Iterator: IteratorProtocol {
    let training: Training

    /// Ends the epoch before and begins the next one.
    public func next() -> TrainingEpoch? { training.nextEpoch() }
  }

  private func nextEpoch() -> TrainingEpoch? {
    switch stage {
    case .waiting:
      for callback in callbacks { attempt { try callback.trainingBegins(self) } }
      stage = .betweenEpochs
    case .inEpoch: endEpoch()
    case .betweenEpochs, .finished: break
    }
    if stage == .finished { return nil }
    guard position.epoch < epochs, !shouldStop else {
      stage = .finished
      if let resumed = position.resumed { Adjoint.Generator.scoped = resumed.generator }
      for callback in callbacks { attempt { try callback.trainingEnds(self) } }
      return nil
    }
    beginEpoch()
    return TrainingEpoch(training: self, index: position.epoch)
  }

  private func beginEpoch() {
    if verbose != .silent, let title = ProgressLine.epoch(position.epoch + 1, of: epochs) {
      Console.write(title + "\n")
    }
    stage = .inEpoch
    steps.beginEpoch()
    clock = EpochClock()
    bar = nil
    extras = []
    if let resumed = position.resumed {
      Adjoint.Generator.scoped = resumed.epochStart
      if position.batch > 0 { return }
    } else {
      position.epochStart = Adjoint.Generator.scoped
      position.orderAtStart = position.order
    }
    position.tally = Tally(metrics)
    position.validation = nil
    position.resumed = nil
    for callback in callbacks { attempt { try callback.epochBegins(self) } }
  }

  private func endEpoch() {
    endBatches()
    if options.schedule != nil { log("learning_rate", optimizers[0].learningRate) }
    for callback in callbacks { attempt { try callback.epochEnds(self) } }
    let logs = logs
    bar?.finish(metrics: logs)
    bar = nil
    history.append(logs, seconds: clock.seconds)
    stage = .betweenEpochs
    position.epoch += 1
    position.batch = 0
    position.epochStart = Adjoint.Generator.scoped
    position.orderAtStart = position.order
    position.tally = Tally(metrics)
    position.validation = nil
    if let policy,
      policy.isDue(afterEpoch: position.epoch) || position.epoch == epochs || shouldStop
    {
      attempt { try save(to: policy.url, keepsPrevious: policy.keepsPrevious) }
    }
  }

  /// The batches of the present epoch.
  func beginBatches(_ source: BatchSource) -> BatchSource.Next {
    let count = [source.count, options.stepsPerEpoch].compactMap { $0 }.min()
    bar = ProgressBar(steps: count, verbosity: verbose)
    clock.begin()
    // A copy, because the source may look at the training while it draws.
    var order = position.order
    var batches: BatchSource.Next = { nil }
    attempt { batches = try source.epoch(position.epoch, position.batch, &order) }
    position.order = order
    if let resumed = position.resumed {
      Adjoint.Generator.scoped = resumed.generator
      position.resumed = nil
    }
    return batches
  }

  /// The batch that the epoch goes on with, if it does.
  func takeBatch(_ next: BatchSource.Next) -> [Tensor]? {
    shouldStop || position.batch >= options.stepsPerEpoch ?? .max ? nil : take(next)
  }

  /// The next batch; where it cannot be made the training stops.
  func take(_ next: BatchSource.Next) -> [Tensor]? {
    var batch: [Tensor]?
    attempt { batch = try next() }
    presentRows = batch?.first?.shape.first ?? 1
    return batch
  }

  func endBatch() {
    position.batch += 1
    totalBatches += 1
    bar?.update(position.batch, metrics: position.tally.values())
    for callback in callbacks { attempt { try callback.batchEnds(self) } }
    if let policy, policy.isDue(afterBatch: totalBatches), !steps.isAccumulating {
      attempt { try save(to: policy.url, keepsPrevious: policy.keepsPrevious) }
    }
  }

  func endBatches() {
    steps.flush()
    clock.end()
  }
}

// MARK: What happens in a batch

extension Training {
  /// One step: see ``TrainingEpoch``.
  func step(
    of module: any Module, _ optimizer: any Optimizer, _ name: String, rows: Int,
    _ file: StaticString, _ line: UInt, _ loss: () throws -> Tensor
  ) rethrows {
    try withMode(.training) {
      let trained = steps.trained(module)
      requireTrainable(trained.parameters, file, line)
      let (value, gradients) = try valueWithGradients(
        of: trained.parameters, file: file, line: line
      ) {
        let value = try loss()
        return trained.isRegularized ? value + module.regularization : value
      }
      steps.take(gradients, trained.parameters, optimizer, rows: rows)
      record(name, value.scalar, rows: rows)
    }
  }

  func record(_ name: String, _ value: Double, rows: Int) {
    if position.validation != nil {
      position.validation?.record(name, value, rows: rows)
    } else {
      position.tally.record(name, value, rows: rows)
    }
  }

  func measure(
    _ prediction: Tensor, _ target: Tensor, isLogits: Bool, _ file: StaticString, _ line: UInt
  ) {
    if position.validation != nil {
      position.validation?.measure(prediction, target, isLogits: isLogits, file, line)
    } else {
      position.tally.measure(prediction, target, isLogits: isLogits, file, line)
    }
  }

  func beginValidation(_ source: BatchSource) -> BatchSource.Next {
    clock.end()
    position.validation = Tally(metrics)
    var unused = position.order
    var batches: BatchSource.Next = { nil }
    attempt { batches = try source.epoch(position.epoch, 0, &unused) }
    return batches
  }

  /// How many steps each optimizer has made: the position in a schedule.
  var stepCounts: [Int] {
    get { steps.counts }
    set { steps.counts = newValue }
  }
}
