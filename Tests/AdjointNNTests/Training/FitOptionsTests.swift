import Adjoint
import AdjointData
import AdjointNN
import AdjointNotebook
import Testing

@Suite struct `Options of fit` {
  private func line() -> Dense {
    withGenerator(seed: 1) { Dense(inputSize: 3, outputSize: 2, dtype: .float64) }
  }
  private let x = random([10, 3])
  private let y = random([10, 2], seed: 2)

  @Test func `The validation split is the last part of the rows, before they are shuffled`() {
    let (split, apart) = (line(), line())
    let a = split.fit(
      x, y, batchSize: 4, epochs: 3, loss: .meanSquaredError, optimizer: SGD(),
      validationSplit: 0.25, verbose: .silent, seed: 1)
    let b = apart.fit(
      x[..<7], y[..<7], batchSize: 4, epochs: 3, loss: .meanSquaredError, optimizer: SGD(),
      validation: (x[7...], y[7...]), verbose: .silent, seed: 1)
    #expect(bits(split) == bits(apart) && a.values == b.values)
    #expect(a["val_loss"].count == 3)
  }

  @Test func `Rows count by their weights, and the loss is divided by their number`() throws {
    let weights = Tensor([1, 0, 2, 3, 0.5, 1, 1, 1, 0, 4], dtype: .float64)
    let model = line()
    let history = model.fit(
      x, y, batchSize: 10, loss: .meanSquaredError, optimizer: SGD(learningRate: 0.1),
      sampleWeights: weights, verbose: .silent)
    let other = line()
    let column = weights.reshaped(10, 1)
    let (loss, gradients) = valueWithGradients(of: other) {
      (square(other(x) - y) * column).mean()
    }
    SGD(learningRate: 0.1).update(other, gradients)
    #expect(abs(history["loss"][0] - loss.scalar) < 1e-12)
    try expectClose(model.weight.value, other.weight.value.scalars)
  }

  @Test func `Classes count by their weights, however targets are written`() {
    let (x, y) = blobs(30)
    func loss(_ labels: Tensor, _ weights: [Int: Double], _ rows: Tensor? = nil) -> Double {
      classifier().fit(
        x, labels, batchSize: 30, loss: .categoricalCrossEntropy, optimizer: SGD(),
        classWeights: weights, sampleWeights: rows, verbose: .silent, seed: 1)["loss"][0]
    }
    let rows = rowWeights(y)
    let expected = loss(y, [:], rows)
    #expect(abs(loss(y, [1: 5, 2: 0.25]) - expected) < 1e-6)
    #expect(abs(loss(oneHot(y, count: 3), [1: 5, 2: 0.25]) - expected) < 1e-6)
    #expect(abs(loss(y, [1: 5, 2: 0.25], rows) - loss(y, [:], rows * rows)) < 1e-6)
    #expect(abs(expected - loss(y, [:])) > 0.01)
    // Classes that are not named count 1, also those beyond the last named one.
    #expect(abs(loss(y, [0: 1]) - loss(y, [:])) < 1e-6)
  }

  private func rowWeights(_ y: Tensor) -> Tensor {
    Tensor([1.0, 5, 0.25]).gathering(y)
  }

  @Test func `Regularization is part of the loss in training, validation and evaluation`() {
    let model = line()
    model.weight.regularizer = .l2(0.5)
    let penalty = 0.5 * square(model.weight.value).sum().scalar
    let plain = line().evaluate(x, y, loss: .meanSquaredError, verbose: .silent).loss
    let found = model.evaluate(x, y, loss: .meanSquaredError, verbose: .silent).loss
    #expect(abs(found - plain - penalty) < 1e-12)
    let history = model.fit(
      x, y, batchSize: 10, loss: .meanSquaredError, optimizer: SGD(learningRate: 0),
      validation: (x, y), verbose: .silent)
    #expect(abs(history["loss"][0] - found) < 1e-12)
    #expect(abs(history["val_loss"][0] - found) < 1e-12)
    let before = model.weight.value.scalars
    model.fit(
      x, model.predict(x), batchSize: 10, loss: .meanSquaredError,
      optimizer: SGD(learningRate: 0.1), verbose: .silent)
    // Without an error only the penalty moves the weights: by 2 * 0.5 * 0.1 of them.
    #expect(zip(model.weight.value.scalars, before).allSatisfy { abs($0 - 0.9 * $1) < 1e-12 })
  }

  @Test func `Accumulated gradients make the step of one large batch`() throws {
    func train(_ size: Int, _ accumulation: Int) -> Dense {
      let model = line()
      let source = BatchSource(of: [x, y], size: size)
      let training = Training(
        model, optimizer: Adam(learningRate: 0.1), epochs: 3,
        options: TrainingOptions(accumulation: accumulation), verbose: .silent)
      for epoch in training {
        for batch in epoch.batches(source) {
          epoch.step { square(model(batch[0]) - batch[1]).mean() }
        }
      }
      return model
    }
    // 4 + 4, then 2 rows that are left at the end of the epoch.
    try expectClose(train(4, 2).weight.value, train(8, 1).weight.value.scalars, tolerance: 1e-10)
    // 3 + 3 + 3 + 1 rows, of which the last counts by its rows.
    try expectClose(train(3, 4).weight.value, train(10, 1).weight.value.scalars, tolerance: 1e-10)
  }

  @Test func `The schedule is asked for every step, and counts steps, not batches`() throws {
    var rates: [Double] = []
    let options = TrainingOptions(
      schedule: Schedule { 1 / Double($0 + 1) }, accumulation: 2)
    let optimizer = SGD()
    try line().fit(
      x, y, batchSize: 3, epochs: 2, loss: .meanSquaredError, optimizer: optimizer,
      callbacks: [LambdaCallback(batchEnds: { _ in rates.append(optimizer.learningRate) })],
      options: options, verbose: .silent)
    let third: Double = 1.0 / 3.0
    let expected: [Double] = [0.01, 1.0, 1.0, 0.5, 0.5, third, third, 0.25]
    #expect(rates == expected)
  }

  @Test func `Epochs can begin later and be shorter`() throws {
    var seen: [[Int]] = []
    let history = try line().fit(
      x, y, batchSize: 2, epochs: 5, loss: .meanSquaredError, optimizer: SGD(),
      callbacks: [LambdaCallback(batchEnds: { seen.append([$0.epoch, $0.batch]) })],
      options: TrainingOptions(initialEpoch: 3, stepsPerEpoch: 2), verbose: .silent)
    #expect(seen == [[3, 1], [3, 2], [4, 1], [4, 2]])
    #expect(history.epochs.count == 2)
  }

  @Test func `Any sequence of batches can be trained on, judged and predicted`() throws {
    let batches = Batches(of: [x, y], size: 4)
    let (fromTensors, fromBatches, fromFunction) = (line(), line(), line())
    let training = Training(fromTensors, optimizer: SGD(), epochs: 2, verbose: .silent)
    for epoch in training {
      for batch in epoch.batches(of: [x, y], size: 4) {
        epoch.step { square(fromTensors(batch[0]) - batch[1]).mean() }
      }
    }
    try fromBatches.fit(
      BatchSource(batches), epochs: 2, loss: .meanSquaredError, optimizer: SGD(),
      validation: BatchSource(Array(batches)), verbose: .silent)
    var asked: [[Int]] = []
    let source = BatchSource(count: 3) { epoch, first in
      asked.append([epoch, first])
      return Array(batches).dropFirst(first)
    }
    try fromFunction.fit(
      source, epochs: 2, loss: .meanSquaredError, optimizer: SGD(), verbose: .silent)
    #expect(bits(fromBatches) == bits(fromTensors) && bits(fromFunction) == bits(fromTensors))
    #expect(asked == [[0, 0], [1, 0]])
    let loss = fromBatches.evaluate(
      BatchSource(batches), loss: .meanSquaredError, verbose: .silent
    ).loss
    let whole = fromBatches.evaluate(x, y, loss: .meanSquaredError, verbose: .silent).loss
    #expect(abs(loss - whole) < 1e-12)
    #expect(
      fromBatches.predict(BatchSource(batches)).scalars
        == fromBatches.predict(x, batchSize: 4).scalars
    )
  }

  @Test func `The third tensor of a batch is the weights of the rows`() throws {
    let weights = random([10], seed: 5, dtype: .float32)
    let found = line().evaluate(
      BatchSource([[x, y, weights]]), loss: .meanSquaredError, verbose: .silent
    ).loss
    let model = line()
    let expected = (square(model(x) - y) * weights.cast(to: .float64).reshaped(10, 1)).mean()
    #expect(abs(found - expected.scalar) < 1e-12)
  }

  @Test func `What has no meaning is refused`() async {
    func check(_ result: ExitTest.Result?, _ text: String) {
      #expect(errors(result).contains(text), "\(errors(result))")
    }
    let both = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor.zeros([4, 2])
      classifier().fit(
        x, x, loss: .meanSquaredError, optimizer: SGD(), validation: (x, x), validationSplit: 0.5)
    }
    check(both, "give either validation or validationSplit")
    let share = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor.zeros([4, 2])
      classifier().fit(
        x, x, loss: .meanSquaredError, optimizer: SGD(), validationSplit: 1.5)
    }
    check(share, "validationSplit 1.5 of 4 rows leaves nothing for one of both parts")
    let weights = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor.zeros([4, 2])
      classifier().fit(
        x, x, loss: .meanSquaredError, optimizer: SGD(), sampleWeights: Tensor.ones([3]))
    }
    check(weights, "there are 4 rows, but weights [3]")
    let rates = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor.zeros([4, 2])
      try classifier().fit(
        x, x, loss: .meanSquaredError, optimizer: SGD(),
        callbacks: [ReduceLearningRateOnPlateau(monitor: "loss")],
        options: TrainingOptions(schedule: .constant(0.5)))
    }
    check(
      rates, "ReduceLearningRateOnPlateau: a schedule sets the learning rate before every step")
    let axes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss.softmaxCrossEntropy(Tensor.zeros([4, 3, 2]), Tensor.zeros([4, 2], dtype: .int64))
    }
    check(
      axes, "softmaxCrossEntropy: logits must be [n, classes], not [4, 3, 2]; crossEntropy() takes")
    let scalar = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor.zeros([4, 2])
      let loss = Loss("own") { a, _ in a.sum() }
      classifier().fit(x, x, loss: loss, optimizer: SGD(), sampleWeights: Tensor.ones([4]))
    }
    check(scalar, "own: weights [4] for a loss with parts []")
    let batch = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let batches = BatchSource([[Tensor.zeros([4, 2])]])
      try classifier().fit(batches, loss: .meanSquaredError, optimizer: SGD())
    }
    check(batch, "a batch is inputs, targets and perhaps weights, of as many rows, not [[4, 2]]")
    let labels = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor.zeros([4, 2])
      classifier().fit(
        x, x, loss: .meanSquaredError, optimizer: SGD(), classWeights: [-1: 2])
    }
    check(labels, "the class weight 2.0 of class -1 has no meaning")
  }
}
