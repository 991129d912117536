import Adjoint

/// One epoch of a ``Training``.
public struct TrainingEpoch {
  let training: Training
  /// The number of the epoch, from 0.
  public let index: Int

  /// The batches to train on, once in an epoch; between them progress is shown and callbacks run.
  ///
  /// So that an interrupted epoch can go on, the batches follow from the number of the epoch and the
  /// generator: an order that was prepared before the loop is the same when it is prepared again.
  public func batches(_ source: BatchSource) -> TrainingBatches {
    TrainingBatches(training: training, source: source)
  }

  /// The batches of a sequence to train on.
  public func batches(_ sequence: some Sequence<[Tensor]>) -> TrainingBatches {
    batches(BatchSource(sequence))
  }

  /// Rows of tensors to train on, each once, in a new random order if `shuffled`.
  public func batches(
    of tensors: [Tensor], size: Int, shuffled: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> TrainingBatches {
    batches(BatchSource(of: tensors, size: size, shuffled: shuffled, file: file, line: line))
  }

  /// A step of an optimizer against a loss, in training mode.
  ///
  /// The regularization of the module is added to the loss. What is recorded is the mean over all
  /// rows of the epoch.
  /// - Parameters:
  ///   - module: what is trained; the training's model by default.
  ///   - optimizer: its optimizer; the training's first by default.
  ///   - name: the name of the loss in logs.
  ///   - loss: gives a single number for the present batch.
  public func step(
    _ module: (any Module)? = nil, _ optimizer: (any Optimizer)? = nil, name: String = "loss",
    file: StaticString = #fileID, line: UInt = #line, loss: () throws -> Tensor
  ) rethrows {
    try training.step(
      of: module ?? training.model, optimizer ?? training.optimizers[0], name,
      rows: training.presentRows, file, line, loss)
  }

  /// Reports a number of the present batch: the mean over the rows of the epoch is shown.
  ///
  /// - Parameters:
  ///   - name: the name in logs; in a validation `val_` is put in front.
  ///   - value: a single number.
  ///   - rows: by how much it counts; as many as the present batch has by default.
  public func record(_ name: String, _ value: Double, rows: Int? = nil) {
    training.record(name, value, rows: rows ?? training.presentRows)
  }

  /// Reports a number of the present batch.
  @_disfavoredOverload
  public func record(_ name: String, _ value: Tensor, rows: Int? = nil) {
    record(name, value.detached.scalar, rows: rows)
  }

  /// Lets the training's metrics see the present batch.
  public func measure(
    _ prediction: Tensor, _ target: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) {
    training.measure(prediction.detached, target, isLogits: false, file, line)
  }

  /// Goes through batches that are not trained on, in inference mode and without recording.
  ///
  /// What the body records and measures has `val_` in front. It comes after the training batches.
  public func validation(_ source: BatchSource, _ body: (_ batch: [Tensor]) throws -> Void) rethrows
  {
    let batches = training.beginValidation(source)
    try withMode(.inference) {
      try withoutRecording {
        while let batch = training.take(batches) { try body(batch) }
      }
    }
  }

  /// Goes through rows of tensors that are not trained on.
  public func validation(
    of tensors: [Tensor], size: Int, file: StaticString = #fileID, line: UInt = #line,
    _ body: (_ batch: [Tensor]) throws -> Void
  ) rethrows {
    try validation(BatchSource(of: tensors, size: size, file: file, line: line), body)
  }
}

/// The batches of an epoch of a ``Training``.
public struct TrainingBatches: Sequence {
  let training: Training
  let source: BatchSource

  /// Starts the epoch's batches.
  public func makeIterator() -> Iterator { Iterator(training, source) }

  /// Goes through the batches.
  public struct Iterator: IteratorProtocol {
    private let training: Training
    private let batches: BatchSource.Next
    private var isInBatch = false

    fileprivate init(_ training: Training, _ source: BatchSource) {
      self.training = training
      batches = training.beginBatches(source)
    }

    /// Ends the batch before, and gives the next one.
    public mutating func next() -> [Tensor]? {
      if isInBatch { training.endBatch() }
      let batch = training.takeBatch(batches)
      isInBatch = batch != nil
      if !isInBatch { training.endBatches() }
      return batch
    }
  }
}
