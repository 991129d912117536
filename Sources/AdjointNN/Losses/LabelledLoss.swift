import Adjoint

/// Losses of log-probabilities against labels: with class weights, ignored labels and smoothing.
struct LabelledLoss: Sendable {
  let name: String
  let classWeights: Tensor?
  let ignoredLabel: Int?
  var smoothing = 0.0
  /// Whether targets may be probabilities instead of labels.
  var takesProbabilities = false

  /// The loss that takes predictions, of which `logProbabilities` makes logarithms of probabilities.
  func loss(
    of domain: Loss.Domain, _ logProbabilities: @escaping @Sendable (Tensor) -> Tensor
  ) -> Loss {
    Loss(
      name, of: domain,
      mean: { prediction, target, file, line in
        let inputs = LossInputs(name, file, line)
        let (parts, weights) = weighted(logProbabilities, prediction, target, inputs)
        return weights.map { parts.sum() / $0.sum() } ?? parts.mean()
      },
      parts: { prediction, target, file, line in
        weighted(logProbabilities, prediction, target, LossInputs(name, file, line)).parts
      })
  }

  /// The losses of the examples and by what they count, where they do not count alike.
  private func weighted(
    _ logProbabilities: (Tensor) -> Tensor, _ prediction: Tensor, _ target: Tensor,
    _ inputs: LossInputs
  ) -> (parts: Tensor, weights: Tensor?) {
    if takesProbabilities && target.dtype.isFloatingPoint {
      return (soft(logProbabilities, prediction, target, inputs), nil)
    }
    inputs.requireClasses(prediction, target)
    let labels = target.cast(to: .int64)
    let isIgnored = ignoredLabel.map { labels .== Tensor([$0], shape: [], dtype: .int64) }
    let safe = isIgnored.map { `where`($0, Tensor(0, dtype: .int64), labels) } ?? labels
    inputs.requireLabels(safe, below: prediction.shape[1])
    let logs = logProbabilities(prediction)
    let places = safe.expandingDimension(at: 1)
    var parts = -logs.gatheringAlongAxis(places, axis: 1).squeezed(1)
    var weights: Tensor?
    if let classWeights {
      inputs.requireWeights(classWeights, for: prediction)
      weights = classWeights.gathering(safe)
    }
    if let chosen = weights { parts = parts * chosen }
    if smoothing > 0 {
      let (kept, share) = shares(prediction)
      parts = kept * parts - share * times(classWeights, logs).sum(axes: [1])
    }
    if let isIgnored {
      parts = `where`(isIgnored, 0, parts)
      weights = `where`(
        isIgnored, 0, weights ?? Tensor.ones(parts.shape, dtype: prediction.dtype))
    }
    return (parts, weights)
  }

  /// The losses against probabilities as targets.
  private func soft(
    _ logProbabilities: (Tensor) -> Tensor, _ prediction: Tensor, _ target: Tensor,
    _ inputs: LossInputs
  ) -> Tensor {
    inputs.requireAlike(prediction, target)
    if prediction.rank < 2 { inputs.fail("needs [n, classes, ...], not \(prediction.shape)") }
    if let classWeights { inputs.requireWeights(classWeights, for: prediction) }
    let (kept, share) = shares(prediction)
    let smooth = smoothing > 0 ? kept * target + share : target
    return -times(classWeights, logProbabilities(prediction) * smooth).sum(axes: [1])
  }

  /// What smoothing leaves to a target, and what it gives to every class.
  private func shares(_ prediction: Tensor) -> (kept: Double, share: Double) {
    (1 - smoothing, smoothing / Double(prediction.shape[1]))
  }

  /// Every class of `[n, classes, ...]` by its weight.
  private func times(_ weights: Tensor?, _ x: Tensor) -> Tensor {
    guard let weights else { return x }
    let sizes = [weights.shape[0]] + Array(repeating: 1, count: x.rank - 2)
    return x * weights.reshaped(Shape(sizes))
  }
}
