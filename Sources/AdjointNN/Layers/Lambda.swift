import Adjoint

/// A function as a layer: `Lambda { $0 * 2 }`.
///
/// It cannot be saved, nor can models that contain it; what the function captured is not found by
/// `namedParameters`. A class of one's own has neither limit.
public final class Lambda: Layer {
  private let function: (Tensor) -> Tensor

  /// A layer that calls the function.
  public init(_ function: @escaping (Tensor) -> Tensor) { self.function = function }

  /// The function's result.
  public func forward(_ x: Tensor) -> Tensor { function(x) }
}
