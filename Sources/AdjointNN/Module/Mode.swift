import Adjoint

/// Whether a model is being trained or used.
///
/// Dropout and its like depend on it. The mode is a scope, not a switch on each layer: it cannot be
/// left in the wrong position. `fit` runs in training mode; `evaluate`, `predict` and everything
/// outside a scope in inference mode.
public enum Mode: Sendable {
  /// Parameters are being changed.
  case training
  /// Results are wanted.
  case inference

  /// The mode of the innermost `withMode`, or `inference`.
  public static var current: Mode { TrainingScope.isOn ? .training : .inference }
}

/// Runs `body` in the given mode.
public func withMode<Result>(_ mode: Mode, _ body: () throws -> Result) rethrows -> Result {
  try TrainingScope.$isOn.withValue(mode == .training, operation: body)
}
