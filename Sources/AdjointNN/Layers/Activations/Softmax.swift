import Adjoint

/// Probabilities from logits: exp(x_i) / sum_j exp(x_j) along an axis.
///
/// At the end of a classifier it makes the model's output probabilities. Training with
/// `Loss.categoricalCrossEntropy` works on the logits before it.
public final class Softmax: SavableLayer {
  /// The axis that sums to 1; a negative one counts from the end.
  public let axis: Int

  /// Probabilities along an axis, the last by default.
  public init(axis: Int = -1) { self.axis = axis }

  /// The axis, if it is not the last.
  public var details: [String] { axis == -1 ? [] : ["axis \(axis)"] }

  /// exp(x_i) / sum_j exp(x_j).
  public func forward(_ x: Tensor) -> Tensor {
    if !x.dtype.isFloatingPoint || axis >= x.rank || axis < -x.rank {
      fail("needs a floating input with an axis \(axis), not \(x.dtype) \(x.shape)")
    }
    return softmax(x, axis: axis)
  }

  /// The identity, for a softmax over the classes of a batch.
  public var beforeSoftmax: (any Layer)? { axis == -1 || axis == 1 ? Sequential([]) : nil }
}
