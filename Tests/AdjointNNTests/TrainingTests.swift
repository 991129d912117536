import Adjoint
import AdjointNN
import AdjointNotebook
import Foundation
import Synchronization
import Testing

/// Notes in which mode and with how many rows it is called.
private final class Probe: Layer {
  let inner = Dense(inputSize: 1, outputSize: 1)
  var calls: [(mode: Mode, rows: Int)] = []

  func forward(_ x: Tensor) -> Tensor {
    calls.append((Mode.current, x.shape[0]))
    return inner(x)
  }
}

struct TrainingTests {
  /// Points around three centres.
  private static func blobs(_ count: Int, seed: UInt64) -> (x: Tensor, y: Tensor) {
    let labels = Tensor((0..<count).map { $0 % 3 })
    let centres = Tensor([[2.0, 0.0], [-2.0, 1.0], [0.0, -3.0]])
    let noise = random([count, 2], seed: seed, dtype: .float32) * 0.5
    return (centres.gathering(labels) + noise, labels)
  }

  private static func classifier() -> Sequential {
    Sequential {
      Dense(inputSize: 2, outputSize: 16)
      ReLU()
      Dropout(rate: 0.1)
      Dense(inputSize: 16, outputSize: 3)
      Softmax()
    }
  }

  private static func train(
    _ model: Sequential, seed: UInt64 = 1, labels: (Tensor) -> Tensor = { $0 }
  ) -> History {
    let (x, y) = blobs(300, seed: 1)
    let validation = blobs(90, seed: 2)
    return model.fit(
      x, labels(y), batchSize: 32, epochs: 8, loss: .categoricalCrossEntropy,
      optimizer: Adam(learningRate: 0.02), metrics: [.accuracy],
      validation: (validation.x, labels(validation.y)), verbose: .silent, seed: seed)
  }

  @Test func `A classifier learns, and its history has a number per epoch for everything`() {
    let model = withGenerator(seed: 1) { Self.classifier() }
    let history = Self.train(model)
    #expect(Set(history.values.keys) == ["loss", "accuracy", "val_loss", "val_accuracy"])
    #expect(history.values.values.allSatisfy { $0.count == 8 })
    #expect(history.epochs == Array(1...8))
    #expect(history.trainSeconds.count == 8 && history.trainSeconds.allSatisfy { $0 > 0 })
    #expect(history["loss"][7] < history["loss"][0] / 2)
    #expect(history["val_accuracy"][7] > 0.98)
    let (x, y) = Self.blobs(90, seed: 2)
    let found = model.evaluate(
      x, y, loss: .categoricalCrossEntropy, metrics: [.accuracy], verbose: .silent)
    #expect(found.accuracy == history["val_accuracy"][7])
    #expect(abs(found.loss - history["val_loss"][7]) < 1e-6)
    let right = (model.predict(x).argMax(axis: 1) .== y).sum().scalar
    #expect(right / 90 == found.accuracy)
  }

  @Test func `Equal seeds give equal numbers, others do not`() {
    func losses(_ seed: UInt64) -> [Double] {
      Self.train(withGenerator(seed: 1) { Self.classifier() }, seed: seed)["loss"]
    }
    #expect(losses(1) == losses(1))
    #expect(losses(1) != losses(2))
  }

  @Test func `Without a seed the scoped generator decides`() {
    func losses(_ seed: UInt64) -> [Double] {
      withGenerator(seed: seed) {
        let (x, y) = Self.blobs(60, seed: 1)
        return Self.classifier().fit(
          x, y, epochs: 2, loss: .categoricalCrossEntropy, optimizer: SGD(), verbose: .silent)[
            "loss"]
      }
    }
    #expect(losses(3) == losses(3))
    #expect(losses(3) != losses(4))
  }

  @Test func `Integer labels and one-hot rows train alike`() {
    let integers = Self.train(withGenerator(seed: 1) { Self.classifier() })
    let rows = Self.train(withGenerator(seed: 1) { Self.classifier() }) { oneHot($0, count: 3) }
    for (a, b) in zip(integers["loss"], rows["loss"]) { #expect(abs(a - b) < 1e-4) }
    #expect(abs(integers["val_accuracy"][7] - rows["val_accuracy"][7]) < 0.02)
  }

  @Test func `fit does what a loop by hand does`() {
    let (x, y) = (random([8, 3]), random([8, 2], seed: 2))
    func model() -> Dense {
      withGenerator(seed: 1) { Dense(inputSize: 3, outputSize: 2, dtype: .float64) }
    }
    let (fitted, looped) = (model(), model())
    fitted.fit(
      x, y, batchSize: 8, epochs: 5, loss: .meanSquaredError, optimizer: SGD(learningRate: 0.1),
      verbose: .silent)
    let optimizer = SGD(learningRate: 0.1)
    for _ in 0..<5 {
      let (_, gradients) = valueWithGradients(of: looped) { square(looped(x) - y).mean() }
      optimizer.update(looped, gradients)
    }
    for (a, b) in zip(fitted.weight.value.scalars, looped.weight.value.scalars) {
      #expect(abs(a - b) < 1e-12)
    }
  }

  @Test func `Every row is taken once per epoch, a short last batch too, and counts by its rows`() {
    let seen = Mutex<[Double]>([])
    let loss = Loss("target") { prediction, target in
      seen.withLock { $0 += target.scalars }
      return (prediction * 0).mean() + target.mean()
    }
    let x = Tensor((0..<10).map(Double.init), dtype: .float32).reshaped(10, 1)
    let model = Probe()
    let history = model.fit(
      x, x, batchSize: 4, epochs: 2, loss: loss, optimizer: SGD(learningRate: 0), verbose: .silent)
    #expect(history["loss"] == [4.5, 4.5])
    let order = seen.withLock { $0 }
    let all = (0..<10).map(Double.init)
    #expect(order.prefix(10).sorted() == all)
    #expect(order.suffix(10).sorted() == all)
    #expect(order.prefix(10) != order.suffix(10))
    #expect(model.calls.map(\.rows) == [4, 4, 2, 4, 4, 2])
    #expect(model.evaluate(x, x, batchSize: 3, loss: loss, verbose: .silent).loss == 4.5)
  }

  @Test func `Training happens in training mode, everything else in inference mode`() {
    let model = Probe()
    let x = Tensor.ones([6, 1])
    model.fit(
      x, x, batchSize: 3, loss: .meanSquaredError, optimizer: SGD(), validation: (x, x),
      verbose: .silent)
    #expect(model.calls.map(\.mode) == [.training, .training, .inference])
    withMode(.training) {
      _ = model.predict(x)
      _ = model.evaluate(x, x, loss: .meanSquaredError, verbose: .silent)
    }
    #expect(model.calls.suffix(2).map(\.mode) == [.inference, .inference])
  }

  @Test func `predict gives all rows in order, without history`() {
    let model = withGenerator(seed: 1) { Dense(inputSize: 3, outputSize: 2) }
    let x = random([70, 3], dtype: .float32)
    let y = model.predict(x)
    #expect(y.shape == [70, 2] && !y.isTracked)
    for (a, b) in zip(y.scalars, model(x).scalars) { #expect(abs(a - b) < 1e-6) }
    #expect(model.predict(Tensor.zeros([0, 3])).shape == [0, 2])
  }

  @Test func `A history goes through JSON`() throws {
    let history = Self.train(withGenerator(seed: 1) { Self.classifier() })
    let copy = try JSONDecoder().decode(History.self, from: JSONEncoder().encode(history))
    #expect(copy.values == history.values)
    #expect(copy.trainSeconds == history.trainSeconds)
  }

  @Test func `The log is Keras's: epochs, sorted numbers, validation last; evaluate has one line`()
    async throws
  {
    let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      let model = withGenerator(seed: 1) { TrainingTests.classifier() }
      let (x, y) = TrainingTests.blobs(300, seed: 1)
      model.fit(
        x, y, epochs: 2, loss: .categoricalCrossEntropy, optimizer: SGD(), metrics: [.accuracy],
        validation: (x, y), verbose: .line)
      // No terminal is attached, so the bar, too, is whole lines.
      model.fit(x, y, loss: .categoricalCrossEntropy, optimizer: SGD())
      _ = model.evaluate(x, y, batchSize: 100, loss: .categoricalCrossEntropy, metrics: [.accuracy])
      _ = model.predict(x, verbose: .line)
      model.fit(x, y, epochs: 2, loss: .categoricalCrossEntropy, optimizer: SGD(), verbose: .silent)
    }
    let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
    // In an exit test standard output may begin with words of the test library.
    let lines = output.split(separator: "\n").drop { !$0.hasPrefix("Epoch") }.map(String.init)
    let number = "[0-9]+\\.[0-9]{4}(e-[0-9]+)?"
    let time = "[0-9]+s - [0-9]+[mu]?s/step"
    let expected = [
      "Epoch 1/2",
      "10/10 - \(time) - accuracy: \(number) - loss: \(number) - val_accuracy: \(number)"
        + " - val_loss: \(number)",
      "Epoch 2/2",
      "10/10 - \(time) - accuracy: \(number) - loss: \(number) - val_accuracy: \(number)"
        + " - val_loss: \(number)",
      "10/10 - \(time) - loss: \(number)",
      "3/3 - \(time) - accuracy: \(number) - loss: \(number)",
      "10/10 - \(time)",
    ]
    #expect(lines.count == expected.count, "\(output)")
    for (line, pattern) in zip(lines, expected) {
      #expect(try Regex(pattern).wholeMatch(in: line) != nil, "\(line)")
    }
  }
}
