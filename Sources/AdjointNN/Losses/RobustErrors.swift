import Adjoint

// Errors that large deviations do not dominate. Prediction and target have one shape and dtype; the
// parts are the elements.

extension Loss {
  /// The mean of |prediction - target|; its derivative is 0 where they are equal.
  public static let meanAbsoluteError = errorLoss("meanAbsoluteError") { abs($0) }

  /// Half the square of errors up to delta, delta (|error| - delta / 2) beyond.
  ///
  /// Source: Huber, "Robust Estimation of a Location Parameter" (1964).
  public static func huber(
    delta: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Loss {
    requirePositive("huber", "delta", delta, file, line)
    return errorLoss("huber") { huberParts($0, delta) }
  }

  /// error² / (2 beta) for errors up to beta, |error| - beta / 2 beyond: `huber` divided by beta.
  ///
  /// For beta = 0, which PyTorch allows, take `meanAbsoluteError`.
  public static func smoothL1(
    beta: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Loss {
    requirePositive("smoothL1", "beta", beta, file, line)
    return errorLoss("smoothL1") { huberParts($0, beta) / beta }
  }

  /// log(cosh(error)): near error² / 2 for small errors and |error| - log 2 for large ones.
  ///
  /// It does not overflow. Errors below 1e-8 in double precision, 3e-4 in single, give 0 or noise of
  /// the size of rounding.
  public static let logCosh = errorLoss("logCosh") { error in
    error + softplus(-2 * error) - 0.6931471805599453
  }
}

private func huberParts(_ error: Tensor, _ delta: Double) -> Tensor {
  let size = abs(error)
  let half: Double = 0.5 * delta
  return `where`(
    size .<= Tensor(delta, dtype: error.dtype), 0.5 * square(error), delta * (size - half))
}
