import Adjoint

extension Initializer {
  /// The number of connections that a variance is divided by.
  public enum Fan: Sendable {
    /// Of each output.
    case `in`
    /// Of each input.
    case out
    /// The mean of both.
    case mean
  }

  /// The form of a distribution.
  public enum Distribution: Sendable {
    /// Uniform between two bounds.
    case uniform
    /// Normal.
    case normal
    /// Normal without what is beyond two standard deviations, and with the variance asked for.
    case truncatedNormal
  }

  /// Random with mean 0 and variance scale / fan, of which most other initializers are cases.
  ///
  /// Source: Keras, `VarianceScaling`.
  public static func varianceScaling(
    scale: Double = 1, fan: Fan, distribution: Distribution, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Initializer {
    if !(scale > 0) {
      programmingError(
        "varianceScaling", "the scale must be positive, not \(scale)", file: file, line: line)
    }
    return Initializer { shape, dtype in
      let fans = fans(shape)
      let count =
        switch fan {
        case .in: fans.in
        case .out: fans.out
        case .mean: (fans.in + fans.out) / 2
        }
      let deviation = (scale / count).squareRoot()
      switch distribution {
      case .uniform:
        let limit = 3.0.squareRoot() * deviation
        return uniform(in: -limit...limit)(shape, dtype: dtype)
      case .normal: return normal(standardDeviation: deviation)(shape, dtype: dtype)
      case .truncatedNormal:
        // The deviation of a standard normal variable that stays within 2.
        let kept = 0.87962566103423978
        return truncatedNormal(standardDeviation: deviation / kept)(shape, dtype: dtype)
      }
    }
  }

  /// Uniform with variance 1 / fan-in, for layers followed by `selu`.
  ///
  /// Source: LeCun, Bottou, Orr and Müller, "Efficient backprop", 1998.
  public static let lecunUniform = varianceScaling(fan: .in, distribution: .uniform)

  /// Normal with variance 1 / fan-in; the source is that of `lecunUniform`.
  public static let lecunNormal = varianceScaling(fan: .in, distribution: .normal)

  /// Uniform within 1 / sqrt(fan-in) of 0: how PyTorch starts the weights of `Linear` and `Conv`.
  ///
  /// PyTorch draws their biases from the same range, `.uniform(in:)` with the fan-in of the weight.
  public static let torchUniform = varianceScaling(
    scale: 1.0 / 3, fan: .in, distribution: .uniform)

  /// At least 1, so that an empty weight has a finite scale.
  private static func fans(_ shape: Shape) -> (in: Double, out: Double) {
    if shape.rank < 2 {
      let size = Double(max(shape.elementCount, 1))
      return (size, size)
    }
    let kernel = shape.dropFirst(2).reduce(1, *)
    return (Double(max(shape[1] * kernel, 1)), Double(max(shape[0] * kernel, 1)))
  }
}
