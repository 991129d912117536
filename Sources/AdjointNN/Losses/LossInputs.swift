import Adjoint

/// The inputs of a loss while they are checked, and where the caller stands.
///
/// Nothing is broadcast: `[n, 1]` against `[n]` would silently compare every prediction with every
/// target.
struct LossInputs {
  let name: String
  let file: StaticString
  let line: UInt

  init(_ name: String, _ file: StaticString, _ line: UInt) {
    (self.name, self.file, self.line) = (name, file, line)
  }

  func fail(_ message: String) -> Never {
    programmingError(name, message, file: file, line: line)
  }

  /// Stops unless both are floating and of one shape and dtype.
  func requireAlike(_ prediction: Tensor, _ target: Tensor) {
    requireAlike([("prediction", prediction), ("target", target)])
  }

  /// Stops unless all tensors are floating and of one shape and dtype.
  func requireAlike(_ tensors: [(name: String, value: Tensor)]) {
    let first = tensors[0].value
    if tensors.contains(where: { $0.value.shape != first.shape || $0.value.dtype != first.dtype }) {
      let list = tensors.enumerated().map { index, entry in
        "the \(entry.name) \(index == 0 ? "is " : "")\(entry.value.dtype) \(entry.value.shape)"
      }
      fail(list.joined(separator: ", ") + "; they must be alike" + advice(tensors.map(\.value)))
    }
    requireFloating(first, tensors[0].name)
  }

  /// What to do about a target of another dtype, or with an axis of size 1 too few or too many.
  private func advice(_ tensors: [Tensor]) -> String {
    guard tensors.count == 2 else { return "" }
    let (prediction, target) = (tensors[0], tensors[1])
    if !prediction.dtype.isFloatingPoint { return "" }
    if prediction.shape == target.shape {
      return ": convert the target with cast(to: .\(prediction.dtype))"
    }
    let areSameSizes =
      prediction.shape.filter { $0 != 1 } == target.shape.filter { $0 != 1 }
      && prediction.dtype == target.dtype
    return areSameSizes ? ": give the target the shape \(prediction.shape) with reshaped" : ""
  }

  func requireFloating(_ x: Tensor, _ what: String) {
    if !x.dtype.isFloatingPoint { fail("the \(what) must be floating, not \(x.dtype) \(x.shape)") }
  }

  /// Stops if a prediction is no probability; NaN is let through, as everywhere.
  ///
  /// Rounding may leave a sum of probabilities a little above 1.
  func requireProbabilities(_ prediction: Tensor, _ advice: String) {
    let values = prediction.detached
    let bounds = (low: -1e-6, high: 1 + 1e-6)
    let low = Tensor(bounds.low, dtype: values.dtype)
    let high = Tensor(bounds.high, dtype: values.dtype)
    if ((values .< low) .| (values .> high)).sum().scalar == 0 { return }
    let wrong = values.scalars.first { $0 < bounds.low || $0 > bounds.high } ?? .nan
    fail("takes probabilities, but a prediction is \(Float(wrong)): \(advice)")
  }

  /// Stops unless every target is 1 or -1.
  func requireSigns(_ target: Tensor) {
    if !all(abs(target.detached) .== 1) {
      fail("targets must be 1 or -1; make them of 0 and 1 by 2 * target - 1")
    }
  }

  /// Stops unless scores are floating `[n, classes, ...]` and labels integers `[n, ...]`.
  func requireClasses(_ scores: Tensor, _ labels: Tensor) {
    requireFloating(scores, "prediction")
    let sizes = Array(scores.shape)
    let isInteger = !labels.dtype.isFloatingPoint && labels.dtype != .bool
    if sizes.count < 2 || !isInteger || Array(labels.shape) != Array(sizes[..<1] + sizes[2...]) {
      fail(
        "predictions \(scores.shape) and labels \(labels.dtype) \(labels.shape) do not fit: needs "
          + "[n, classes, ...] and integers [n, ...]")
    }
  }

  /// Stops unless labels are below the number of classes.
  func requireLabels(_ labels: Tensor, below classes: Int) {
    let labels = labels.cast(to: .int64)
    let bound = Tensor(Double(classes), dtype: .int64)
    if !all((labels .>= 0) .& (labels .< bound)) {
      fail("a label is not in 0 ..< \(classes), the number of classes")
    }
  }

  /// Stops unless there is one floating weight for each class.
  func requireWeights(_ weights: Tensor, for scores: Tensor) {
    if weights.dtype != scores.dtype || weights.shape != [scores.shape[1]] {
      fail(
        "class weights must be \(scores.dtype) [\(scores.shape[1])] for predictions "
          + "\(scores.shape), not \(weights.dtype) \(weights.shape)")
    }
  }

  private func all(_ condition: Tensor) -> Bool { (.!condition).sum().scalar == 0 }
}

/// Stops unless a setting of a loss is a positive number.
func requirePositive(
  _ loss: String, _ setting: String, _ value: Double, _ file: StaticString, _ line: UInt
) {
  if !(value > 0 && value.isFinite) {
    programmingError(
      loss, "\(setting) must be positive and finite, not \(value)", file: file, line: line)
  }
}
