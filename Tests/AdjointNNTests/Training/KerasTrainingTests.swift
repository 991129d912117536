import Adjoint
import AdjointNN
import AdjointNotebook
import Foundation
import Testing

/// What Keras does; see Fixtures/make_training.py.
private struct KerasReference: Decodable {
  struct Run: Decodable {
    let history: [String: [Double]]
    let weight, bias: [Double]
  }
  struct Stop: Decodable {
    let scores: [Double]
    let patience: Int
    let delta: Double
    let restores: Bool
    let start: Int
    let epochs: Int
    let weights: Double
  }
  struct Plateau: Decodable {
    let scores: [Double]
    let patience: Int
    let delta: Double
    let cooldown: Int
    let rates: [Double]
  }

  let x, y, weight, sampleWeights: [Double]
  let runs: [String: Run]
  let stops: [Stop]
  let plateaus: [Plateau]

  static func read() throws -> KerasReference {
    try JSONDecoder().decode(
      KerasReference.self, from: Data(contentsOf: moreFixture("training.json")))
  }
}

@Suite struct `Training is Keras's` {
  private let reference: KerasReference

  init() throws { reference = try KerasReference.read() }

  /// Three epochs, as in the script; the whole data are one batch, or four that are accumulated.
  private func run(_ name: String) throws -> (history: History, model: Dense)? {
    let model = Dense(inputSize: 3, outputSize: 1, dtype: .float64)
    model.weight.value = Tensor(reference.weight, shape: [1, 3])
    model.bias?.value = Tensor.zeros([1], dtype: .float64)
    let x = Tensor(reference.x, shape: [12, 3])
    let y = Tensor(reference.y, shape: [12, 1])
    let weights = Tensor(reference.sampleWeights, shape: [12])
    func fit(
      split: Double = 0, _ classes: [Int: Double] = [:], _ rows: Tensor? = nil
    ) -> History {
      model.fit(
        x, y, batchSize: 12, epochs: 3, loss: .meanSquaredError, optimizer: SGD(learningRate: 0.1),
        metrics: [.meanAbsoluteError], validationSplit: split, classWeights: classes,
        sampleWeights: rows, verbose: .silent)
    }
    switch name {
    case "plain": return (fit(), model)
    case "sample weights": return (fit([:], weights), model)
    case "class weights": return (fit([0: 0.5, 1: 3]), model)
    case "validation split": return (fit(split: 0.3), model)
    case "validation split with weights": return (fit(split: 0.3, [:], weights), model)
    case "regularized":
      model.weight.regularizer = .l2(0.25)
      return (fit(split: 0.25), model)
    case "accumulated":
      let history = try model.fit(
        BatchSource(of: [x, y], size: 3), epochs: 3, loss: .meanSquaredError,
        optimizer: SGD(learningRate: 0.1), metrics: [.meanAbsoluteError],
        options: TrainingOptions(accumulation: 2), verbose: .silent)
      return (history, model)
    default: return nil
    }
  }

  @Test func `Weights, splits, regularization and accumulation give Keras's history`() throws {
    for (name, expected) in reference.runs {
      let (history, model) = try #require(try run(name), "\(name)")
      #expect(Set(history.values.keys) == Set(expected.history.keys), "\(name)")
      for (key, values) in expected.history {
        let found = history[key]
        #expect(found.count == values.count)
        let worst = zip(found, values).map { abs($0 - $1) }.max() ?? 1
        #expect(worst < 1e-10, "\(name), \(key): \(found) for \(values)")
      }
      try expectClose(model.weight.value, expected.weight, tolerance: 1e-10)
      try expectClose(model.bias?.value, expected.bias, tolerance: 1e-10)
    }
  }

  /// Epochs with these scores, in which the weight is the number of the epoch.
  private func drive(
    _ callback: any Callback, _ scores: [Double]
  ) throws -> (epochs: Int, weight: Double, rates: [Double]) {
    let model = Dense(inputSize: 1, outputSize: 1)
    let optimizer = SGD(learningRate: 1)
    var rates: [Double] = []
    let training = Training(
      model, optimizer: optimizer, epochs: scores.count, callbacks: [callback], verbose: .silent)
    for epoch in training {
      if epoch.index > 0 { rates.append(optimizer.learningRate) }
      model.weight.value = Tensor([[Double(epoch.index)]])
      epoch.record("score", scores[epoch.index])
    }
    try training.finish()
    rates.append(optimizer.learningRate)
    return (training.history.epochs.count, model.weight.value.scalars[0], rates)
  }

  @Test func `Early stopping stops and restores where Keras does`() throws {
    var stopped = 0
    for expected in reference.stops {
      let callback = EarlyStopping(
        monitor: "score", minimumDelta: expected.delta, patience: expected.patience,
        mode: .minimize, restoresBestWeights: expected.restores, firstEpoch: expected.start)
      let found = try drive(callback, expected.scores)
      #expect(found.epochs == expected.epochs, "\(expected)")
      #expect(found.weight == expected.weights, "\(expected)")
      if found.epochs < expected.scores.count { stopped += 1 }
    }
    #expect(stopped > 5)
  }

  @Test func `The learning rate falls where Keras's does`() throws {
    for expected in reference.plateaus {
      let callback = ReduceLearningRateOnPlateau(
        monitor: "score", factor: 0.5, patience: expected.patience, mode: .minimize,
        minimumDelta: expected.delta, cooldown: expected.cooldown, minimumRate: 0.05)
      #expect(try drive(callback, expected.scores).rates == expected.rates, "\(expected)")
    }
  }
}
