import Adjoint

/// The largest element of each channel, as Keras's `GlobalMaxPooling`.
///
/// Equal largest elements share the gradient.
///
/// Shapes: `[batch, channels, ...]` with any number of spatial axes gives `[batch, channels]`.
public final class GlobalMaxPool: SavableLayer {
  /// Maxima of channels.
  public init() {}

  /// The largest element of each channel.
  public func forward(_ x: Tensor) -> Tensor {
    requireChannels(x)
    if x.shape.dropFirst(2).contains(0) { fail("an input of shape \(x.shape) has no positions") }
    return x.rank == 2 ? x : x.max(axes: Array(2..<x.rank))
  }
}
