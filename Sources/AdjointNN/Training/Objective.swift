import Adjoint

/// A model together with what it is trained or judged by.
///
/// It decides, once, whether the loss is computed from the model's output or from the logits before
/// its softmax.
struct Objective {
  /// The model, or the model without its softmax.
  private let model: any Layer
  private let givesLogits: Bool
  private let loss: Loss
  let metrics: [Metric]
  let file: StaticString
  let line: UInt

  init(
    _ model: any Layer, _ loss: Loss, _ metrics: [Metric], _ file: StaticString, _ line: UInt
  ) {
    self.metrics = metrics
    (self.file, self.line) = (file, line)
    if case .none = loss.reduction {
      programmingError(
        loss.name, "training needs a single number, not the parts that reduced(.none) gives",
        file: file, line: line)
    }
    let withoutSoftmax = model.beforeSoftmax
    switch loss.domain {
    case .probabilities(let fromLogits):
      if let withoutSoftmax {
        (self.model, self.loss, givesLogits) = (withoutSoftmax, fromLogits, true)
        return
      }
      if let stack = model as? Sequential {
        let last = stack.layers.last?.kind ?? "nothing"
        programmingError(
          loss.name,
          "takes probabilities, but the model ends with \(last): add Softmax() or use "
            + "softmaxCrossEntropy", file: file, line: line)
      }
    case .logits:
      if withoutSoftmax != nil {
        programmingError(
          loss.name,
          "takes logits, but the model ends with a softmax: use categoricalCrossEntropy "
            + "or remove it", file: file, line: line)
      }
    case .any: break
    }
    self.model = model
    self.loss = loss
    givesLogits = false
  }

  /// The loss of a batch, and what `sums` needs for the metrics.
  func callAsFunction(_ x: Tensor, _ y: Tensor) -> (loss: Tensor, result: Tensor) {
    let result = model(x, file: file, line: line)
    return (loss(result, y, file: file, line: line), result.detached)
  }

  /// The metrics of a batch, summed over its rows.
  func sums(_ result: Tensor, _ y: Tensor) -> [Double] {
    metrics.map { metric in
      let prediction = givesLogits && !metric.takesLogits ? softmax(result) : result
      return metric(prediction, y, file: file, line: line).sum().scalar
    }
  }
}

/// Means over all rows seen so far: a batch counts by its number of rows.
struct RunningMeans {
  private let objective: Objective
  private var totals: [Double]
  private var rows = 0.0

  init(_ objective: Objective) {
    self.objective = objective
    totals = Array(repeating: 0, count: objective.metrics.count + 1)
  }

  mutating func add(loss: Tensor, result: Tensor, target: Tensor) {
    let count = Double(target.shape[0])
    totals[0] += loss.scalar * count
    for (index, sum) in objective.sums(result, target).enumerated() { totals[index + 1] += sum }
    rows += count
  }

  /// The means by name, in the order of logs.
  var values: [(name: String, value: Double)] {
    zip(["loss"] + objective.metrics.map(\.name), totals).map { ($0, $1 / rows) }
      .sorted { $0.0 < $1.0 }
  }
}
