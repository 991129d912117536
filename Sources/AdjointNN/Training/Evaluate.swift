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
  /// - Parameters:
  ///   - x: inputs `[rows, ...]`.
  ///   - y: targets `[rows, ...]`.
  public func evaluate(
    _ x: Tensor, _ y: Tensor, batchSize: Int = 32, loss: Loss, metrics: [Metric] = [],
    verbose: ProgressBar.Verbosity = .bar, file: StaticString = #fileID, line: UInt = #line
  ) -> Evaluation {
    checkRows("evaluate", x, y, file, line)
    Console.enter(file: "\(file)", line: Int(line))
    let objective = Objective(self, loss, metrics, file, line)
    let values = objective.evaluate(x, y, batchSize: batchSize, verbose: verbose)
    return Evaluation(values: Dictionary(uniqueKeysWithValues: values))
  }

  /// The model's output for all rows, in inference mode and batches: `[rows, ...]`.
  public func predict(
    _ x: Tensor, batchSize: Int = 32, verbose: ProgressBar.Verbosity = .silent,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Console.enter(file: "\(file)", line: Int(line))
    return withMode(.inference) {
      withoutRecording {
        let batches = Batches(of: [x], size: batchSize, file: file, line: line)
        if batches.count == 0 { return self(x, file: file, line: line) }
        var bar = ProgressBar(steps: batches.count, verbosity: verbose)
        var parts: [Tensor] = []
        for batch in batches {
          parts.append(self(batch[0], file: file, line: line))
          bar.update(parts.count, metrics: [])
        }
        bar.finish(metrics: [])
        return concatenated(parts, axis: 0)
      }
    }
  }
}

extension Objective {
  /// The means over all rows, in inference mode and without recording.
  func evaluate(
    _ x: Tensor, _ y: Tensor, batchSize: Int, verbose: ProgressBar.Verbosity = .silent
  ) -> [(name: String, value: Double)] {
    withMode(.inference) {
      withoutRecording {
        var means = RunningMeans(self)
        let batches = Batches(of: [x, y], size: batchSize, file: file, line: line)
        var bar = ProgressBar(steps: batches.count, verbosity: verbose)
        for (step, batch) in batches.enumerated() {
          let (loss, result) = self(batch[0], batch[1])
          means.add(loss: loss, result: result, target: batch[1])
          bar.update(step + 1, metrics: means.values)
        }
        bar.finish(metrics: means.values)
        return means.values
      }
    }
  }
}
