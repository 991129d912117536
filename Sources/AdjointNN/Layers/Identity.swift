import Adjoint

/// x itself: for a place where a layer is expected and nothing is to happen.
///
/// Shapes: any, and the same.
public final class Identity: SavableLayer {
  /// The identity.
  public init() {}

  /// x.
  public func forward(_ x: Tensor) -> Tensor { x }
}
