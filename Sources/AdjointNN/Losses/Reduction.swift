import Adjoint

extension Loss {
  /// How the parts of a loss become its result.
  ///
  /// The parts are the losses of the elements, or of the examples where elements have none of their
  /// own; every loss says which.
  public enum Reduction: Sendable {
    /// The mean of all parts; NaN if there are none.
    case mean
    /// The sum of all parts.
    case sum
    /// The parts themselves.
    case none

    func reduce(_ parts: Tensor) -> Tensor {
      switch self {
      case .mean: parts.mean()
      case .sum: parts.sum()
      case .none: parts
      }
    }
  }
}
