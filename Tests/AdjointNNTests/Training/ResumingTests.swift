import Adjoint
import AdjointData
import AdjointNN
import AdjointNotebook
import Foundation
import Testing

private struct Interruption: Error {}

/// What a run ends with.
private struct Outcome: Equatable {
  let model: [String: [UInt8]]
  let history: [String: [Double]]
}

/// A run with everything that has a state, stopped by an error after some batches if wanted.
private func run(
  _ url: URL?, everySteps: Int? = nil, interruptedAfter limit: Int? = nil,
  restoring: Bool = false, accumulation: Int = 1, isKilled: Bool = false
) throws -> Outcome {
  let model = classifier()
  let (x, y) = blobs()
  let interruption = LambdaCallback(batchEnds: { training in
    if training.totalBatches == limit { throw Interruption() }
    if isKilled, training.batch == 5, training.epoch > 0 { kill(getpid(), SIGKILL) }
  })
  let history = try model.fit(
    x, y, batchSize: 16, epochs: 6, loss: .categoricalCrossEntropy,
    optimizer: Adam(learningRate: 0.02), metrics: [.accuracy, .rocAUC],
    validation: blobs(30, seed: 2),
    callbacks: [
      interruption, LearningRateScheduler { $0 == 0 ? $1 : $1 * 0.9 },
      ReduceLearningRateOnPlateau(monitor: "loss", factor: 0.5, patience: 1, minimumDelta: 0.2),
      EarlyStopping(
        monitor: "val_accuracy", patience: restoring ? 1 : 4, restoresBestWeights: true),
    ], checkpoint: url.map { CheckpointPolicy($0, everySteps: everySteps) },
    options: TrainingOptions(accumulation: accumulation), verbose: .silent, seed: 3)
  return Outcome(model: bits(model), history: history.values)
}

@Suite struct `Checkpoints of trainings` {
  /// 8 batches an epoch, 48 in all.
  @Test(arguments: [nil, 1, 3, 8], [false, true])
  func `A run that was interrupted anywhere ends like an unbroken one`(
    _ everySteps: Int?, _ restoring: Bool
  ) throws {
    let unbroken = try run(nil, restoring: restoring)
    try withTemporaryFolder { folder in
      for first in [1, 4, 8, 9, 16, 21] {
        let url = folder.appending(path: "\(first).safetensors")
        for limit in [first, first + 9] {
          let text = thrown {
            _ = try run(
              url, everySteps: everySteps, interruptedAfter: limit, restoring: restoring)
          }
          #expect(text == nil || text == "Interruption()")
        }
        let resumed = try run(url, everySteps: everySteps, restoring: restoring)
        #expect(resumed == unbroken, "interrupted after \(first) batches")
        // Once more: what is over is not repeated.
        let again = try run(url, everySteps: everySteps, restoring: restoring)
        #expect(again == unbroken)
      }
    }
  }

  @Test func `Accumulated gradients are never cut in two`() throws {
    let unbroken = try run(nil, accumulation: 3)
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "a.safetensors")
      for limit in [5, 13] {
        _ = thrown { _ = try run(url, everySteps: 1, interruptedAfter: limit, accumulation: 3) }
      }
      let resumed = try run(url, everySteps: 1, accumulation: 3)
      #expect(resumed == unbroken)
    }
  }

  @Test func `A loop of one's own with several optimizers goes on, too`() throws {
    func train(_ url: URL?, limit: Int? = nil) throws -> [String: [UInt8]] {
      let model = classifier()
      return try withGenerator(seed: 9) {
        let optimizers: [any Optimizer] = [Adam(learningRate: 0.01), SGD(momentum: 0.9)]
        let (first, last) = (model.layers[0], model.layers[4])
        let training = Training(
          model, optimizers: optimizers, epochs: 4,
          options: TrainingOptions(schedule: Schedule { 0.01 / Double($0 + 1) }),
          verbose: .silent)
        if let url { try training.enableCheckpoints(CheckpointPolicy(url, everySteps: 2)) }
        let (x, y) = blobs(40)
        for epoch in training {
          // A draw of the loop itself, before the batches.
          let shift = Tensor.normal([2]).scalars[0]
          for batch in epoch.batches(of: [x, y], size: 8, shuffled: true) {
            for (module, optimizer) in zip([first, last], optimizers) {
              epoch.step(module, optimizer, name: "loss") {
                Loss.categoricalCrossEntropy(model(batch[0] + shift), batch[1])
              }
            }
            if training.totalBatches == limit.map({ $0 - 1 }) { throw Interruption() }
          }
        }
        try training.finish()
        return bits(model)
      }
    }
    let unbroken = try train(nil)
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "a.safetensors")
      for limit in [4, 7, 11, 16] { _ = thrown { _ = try train(url, limit: limit) } }
      let resumed = try train(url)
      #expect(resumed == unbroken)
    }
  }

  @Test func `A source that is asked for the rest of an epoch gives the rest`() throws {
    let (x, y) = blobs(40)
    var asked: [[Int]] = []
    func train(_ url: URL?, limit: Int?) throws -> [String: [UInt8]] {
      let model = classifier()
      let source = BatchSource(count: 5) { epoch, first in
        asked.append([epoch, first])
        var generator = Generator(seed: UInt64(epoch))
        return Batches(of: [x, y], size: 8, shuffledBy: &generator).dropFirst(first)
      }
      try model.fit(
        source, epochs: 3, loss: .categoricalCrossEntropy, optimizer: SGD(learningRate: 0.1),
        callbacks: [
          LambdaCallback(batchEnds: { if $0.totalBatches == limit { throw Interruption() } })
        ],
        checkpoint: url.map { CheckpointPolicy($0, everySteps: 3) }, verbose: .silent, seed: 2)
      return bits(model)
    }
    let unbroken = try train(nil, limit: nil)
    asked = []
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "a.safetensors")
      _ = thrown { _ = try train(url, limit: 8) }
      let resumed = try train(url, limit: nil)
      #expect(resumed == unbroken)
    }
    // The eighth batch of all is the third of the second epoch; the sixth was saved after.
    #expect(asked == [[0, 0], [1, 0], [1, 1], [2, 0]])
  }

  @Test func `Processes that are killed end like one that is not`() async throws {
    // The exit tests know the number of this process as that of their parent.
    let url = KilledRun.url(of: getpid())
    defer { try? FileManager.default.removeItem(at: url) }
    let unbroken = try run(nil)
    for _ in 0..<3 {
      await #expect(processExitsWith: .signal(SIGKILL)) {
        _ = try run(KilledRun.url(of: getppid()), everySteps: 2, isKilled: true)
      }
    }
    let resumed = try run(url, everySteps: 2)
    #expect(resumed == unbroken)
  }
}

private enum KilledRun {
  static func url(of process: pid_t) -> URL {
    FileManager.default.temporaryDirectory.appending(path: "adjoint-killed-\(process).safetensors")
  }
}
