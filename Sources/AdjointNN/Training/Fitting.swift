import Adjoint

/// What the forms of `fit` have in common.
struct Fitting {
  private let loss: Loss
  private let classWeights: ClassWeights?
  private let file: StaticString
  private let line: UInt

  init(
    _ loss: Loss, _ classWeights: [Int: Double], _ file: StaticString, _ line: UInt
  ) {
    self.loss = loss
    (self.file, self.line) = (file, line)
    self.classWeights = ClassWeights(classWeights, file, line)
  }

  /// Trains until the epochs are over or something stops.
  func run(
    _ training: Training, _ model: some Layer, _ source: BatchSource, _ validation: BatchSource?
  ) {
    let objective = Objective(model, loss, file, line)
    for epoch in training {
      for batch in epoch.batches(source) {
        objective.requireBatch(batch)
        let batch = classWeights?.applied(to: batch) ?? batch
        var result = batch[0]
        epoch.step(file: file, line: line) {
          let found = objective(batch[0], batch[1], weights: batch.count == 3 ? batch[2] : nil)
          result = found.result
          return found.loss
        }
        training.measure(result, batch[1], isLogits: objective.givesLogits, file, line)
      }
      guard let validation else { continue }
      let penalty = model.regularization.detached.scalar
      epoch.validation(validation) { batch in
        objective.requireBatch(batch)
        let found = objective(batch[0], batch[1], weights: batch.count == 3 ? batch[2] : nil)
        epoch.record("loss", found.loss.scalar + penalty)
        training.measure(found.result, batch[1], isLogits: objective.givesLogits, file, line)
      }
    }
  }

  /// The batches of tensors, and those of the validation.
  func data(
    _ x: Tensor, _ y: Tensor, _ weights: Tensor?, _ validation: (x: Tensor, y: Tensor)?,
    _ split: Double, _ batchSize: Int
  ) -> (training: BatchSource, validation: BatchSource?) {
    checkRows("fit", x, y, file, line)
    requireBatchSize("fit", batchSize, file, line)
    if let validation { checkRows("fit: validation", validation.x, validation.y, file, line) }
    let rows = x.shape[0]
    if let weights, weights.shape != [rows] {
      fail("there are \(rows) rows, but weights \(weights.shape)")
    }
    let all = [x, y] + (weights.map { [$0] } ?? [])
    func source(_ tensors: [Tensor], _ size: Int, shuffled: Bool) -> BatchSource {
      BatchSource(of: tensors, size: size, shuffled: shuffled, file: file, line: line)
    }
    // Validation keeps nothing for a backward pass, so its batches may be larger.
    let large = max(batchSize, 1024)
    if split == 0 {
      return (
        source(all, batchSize, shuffled: true),
        validation.map { source([$0.x, $0.y], large, shuffled: false) }
      )
    }
    if validation != nil { fail("give either validation or validationSplit") }
    let kept = (0..<1).contains(split) ? Int((Double(rows) * (1 - split)).rounded(.down)) : 0
    if kept == 0 || kept == rows {
      fail("validationSplit \(split) of \(rows) rows leaves nothing for one of both parts")
    }
    return (
      source(all.map { $0[..<kept] }, batchSize, shuffled: true),
      source(all.map { $0[kept...] }, large, shuffled: false)
    )
  }

  private func fail(_ message: String) -> Never {
    programmingError("fit", message, file: file, line: line)
  }
}

/// Stops the program unless there are inputs and as many targets.
func checkRows(
  _ name: String, _ x: Tensor, _ y: Tensor, _ file: StaticString, _ line: UInt
) {
  if x.rank == 0 || x.shape.first == 0 || x.shape.first != y.shape.first {
    programmingError(
      name,
      "needs as many inputs as targets and at least one, not shapes \(x.shape) and \(y.shape)",
      file: file, line: line)
  }
}

/// Stops the program unless a batch has a row at least.
func requireBatchSize(_ name: String, _ size: Int, _ file: StaticString, _ line: UInt) {
  if size < 1 {
    programmingError(name, "batchSize must be at least 1, not \(size)", file: file, line: line)
  }
}
