import Adjoint
import AdjointNN
import AdjointNotebook
import Foundation
import Testing

/// What scikit-learn computes; see Fixtures/make_metrics.py.
struct MetricReference: Decodable {
  let prediction: [Double]
  let predictionShape: [Int]
  let target: [Double]
  let targetShape: [Int]
  let integers: Bool
  let values: [String: Double?]
  let matrix: [Int]?

  static func read() throws -> [String: MetricReference] {
    try JSONDecoder().decode(
      [String: MetricReference].self, from: Data(contentsOf: moreFixture("metrics.json")))
  }

  var predictions: Tensor { Tensor(prediction, dtype: .float64).reshaped(Shape(predictionShape)) }
  var targets: Tensor {
    let all = Tensor(target, dtype: .float64).reshaped(Shape(targetShape))
    return integers && !targetShape.isEmpty ? all.cast(to: .int64) : all
  }
}

struct MetricValuesTests {
  private static let averages: [(String, Metric.Average)] = [
    ("macro", .macro), ("micro", .micro), ("weighted", .weighted),
  ]

  private static let metrics: [String: Metric] = {
    let single: [Metric] = [
      .accuracy, .topKAccuracy(2), .perplexity(fromLogits: false), .rocAUC, .averagePrecision,
      .binaryAccuracy(), .precision(), .recall(), .f1(), .meanSquaredError, .meanAbsoluteError,
      .rootMeanSquaredError, .r2,
    ]
    let averaged = averages.flatMap { name, average in
      [Metric.precision(average), .recall(average), .f1(average)].map {
        $0.named($0.name + " " + name)
      }
    }
    return Dictionary((single + averaged).map { ($0.name, $0) }) { $1 }
  }()

  @Test func `Every metric of the fixture is known, and every metric is in it`() throws {
    let names = try MetricReference.read().values.reduce(into: Set()) {
      $0.formUnion($1.values.keys)
    }
    #expect(names == Set(Self.metrics.keys))
  }

  /// All at once, in batches of unequal size, and from the state that a checkpoint would hold.
  @Test(arguments: [100, 7, 1])
  func `Values are scikit-learn's, however the rows are batched`(_ size: Int) throws {
    for (name, reference) in try MetricReference.read() {
      let (predictions, targets) = (reference.predictions, reference.targets)
      let rows = predictions.shape[0]
      for (key, expected) in reference.values {
        var metric = try #require(Self.metrics[key])
        for start in stride(from: 0, to: rows, by: size) {
          let batch = start..<min(start + size, rows)
          metric.update(predictions[batch], targets[batch])
        }
        let value = metric.value
        let tolerance = name.contains("far from zero") ? 1e-7 : 1e-12
        if let expected {
          #expect(abs(value - expected) <= tolerance, "\(name), \(key): \(value) for \(expected)")
        } else {
          #expect(value.isNaN, "\(name), \(key): \(value) for NaN")
        }
      }
    }
  }

  @Test func `The confusion matrix is scikit-learn's`() throws {
    for (name, reference) in try MetricReference.read() {
      guard let expected = reference.matrix else { continue }
      var matrix = ConfusionMatrix()
      let rows = reference.predictions.shape[0]
      for row in 0..<rows {
        matrix.update(reference.predictions[row..<row + 1], reference.targets[row..<row + 1])
      }
      let side = reference.predictions.shape[1]
      #expect(matrix.counts.shape == [side, side] && matrix.classCount == side)
      #expect(matrix.counts.scalars(as: Int.self) == expected, "\(name)")
    }
  }

  @Test func `A metric starts anew after reset, and copies do not share what they have seen`() {
    var metric = Metric.accuracy
    #expect(metric.value.isNaN)
    metric.update(Tensor([[0.0, 1]]), Tensor([0] as [Int]))
    var copy = metric
    copy.update(Tensor([[0.0, 1]]), Tensor([1] as [Int]))
    #expect(metric.value == 0 && copy.value == 0.5)
    #expect(copy(Tensor([[0.0, 1]]), Tensor([1] as [Int])) == 1)
    copy.reset()
    #expect(copy.value.isNaN && metric.value == 0)
  }

  @Test func `Nothing seen has no value`() {
    for (name, metric) in Self.metrics { #expect(metric.value.isNaN, "\(name)") }
  }

  @Test func `Single columns and single probabilities are the same`() {
    let (scores, labels) = (Tensor([0.2, 0.9, 0.4]), Tensor([0, 1, 1] as [Int]))
    for metric in [Metric.f1(), .precision(), .recall(), .rocAUC, .averagePrecision] {
      let column = metric(scores.reshaped(3, 1), labels.cast(to: .float32).reshaped(3, 1))
      #expect(metric(scores, labels) == column)
    }
    // Two columns are the probabilities of two classes.
    let both = stacked([1 - scores, scores], axis: 1)
    #expect(Metric.rocAUC(both, labels) == Metric.rocAUC(scores, labels))
    #expect(Metric.averagePrecision(both, labels) == Metric.averagePrecision(scores, labels))
    #expect(Metric.f1()(both, labels) == Metric.f1()(scores, labels))
  }

  @Test func `The mean of numbers counts by weights`() {
    var mean = RunningMean()
    #expect(mean.value.isNaN)
    mean.update(2, weight: 3)
    mean.update(Tensor([10.0, 0, 2]))
    #expect(mean.value == 3)
  }

  @Test func `Perplexity leaves out ignored labels, of whatever batch`() {
    let logits = Tensor.zeros([1, 4, 3])
    var metric = Metric.perplexity(ignoredLabel: -1)
    metric.update(logits, Tensor([[0, 1, -1]] as [[Int]]))
    metric.update(logits, Tensor([[-1, -1, -1]] as [[Int]]))
    #expect(abs(metric.value - 4) < 1e-6)
  }

  @Test func `A state of one's own is a metric`() {
    struct Largest: MetricState {
      var value = -Double.infinity
      var accumulated: [Double] {
        get { [value] }
        set { value = newValue.first ?? value }
      }
      mutating func update(_ prediction: Tensor, _ target: Tensor, file: StaticString, line: UInt) {
        value = max(value, abs(prediction - target).max().scalar)
      }
    }
    let found = Sequential {}.evaluate(
      Tensor([[1.0], [5], [2]]), Tensor([[1.0], [1], [9]]), batchSize: 2, loss: .meanSquaredError,
      metrics: [Metric("largest", Largest())], verbose: .silent)
    #expect(found["largest"] == 7)
  }

  @Test func `Scores that are no numbers give no number`() {
    let scores = Tensor([0.1, .nan, 0.3])
    #expect(Metric.rocAUC(scores, Tensor([0, 1, 1] as [Int])).isNaN)
    #expect(Metric.topKAccuracy(2)(Tensor([[Double.nan, 1, 2]]), Tensor([0] as [Int])) == 0)
  }

  @Test func `What does not fit is named`() async {
    let label = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Metric.f1(.macro)(Tensor.zeros([2, 3]), Tensor([0, 3] as [Int]))
    }
    #expect(errors(label).contains("a label is not in 0 ..< 3, the number of classes"))
    let average = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Metric.precision()(Tensor.zeros([2, 3]), Tensor([0, 1] as [Int]))
    }
    #expect(errors(average).contains("precision: the average binary is for 2 classes, not 3"))
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Metric.r2(Tensor.zeros([2, 1]), Tensor.zeros([2]))
    }
    #expect(errors(shape).contains("r2: needs predictions [n, ...] and targets of that shape"))
    let scores = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Metric.rocAUC(Tensor.zeros([2, 3]), Tensor.zeros([3]))
    }
    #expect(errors(scores).contains("rocAUC: scores [2, 3] and targets [3] do not fit"))
  }
}
