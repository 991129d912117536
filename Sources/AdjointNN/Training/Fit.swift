import Adjoint
import AdjointData
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
  /// the epoch, in inference mode. That is why validation can look better than training.
  /// - Parameters:
  ///   - x: inputs `[rows, ...]`.
  ///   - y: targets `[rows, ...]`.
  ///   - metrics: what to report beside the loss.
  ///   - validation: inputs and targets that are not trained on.
  ///   - verbose: the log, in the form of Keras.
  ///   - seed: the seed of order and dropout; without one the generator of `withGenerator(seed:)` is
  ///     used.
  /// - Returns: the numbers of every epoch.
  @discardableResult
  public func fit(
    _ x: Tensor, _ y: Tensor, batchSize: Int = 32, epochs: Int = 1, loss: Loss,
    optimizer: any Optimizer, metrics: [Metric] = [], validation: (x: Tensor, y: Tensor)? = nil,
    verbose: ProgressBar.Verbosity = .bar, seed: UInt64? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> History {
    func train() -> History {
      checkRows("fit", x, y, file, line)
      if epochs < 0 {
        programmingError("fit", "there are no \(epochs) epochs", file: file, line: line)
      }
      if let validation { checkRows("fit: validation", validation.x, validation.y, file, line) }
      Console.enter(file: "\(file)", line: Int(line))
      let objective = Objective(self, loss, metrics, file, line)
      let parameters = trainableParameters
      var generator = Generator.split()
      var history = History()
      for epoch in 0..<epochs {
        if verbose != .silent, let title = ProgressLine.epoch(epoch + 1, of: epochs) {
          Console.write(title + "\n")
        }
        let batches = Batches(
          of: [x, y], size: batchSize, shuffledBy: &generator, file: file, line: line)
        var bar = ProgressBar(steps: batches.count, verbosity: verbose)
        let start = ContinuousClock.now
        let means = trainEpoch(objective, parameters, optimizer, batches, &bar)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        var logs = means
        if let validation {
          let found = objective.evaluate(
            validation.x, validation.y, batchSize: max(batchSize, 1024))
          logs += found.map { ("val_" + $0.name, $0.value) }
        }
        bar.finish(metrics: logs)
        history.append(logs, seconds: seconds)
      }
      return history
    }
    return seed.map { withGenerator(seed: $0, train) } ?? train()
  }
}

private func trainEpoch(
  _ objective: Objective, _ parameters: [Parameter], _ optimizer: any Optimizer,
  _ batches: Batches, _ bar: inout ProgressBar
) -> [(name: String, value: Double)] {
  var means = RunningMeans(objective)
  withMode(.training) {
    for (step, batch) in batches.enumerated() {
      var result = batch[0]
      let (loss, gradients) = valueWithGradients(of: parameters) {
        let (loss, output) = objective(batch[0], batch[1])
        result = output
        return loss
      }
      optimizer.update(parameters, gradients)
      means.add(loss: loss, result: result, target: batch[1])
      bar.update(step + 1, metrics: means.values)
    }
  }
  return means.values
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
