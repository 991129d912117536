import Adjoint

/// The mean of each channel over all positions, as Keras's `GlobalAveragePooling`.
///
/// Shapes: `[batch, channels, ...]` with any number of spatial axes gives `[batch, channels]`.
///
/// Source: Lin, Chen and Yan, "Network in network", ICLR 2014.
public final class GlobalAvgPool: SavableLayer {
  /// Means of channels.
  public init() {}

  /// The mean of each channel.
  public func forward(_ x: Tensor) -> Tensor {
    requireChannels(x)
    return x.rank == 2 ? x : x.mean(axes: Array(2..<x.rank))
  }
}
