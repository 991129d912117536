import Adjoint

/// How the first value of a parameter is chosen.
///
/// Random ones draw from the generator of `withGenerator(seed:)`. The fan of a weight is counted as
/// PyTorch does: `[out, in, kernel...]` has fan-in `in * kernel` and fan-out `out * kernel`.
public struct Initializer: Sendable {
  private let draw: @Sendable (Shape, DType) -> Tensor

  /// An initializer of your own: it gives a tensor of the shape and dtype it is asked for.
  public init(_ draw: @escaping @Sendable (_ shape: Shape, _ dtype: DType) -> Tensor) {
    self.draw = draw
  }

  /// A first value of the given shape.
  public func callAsFunction(_ shape: Shape, dtype: DType = .float32) -> Tensor {
    draw(shape, dtype)
  }

  /// Zeros.
  public static let zeros = constant(0)
  /// Ones.
  public static let ones = constant(1)

  /// One repeated number.
  public static func constant(_ value: Double) -> Initializer {
    Initializer { Tensor.full($0, value, dtype: $1) }
  }

  /// Uniform in the given range.
  public static func uniform(in range: ClosedRange<Double>) -> Initializer {
    Initializer { Tensor.uniform($0, in: range, dtype: $1) }
  }

  /// Normal with the given mean and standard deviation.
  public static func normal(mean: Double = 0, standardDeviation: Double) -> Initializer {
    Initializer {
      Tensor.normal($0, mean: mean, standardDeviation: standardDeviation, dtype: $1)
    }
  }

  /// Uniform with variance 2 / (fan-in + fan-out), the default of `Dense`.
  ///
  /// Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
  /// networks", AISTATS 2010.
  public static let glorotUniform = varianceScaling(fan: .mean, distribution: .uniform)

  /// Normal with variance 2 / (fan-in + fan-out); the source is that of `glorotUniform`.
  public static let glorotNormal = varianceScaling(fan: .mean, distribution: .normal)

  /// Uniform with variance 2 / fan-in, for layers followed by a ReLU.
  ///
  /// Source: He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV 2015.
  public static let heUniform = varianceScaling(scale: 2, fan: .in, distribution: .uniform)

  /// Normal with variance 2 / fan-in; the source is that of `heUniform`.
  public static let heNormal = varianceScaling(scale: 2, fan: .in, distribution: .normal)
}
