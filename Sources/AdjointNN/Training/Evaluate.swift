import Adjoint
import AdjointData
import AdjointNotebook

/// The loss and metrics of a model on some data.
public struct Evaluation: Sendable {
  /// The numbers by name.
  public let values: [String: Double]

  /// The mean loss.
  public var loss: Double { self["loss"] }
  /// The mean accuracy, if that metric was asked for.
  public var accuracy: Double { self["accuracy"] }

  /// A number by name; one that was not asked for stops the program.
  public subscript(_ name: String, file: StaticString = #fileID, line: UInt = #line) -> Double {
    guard let value = values[name] else {
      programmingError(
        "Evaluation",
        "there is no \"\(name)\", only \(values.keys.sorted().joined(separator: ", "))",
        file: file, line: line)
    }
    return value
  }
}

extension Layer {
  /// The mean loss and metrics over all rows, in inference mode.
  ///
  /// The loss includes the model's regularization, as in Keras.
  ///
  /// - Parameters:
  ///   - x: inputs `[rows, ...]`.
  ///   - y: targets `[rows, ...]`.
  ///   - batchSize: how many rows are computed together.
  ///   - loss: what to report first.
  ///   - metrics: what to report beside it.
  ///   - verbose: the log, in the form of Keras.
  public func evaluate(
    _ x: Tensor, _ y: Tensor, batchSize: Int = 32, loss: Loss, metrics: [Metric] = [],
    verbose: ProgressBar.Verbosity = .bar, file: StaticString = #fileID, line: UInt = #line
  ) -> Evaluation {
    checkRows("evaluate", x, y, file, line)
    requireBatchSize("evaluate", batchSize, file, line)
    return evaluate(
      BatchSource(of: [x, y], size: batchSize, file: file, line: line), loss: loss,
      metrics: metrics, verbose: verbose, file: file, line: line)
  }

  /// The mean loss and metrics over the rows of batches, in inference mode.
  ///
  /// - Parameters:
  ///   - batches: each is inputs and targets, and if wanted the weights of the rows in the loss.
  ///   - loss: what to report first.
  ///   - metrics: what to report beside it.
  ///   - verbose: the log, in the form of Keras.
  public func evaluate(
    _ batches: BatchSource, loss: Loss, metrics: [Metric] = [],
    verbose: ProgressBar.Verbosity = .bar, file: StaticString = #fileID, line: UInt = #line
  ) -> Evaluation {
    Console.enter(file: "\(file)", line: Int(line))
    let objective = Objective(self, loss, file, line)
    return withMode(.inference) {
      withoutRecording {
        let penalty = regularization.detached.scalar
        var tally = Tally(metrics)
        var bar = ProgressBar(steps: batches.count, verbosity: verbose)
        for (step, batch) in batches.pass().enumerated() {
          objective.requireBatch(batch)
          let found = objective(batch[0], batch[1], weights: batch.count == 3 ? batch[2] : nil)
          tally.record("loss", found.loss.scalar + penalty, rows: batch[0].shape[0])
          tally.measure(
            found.result, batch[1], isLogits: objective.givesLogits, file, line)
          bar.update(step + 1, metrics: tally.values())
        }
        bar.finish(metrics: tally.values())
        return Evaluation(values: Dictionary(tally.values().map { ($0.name, $0.value) }) { $1 })
      }
    }
  }

  /// The model's output for all rows, in inference mode and batches: `[rows, ...]`.
  public func predict(
    _ x: Tensor, batchSize: Int = 32, verbose: ProgressBar.Verbosity = .silent,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireBatchSize("predict", batchSize, file, line)
    let batches = Batches(of: [x], size: batchSize, file: file, line: line)
    if batches.count == 0 {
      return withMode(.inference) { withoutRecording { self(x, file: file, line: line) } }
    }
    return predict(BatchSource(batches), verbose: verbose, file: file, line: line)
  }

  /// The model's output for the first tensor of every batch, in inference mode, below one another.
  ///
  /// There must be a batch at least.
  public func predict(
    _ batches: BatchSource, verbose: ProgressBar.Verbosity = .silent,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Console.enter(file: "\(file)", line: Int(line))
    return withMode(.inference) {
      withoutRecording {
        var bar = ProgressBar(steps: batches.count, verbosity: verbose)
        var parts: [Tensor] = []
        for batch in batches.pass() {
          if batch.isEmpty {
            programmingError("predict", "a batch holds no tensor", file: file, line: line)
          }
          parts.append(self(batch[0], file: file, line: line))
          bar.update(parts.count, metrics: [])
        }
        bar.finish(metrics: [])
        if parts.isEmpty {
          programmingError("predict", "there are no batches", file: file, line: line)
        }
        return concatenated(parts, axis: 0, file: file, line: line)
      }
    }
  }
}
