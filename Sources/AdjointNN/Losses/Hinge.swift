import Adjoint

extension Loss {
  /// max(0, 1 - t x) of every score x for a target t of 1 or -1: the loss of a support vector machine.
  ///
  /// Shapes: both alike; the parts are the elements.
  public static let hinge = Loss("hinge", of: .any) { prediction, target, file, line in
    let inputs = LossInputs("hinge", file, line)
    inputs.requireAlike(prediction, target)
    inputs.requireSigns(target)
    return relu(1 - target * prediction)
  }
}
