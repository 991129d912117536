import Adjoint
import AdjointData
import AdjointNN
import AdjointNotebook
import Foundation
import Testing

/// Sets the logs to prepared numbers, before other callbacks look.
private final class Script: Callback {
  let values: [Double]
  init(_ values: [Double]) { self.values = values }
  func epochEnds(_ training: Training) { training.log("score_loss", values[training.epoch]) }
}

/// Trains a single number, which is the number of epochs so far, and gives the training.
private func run(
  _ scores: [Double], _ callbacks: [any Callback], learningRate: Double = 1,
  verbose: ProgressBar.Verbosity = .silent
) throws -> (weight: Double, rate: Double, training: Training) {
  let model = Dense(inputSize: 1, outputSize: 1, useBias: false)
  model.weight.value = Tensor([[0.0]])
  let optimizer = SGD(learningRate: learningRate)
  let training = Training(
    model, optimizer: optimizer, epochs: scores.count, callbacks: [Script(scores)] + callbacks,
    verbose: verbose)
  for epoch in training {
    for _ in epoch.batches(of: [Tensor.ones([1, 1])], size: 1) {
      model.weight.value = model.weight.value + 1
      epoch.record("loss", 1)
    }
  }
  try training.finish()
  return (model.weight.value.scalars[0], optimizer.learningRate, training)
}

@Suite struct Callbacks {
  @Test func `Early stopping waits, and restores the best weights`() throws {
    let scores = [5, 4, 4.5, 3.9, 4, 4.1, 3, 2]
    func stop(_ patience: Int, _ restores: Bool, delta: Double = 0) throws -> (Double, Int?) {
      let callback = EarlyStopping(
        monitor: "score_loss", minimumDelta: delta, patience: patience, mode: .minimize,
        restoresBestWeights: restores)
      return (try run(scores, [callback]).weight, callback.stoppedEpoch)
    }
    #expect(try stop(1, false) == (3, 2))
    #expect(try stop(1, true) == (2, 2))
    #expect(try stop(2, false) == (6, 5))
    #expect(try stop(2, true) == (4, 5))
    #expect(try stop(3, true) == (8, nil))
    // 3.9 is no step forward from 4.
    #expect(try stop(3, true, delta: 0.2) == (2, 4))
  }

  @Test func `Which values are better follows from the name, unless it is said`() throws {
    func stopped(_ name: String, _ mode: MonitorMode, _ scores: [Double]) throws -> Int? {
      let callback = EarlyStopping(monitor: name, patience: 1, mode: mode)
      let rename = LambdaCallback(epochEnds: { $0.log(name, scores[$0.epoch]) })
      _ = try run(scores, [rename, callback])
      return callback.stoppedEpoch
    }
    #expect(try stopped("val_accuracy", .automatic, [1, 2, 3]) == nil)
    #expect(try stopped("val_roc_auc", .automatic, [3, 2, 1]) == 1)
    #expect(try stopped("f1_score", .automatic, [1, 2, 3]) == nil)
    #expect(try stopped("error", .automatic, [1, 2, 3]) == 1)
    #expect(try stopped("accuracy", .minimize, [1, 2, 3]) == 1)
    #expect(try stopped("error", .maximize, [1, 2, 3]) == nil)
    // A first value that is no number is not the best one.
    #expect(try stopped("error", .automatic, [.nan, 2, 1]) == nil)
  }

  @Test func `A number that nobody reports ends the training with an error`() {
    #expect(
      thrown { _ = try run([1, 2], [EarlyStopping(monitor: "val_loss")]) }
        == "a callback watches \"val_loss\", but the logs hold only loss, score_loss; give fit a "
        + "validation")
  }

  @Test func `The learning rate falls on a plateau`() throws {
    func rate(_ scores: [Double], cooldown: Int = 0, minimum: Double = 0) throws -> Double {
      try run(
        scores,
        [
          ReduceLearningRateOnPlateau(
            monitor: "score_loss", factor: 0.5, patience: 2, cooldown: cooldown,
            minimumRate: minimum)
        ]
      ).rate
    }
    #expect(try rate([3, 2, 1, 0]) == 1)
    #expect(try rate([1, 1, 1]) == 0.5)
    #expect(try rate([1, 1, 1, 1, 1]) == 0.25)
    #expect(try rate([1, 1, 1, 1, 1], cooldown: 2) == 0.5)
    #expect(try rate([1, 1, 1, 1, 1], minimum: 0.4) == 0.4)
    // Smaller by less than 1e-4 is not smaller.
    #expect(try rate([1, 0.99995, 0.9999]) == 0.5)
  }

  @Test func `The rate of every epoch is in the history`() throws {
    let scheduler = LearningRateScheduler { epoch, rate in epoch == 0 ? rate : rate / 2 }
    let found = try run([1, 1, 1], [scheduler])
    #expect(found.training.history["learning_rate"] == [1, 0.5, 0.25])
    let plateau = ReduceLearningRateOnPlateau(monitor: "score_loss", factor: 0.5, patience: 1)
    // The rate with which the epoch was trained.
    #expect(try run([1, 1, 1], [plateau]).training.history["learning_rate"] == [1, 1, 0.5])
  }

  @Test func `A loss that is no number ends the training`() throws {
    let model = Dense(inputSize: 1, outputSize: 1)
    let losses = [1, 2, Double.nan, 3]
    let training = Training(
      model, optimizer: SGD(), epochs: 2, callbacks: [TerminateOnNaN()], verbose: .silent)
    for epoch in training {
      for _ in epoch.batches(of: [Tensor.ones([4, 1])], size: 1) {
        epoch.record("loss", losses[training.batch])
      }
    }
    #expect(training.totalBatches == 3 && training.history.epochs == [1])
  }

  @Test func `What a callback throws is thrown by fit, and nothing runs after it`() {
    struct Refusal: Error {}
    let (x, y) = blobs(30)
    var batches = 0
    let callback = LambdaCallback(
      batchEnds: { training in
        batches += 1
        if training.totalBatches == 2 { throw Refusal() }
      }, trainingEnds: { _ in Issue.record("a training that failed does not end") })
    #expect(throws: Refusal.self) {
      try classifier().fit(
        x, y, batchSize: 10, epochs: 2, loss: .categoricalCrossEntropy, optimizer: SGD(),
        callbacks: [callback], verbose: .silent)
    }
    #expect(batches == 2)
  }

  @Test func `Callbacks are called in order`() throws {
    var calls: [String] = []
    func note(_ name: String) -> LambdaCallback.Function { { _ in calls.append(name) } }
    let callback = LambdaCallback(
      trainingBegins: note("begin"), epochBegins: note("epoch"), batchEnds: note("batch"),
      epochEnds: note("end of epoch"), trainingEnds: note("end"))
    _ = try run([1, 1], [callback])
    let epoch = ["epoch", "batch", "end of epoch"]
    #expect(calls == ["begin"] + epoch + epoch + ["end"])
  }

  @Test func `The best model is saved, or each one`() throws {
    try withTemporaryFolder { folder in
      func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
          .sorted()
      }
      let each = ModelCheckpoint(folder.appending(path: "each-{epoch}.safetensors"))
      let best = ModelCheckpoint(
        folder.appending(path: "best.safetensors"), monitor: "score_loss", bestOnly: true)
      _ = try run([3, 1, 2], [each, best])
      #expect(
        try names() == [
          "best.safetensors", "each-1.safetensors", "each-2.safetensors", "each-3.safetensors",
        ])
      let model = try Dense.load(from: folder.appending(path: "best.safetensors"))
      #expect(model.weight.value.scalars == [2])
      let third = try Dense.load(from: folder.appending(path: "each-3.safetensors"))
      #expect(third.weight.value.scalars == [3])
    }
  }

  @Test func `Histories are written line by line`() throws {
    try withTemporaryFolder { folder in
      let (csv, json) = (folder.appending(path: "h.csv"), folder.appending(path: "h.jsonl"))
      _ = try run([3, 1e-7, .nan], [CSVHistory(csv), JSONLinesHistory(json)])
      #expect(
        try String(contentsOf: csv, encoding: .utf8)
          == "epoch,loss,score_loss\n0,1.0,3.0\n1,1.0,1e-07\n2,1.0,nan\n")
      let text = try String(contentsOf: json, encoding: .utf8)
      let rows = text.split(separator: "\n")
      #expect(rows.count == 3 && text.hasSuffix("}\n"))
      #expect(
        try Regex(#"\{"epoch":0,"loss":1\.0,"score_loss":3\.0,"seconds":[-0-9.e]+\}"#)
          .wholeMatch(in: String(rows[0])) != nil)
      #expect(rows[2].contains("\"score_loss\":null"))
      for row in rows { _ = try JSONSerialization.jsonObject(with: Data(row.utf8)) }
    }
  }

  @Test func `A file that cannot be written ends the training with an error`() {
    let nowhere = URL(filePath: "/dev/null/nowhere/h.csv")
    let text = thrown { _ = try run([1, 1], [CSVHistory(nowhere)]) }
    #expect(
      text?.contains("/dev/null/nowhere/h.csv: file: cannot be written") == true, "\(text ?? "")")
  }

  @Test func `The texts are those of Keras`() async throws {
    let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      let folder = FileManager.default.temporaryDirectory
      let file = folder.appending(path: "adjoint-\(UUID().uuidString).safetensors")
      defer { try? FileManager.default.removeItem(at: file) }
      _ = try run(
        [0.25, 0.5, 0.125, 0.75, 0.5],
        [
          LearningRateScheduler(verbose: true) { epoch, rate in epoch == 0 ? 0.5 : rate },
          ModelCheckpoint(file, monitor: "score_loss", bestOnly: true, verbose: true),
          ReduceLearningRateOnPlateau(
            monitor: "score_loss", factor: 0.5, patience: 1, verbose: true),
          EarlyStopping(
            monitor: "score_loss", patience: 1, mode: .minimize, restoresBestWeights: true,
            verbose: true),
        ])
    }
    let found = lines(result?.standardOutputContent ?? []).map {
      $0.replacing(try! Regex(#" to /.*\.safetensors"#), with: " to FILE")
    }
    #expect(
      found == [
        "Epoch 1: LearningRateScheduler setting learning rate to 0.5.",
        "Epoch 1: score_loss improved from None to 0.25000, saving model to FILE",
        "Epoch 1: finished saving model to FILE",
        "Epoch 2: LearningRateScheduler setting learning rate to 0.5.",
        "Epoch 2: score_loss did not improve from 0.25000",
        "Epoch 2: ReduceLROnPlateau reducing learning rate to 0.25.",
        "Epoch 2: early stopping",
        "Restoring model weights from the end of the best epoch: 1.",
      ])
  }
}
