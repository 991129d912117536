import Adjoint

/// The rectifier max(x, 0) of each element, of any shape; the derivative at 0 is 0.
public final class ReLU: SavableLayer {
  /// A rectifier.
  public init() {}

  /// max(x, 0).
  public func forward(_ x: Tensor) -> Tensor {
    if !x.dtype.isFloatingPoint { fail("needs a floating input, not \(x.dtype) \(x.shape)") }
    return relu(x)
  }
}
