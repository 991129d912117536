import Adjoint

extension Loss {
  /// The mean of (prediction - target)² over all elements.
  ///
  /// Both have one shape and dtype. They are not broadcast: `[n, 1]` against `[n]` would silently
  /// compare every prediction with every target.
  public static let meanSquaredError = Loss("meanSquaredError", of: .any) {
    prediction, target, file, line in
    if prediction.shape != target.shape || prediction.dtype != target.dtype {
      programmingError(
        "meanSquaredError",
        "the prediction is \(prediction.dtype) \(prediction.shape), the target \(target.dtype) "
          + "\(target.shape); they must be alike", file: file, line: line)
    }
    return square(prediction - target).mean()
  }
}
