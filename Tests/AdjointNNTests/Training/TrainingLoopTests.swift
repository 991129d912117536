import Adjoint
import AdjointNN
import AdjointNotebook
import Testing

/// Two models that work against each other.
private final class Pair: Module {
  let first = Dense(inputSize: 2, outputSize: 2)
  let second = Dense(inputSize: 2, outputSize: 1)
}

@Suite struct `A training loop of one's own` {
  @Test func `does what fit does, to the last bit`() throws {
    let (x, y) = blobs()
    let (fitted, looped) = (classifier(), classifier())
    let options = TrainingOptions(schedule: Schedule { 0.05 / Double(1 + $0) })
    let validation = blobs(30, seed: 2)
    let reported = fitted.fit(
      x, y, batchSize: 16, epochs: 3, loss: .categoricalCrossEntropy, optimizer: Adam(),
      metrics: [.accuracy, .f1(.macro)], validation: validation, options: options,
      verbose: .silent, seed: 4)
    let history = try withGenerator(seed: 4) {
      let training = Training(
        looped, optimizer: Adam(), epochs: 3, metrics: [.accuracy, .f1(.macro)], options: options,
        verbose: .silent)
      let logits = try #require(looped.beforeSoftmax)
      for epoch in training {
        for batch in epoch.batches(of: [x, y], size: 16, shuffled: true) {
          var output = batch[0]
          epoch.step {
            output = logits(batch[0])
            return softmaxCrossEntropy(logits: output, labels: batch[1])
          }
          epoch.measure(output, batch[1])
        }
        epoch.validation(of: [validation.x, validation.y], size: 1024) { batch in
          let output = logits(batch[0])
          epoch.record("loss", softmaxCrossEntropy(logits: output, labels: batch[1]))
          epoch.measure(output, batch[1])
        }
      }
      return try training.finish()
    }
    #expect(bits(looped) == bits(fitted))
    #expect(history.values == reported.values)
    #expect(
      Set(history.values.keys) == [
        "loss", "accuracy", "f1_score", "val_loss", "val_accuracy", "val_f1_score",
        "learning_rate",
      ])
    let rates: [Double] = [0.05 / 8.0, 0.05 / 16.0, 0.05 / 24.0]
    #expect(history["learning_rate"] == rates)
  }

  @Test func `trains several modules with an optimizer each`() throws {
    let pair = withGenerator(seed: 1) { Pair() }
    let before = bits(pair)
    let (one, two) = (SGD(learningRate: 0.1), SGD(learningRate: 0.2))
    let x = random([12, 2], dtype: .float32)
    let training = Training(pair, optimizers: [one, two], epochs: 2, verbose: .silent)
    for epoch in training {
      for batch in epoch.batches(of: [x], size: 5) {
        epoch.step(pair.first, one, name: "first_loss") { square(pair.first(batch[0])).mean() }
        if epoch.index == 1 {
          epoch.step(pair.second, two, name: "second_loss") {
            square(pair.second(pair.first(batch[0]).detached) - 1).mean()
          }
        }
        epoch.record("rows", Double(batch[0].shape[0]))
      }
    }
    let history = try training.finish()
    #expect(history["first_loss"].count == 2 && history["second_loss"].count == 1)
    // A mean over rows: (5 * 5 + 5 * 5 + 2 * 2) / 12.
    #expect(history["rows"] == [4.5, 4.5])
    #expect(before.keys.allSatisfy { bits(pair)[$0] != before[$0] })
  }

  @Test func `ends where it is told to, and takes no batch too many`() throws {
    let model = classifier()
    let training = Training(model, optimizer: SGD(), epochs: 5, verbose: .silent)
    var taken = 0
    let batches = sequence(state: 0) { number -> [Tensor]? in
      number += 1
      taken += 1
      return [Tensor.full([2, 2], Double(number))]
    }
    for epoch in training {
      for batch in epoch.batches(batches.prefix(100)) {
        epoch.record("number", batch[0][0, 0])
        if training.batch == 2 { training.shouldStop = true }
      }
    }
    #expect(try training.finish()["number"] == [2])
    #expect(taken == 3 && training.totalBatches == 3)
  }

  @Test func `ends with the error of a batch that cannot be made`() throws {
    struct Unreadable: Error {}
    let source = BatchSource.throwing { epoch, first in
      var number = first
      return {
        number += 1
        if epoch == 1 && number == 2 { throw Unreadable() }
        return number <= 3 ? [Tensor.ones([2, 2]), Tensor([0, 1] as [Int])] : nil
      }
    }
    var batches = 0
    #expect(throws: Unreadable.self) {
      try classifier().fit(
        source, epochs: 3, loss: .categoricalCrossEntropy, optimizer: SGD(),
        callbacks: [LambdaCallback(batchEnds: { _ in batches += 1 })], verbose: .silent)
    }
    #expect(batches == 4)
  }

  @Test func `leaves the mode outside of a step alone`() throws {
    let model = classifier()
    var modes: [Mode] = []
    let training = Training(model, optimizer: SGD(), verbose: .silent)
    for epoch in training {
      for batch in epoch.batches(of: [Tensor.ones([2, 2])], size: 2) {
        modes.append(Mode.current)
        epoch.step {
          modes.append(Mode.current)
          return model(batch[0]).sum()
        }
      }
      withMode(.training) {
        epoch.validation(of: [Tensor.ones([2, 2])], size: 2) { _ in modes.append(Mode.current) }
      }
    }
    #expect(modes == [.inference, .training, .inference])
  }

  @Test func `has the log of fit`() async throws {
    let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      let model = classifier()
      let training = Training(model, optimizer: SGD(), epochs: 2, verbose: .bar)
      for epoch in training {
        for batch in epoch.batches(of: [Tensor.ones([6, 2])], size: 2) {
          epoch.step { model(batch[0]).sum() }
        }
        epoch.validation(of: [Tensor.ones([2, 2])], size: 2) { _ in epoch.record("loss", 0.5) }
      }
    }
    let found = lines(result?.standardOutputContent ?? [])
    let line = #"3/3 - [0-9]+s - [0-9]+[mu]?s/step - loss: [-0-9.]+ - val_loss: 0\.5000"#
    try #require(found.count == 4, "\(found)")
    #expect(found[0] == "Epoch 1/2" && found[2] == "Epoch 2/2")
    #expect(try Regex(line).wholeMatch(in: found[1]) != nil, "\(found[1])")
    #expect(try Regex(line).wholeMatch(in: found[3]) != nil, "\(found[3])")
  }

  @Test func `refuses settings without meaning`() async {
    let epochs = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Training(classifier(), optimizer: SGD(), epochs: -1)
    }
    #expect(errors(epochs).contains("Training: there are no -1 epochs"))
    let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Training(classifier(), optimizers: [])
    }
    #expect(errors(none).contains("Training: needs an optimizer"))
    let size = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Training(classifier(), optimizer: SGD(), options: TrainingOptions(accumulation: 0))
    }
    #expect(errors(size).contains("a step needs at least one batch, not 0"))
  }
}
