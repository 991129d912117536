import Adjoint
import Foundation

extension Metric {
  /// Among how many equally likely classes, in effect, the model has to choose.
  ///
  /// It is e to the power of the mean cross-entropy.
  ///
  /// The mean is that of all labels that are not ignored, of whatever batch.
  ///
  /// Shapes: predictions `[n, classes, ...]`; labels are integers `[n, ...]`, or one-hot rows of the
  /// predictions' shape.
  /// - Parameters:
  ///   - fromLogits: whether predictions are logits, else they are probabilities.
  ///   - ignoredLabel: a label, in range or not, that counts for nothing.
  public static func perplexity(fromLogits: Bool = true, ignoredLabel: Int? = nil) -> Metric {
    Metric("perplexity", Perplexity(fromLogits: fromLogits, ignoredLabel: ignoredLabel))
  }
}

private struct Perplexity: MetricState {
  let fromLogits: Bool
  let ignoredLabel: Int?
  private var mean = RunningMean()

  init(fromLogits: Bool, ignoredLabel: Int?) {
    (self.fromLogits, self.ignoredLabel) = (fromLogits, ignoredLabel)
  }

  mutating func update(
    _ prediction: Tensor, _ target: Tensor, file: StaticString, line: UInt
  ) {
    let losses =
      fromLogits
      ? Loss.crossEntropy(ignoredLabel: ignoredLabel)
      : Loss.negativeLogLikelihood(ignoredLabel: ignoredLabel)
    let scores = fromLogits ? prediction : log(prediction)
    let isOneHot = target.dtype.isFloatingPoint && target.shape == prediction.shape
    let labels = isOneHot ? target.argMax(axis: 1) : target
    let total = losses.reduced(.sum)(scores, labels, file: file, line: line).scalar
    let ignored = ignoredLabel.map {
      (labels.cast(to: .int64) .== Tensor([$0], shape: [], dtype: .int64)).sum().scalar
    }
    mean.update(total: total, weight: Double(labels.elementCount) - (ignored ?? 0))
  }

  var value: Double { exp(mean.value) }

  var accumulated: [Double] {
    get { mean.accumulated }
    set { mean.accumulated = newValue }
  }
}
