import Adjoint

/// A model together with what it is trained or judged by.
///
/// It decides, once, whether the loss is computed from the model's output or from the logits before
/// its softmax.
struct Objective {
  /// The model, or the model without its softmax.
  private let model: any Layer
  private let loss: Loss
  /// Whether results are those before the softmax.
  let givesLogits: Bool
  let file: StaticString
  let line: UInt

  init(_ model: any Layer, _ loss: Loss, _ file: StaticString, _ line: UInt) {
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

  /// The loss of a batch, and what the metrics need.
  func callAsFunction(
    _ x: Tensor, _ y: Tensor, weights: Tensor? = nil
  ) -> (loss: Tensor, result: Tensor) {
    let result = model(x, file: file, line: line)
    let value =
      weights.map { weighted(result, y, $0) } ?? loss(result, y, file: file, line: line)
    return (value, result.detached)
  }

  /// The loss in which every row counts by its weight: the mean of weighted parts, as in Keras.
  private func weighted(_ result: Tensor, _ y: Tensor, _ weights: Tensor) -> Tensor {
    let parts = loss.reduced(.none)(result, y, file: file, line: line)
    if weights.rank != 1 || parts.shape.first != weights.shape.first {
      programmingError(
        loss.name,
        "weights \(weights.shape) for a loss with parts \(parts.shape): needs one weight for each "
          + "row, and a loss that has parts for each row", file: file, line: line)
    }
    let sizes = [weights.shape[0]] + Array(repeating: 1, count: parts.rank - 1)
    let product = parts * weights.cast(to: parts.dtype).reshaped(Shape(sizes))
    return loss.reduction.reduce(product)
  }

  /// Stops the program unless a batch holds inputs, targets and perhaps weights, of as many rows.
  func requireBatch(_ batch: [Tensor]) {
    let rows = batch.first?.shape.first
    if !(2...3).contains(batch.count) || rows == nil
      || !batch.allSatisfy({ $0.shape.first == rows })
    {
      programmingError(
        "fit",
        "a batch is inputs, targets and perhaps weights, of as many rows, not "
          + "\(batch.map(\.shape))", file: file, line: line)
    }
  }
}
