import Adjoint

extension Loss {
  /// How little two sets overlap: 1 - (2 Σ p t + ε) / (Σ p + Σ t + ε).
  ///
  /// For segmentation, where few pixels belong to the object: it does not depend on how many others
  /// there are. With ε two empty sets agree.
  ///
  /// Shapes: probabilities and targets alike. `[n, classes, ...]` is summed over the axes after the
  /// classes and has parts `[n, classes]`; `[n, elements]` has parts `[n]`.
  ///
  /// Source: Milletari, Navab and Ahmadi, "V-Net" (2016), without the squares in the denominator.
  /// - Parameter epsilon: what is added to numerator and denominator.
  public static func dice(
    epsilon: Double = 1e-5, file: StaticString = #fileID, line: UInt = #line
  ) -> Loss {
    requirePositive("dice", "epsilon", epsilon, file, line)
    return Loss("dice", of: .any) { prediction, target, file, line in
      let inputs = LossInputs("dice", file, line)
      inputs.requireAlike(prediction, target)
      if prediction.rank < 2 {
        inputs.fail("needs [n, elements] or [n, classes, ...], not \(prediction.shape)")
      }
      let axes = Array(min(2, prediction.rank - 1)..<prediction.rank)
      let shared = (prediction * target).sum(axes: axes)
      let sizes = prediction.sum(axes: axes) + target.sum(axes: axes)
      return 1 - (2 * shared + epsilon) / (sizes + epsilon)
    }
  }
}
