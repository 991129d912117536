import Adjoint

extension Loss {
  /// The mean of (prediction - target)² over all elements.
  ///
  /// Both have one shape and dtype. They are not broadcast: `[n, 1]` against `[n]` would silently
  /// compare every prediction with every target.
  public static let meanSquaredError = errorLoss("meanSquaredError") { square($0) }

  /// A loss of every element that is a function of prediction - target.
  static func errorLoss(
    _ name: String, _ function: @escaping @Sendable (_ error: Tensor) -> Tensor
  ) -> Loss {
    Loss(name, of: .any) { prediction, target, file, line in
      LossInputs(name, file, line).requireAlike(prediction, target)
      return function(prediction - target)
    }
  }
}
