import Adjoint

/// Joins all axes but the first, the batch: `[n, 28, 28]` becomes `[n, 784]`.
public final class Flatten: SavableLayer {
  /// A flattening layer.
  public init() {}

  /// The input as `[n, features]`.
  public func forward(_ x: Tensor) -> Tensor {
    guard let count = x.shape.first else { fail("needs an input with a batch axis, not a number") }
    return x.reshaped([count, x.shape.dropFirst().reduce(1, *)])
  }
}
