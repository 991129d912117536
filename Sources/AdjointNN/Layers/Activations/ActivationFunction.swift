import Adjoint

/// An activation function with its settings, as a value: `.gelu`, `.leakyReLU(slope: 0.2)`.
///
/// ```swift
/// Dense(inputSize: 784, outputSize: 256, activation: .gelu)
/// Activation(.softmax(axis: 1))
/// ```
///
/// The functions are those of `torch.nn`, under the names of this framework's operations, where
/// formulas and derivatives at corners are documented. Unlike a closure it can be saved and
/// compared.
public struct ActivationFunction: Sendable, Equatable, CustomStringConvertible {
  private let formula: ActivationFormula

  private init(_ formula: ActivationFormula) { self.formula = formula }

  private init(checking formula: ActivationFormula, _ file: StaticString, _ line: UInt) {
    if let problem = formula.problem {
      programmingError("ActivationFunction", problem, file: file, line: line)
    }
    self.formula = formula
  }

  /// The name and the settings, such as `leakyReLU(slope: 0.2)`.
  public var description: String { "\(formula)" }

  /// The function of a tensor.
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    activated(x, formula, file, line)
  }

  /// Whether the result sums to 1 over the classes of a batch.
  var isSoftmaxOverClasses: Bool { formula == .softmax(axis: -1) || formula == .softmax(axis: 1) }
}

// MARK: Functions without settings, or with the usual ones

extension ActivationFunction {
  /// x.
  public static let identity = Self(.identity)
  /// max(x, 0).
  public static let relu = Self(.relu)
  /// min(max(x, 0), 6).
  public static let relu6 = Self(.relu6)
  /// The leaky rectifier with slope 0.01.
  public static let leakyReLU = Self(.leakyReLU(slope: 0.01))
  /// The randomized leaky rectifier with slopes from 1/8 to 1/3.
  public static let rrelu = Self(.rrelu(from: 0.125, to: 1.0 / 3))
  /// The exponential linear unit with alpha 1.
  public static let elu = Self(.elu(alpha: 1))
  /// The continuously differentiable exponential linear unit with alpha 1.
  public static let celu = Self(.celu(alpha: 1))
  /// The scaled exponential linear unit.
  public static let selu = Self(.selu)
  /// x times the normal distribution function of x.
  public static let gelu = Self(.gelu(approximate: false))
  /// x sigmoid(x), also known as swish.
  public static let silu = Self(.silu)
  /// x tanh(softplus(x)).
  public static let mish = Self(.mish)
  /// log(1 + e^x).
  public static let softplus = Self(.softplus(beta: 1, threshold: nil))
  /// x / (1 + |x|).
  public static let softsign = Self(.softsign)
  /// The hyperbolic tangent.
  public static let tanh = Self(.tanh)
  /// x - tanh(x).
  public static let tanhshrink = Self(.tanhshrink)
  /// 1 / (1 + e^-x).
  public static let sigmoid = Self(.sigmoid)
  /// log(1 / (1 + e^-x)).
  public static let logSigmoid = Self(.logSigmoid)
  /// relu6(x + 3) / 6.
  public static let hardsigmoid = Self(.hardsigmoid)
  /// x relu6(x + 3) / 6.
  public static let hardswish = Self(.hardswish)
  /// x between -1 and 1.
  public static let hardtanh = Self(.hardtanh(min: -1, max: 1))
  /// x, but 0 up to a size of 0.5.
  public static let hardshrink = Self(.hardshrink(bound: 0.5))
  /// x, 0.5 nearer to zero.
  public static let softshrink = Self(.softshrink(bound: 0.5))
  /// The gated linear unit over the last axis, which it halves.
  public static let glu = Self(.glu(axis: -1))
  /// Probabilities along the last axis.
  public static let softmax = Self(.softmax(axis: -1))
  /// The softmax of the negated elements along the last axis.
  public static let softmin = Self(.softmin(axis: -1))
  /// Logarithms of probabilities along the last axis.
  public static let logSoftmax = Self(.logSoftmax(axis: -1))
}

// MARK: Functions with settings

extension ActivationFunction {
  /// x for positive elements, slope times x for others.
  public static func leakyReLU(slope: Double) -> Self { Self(.leakyReLU(slope: slope)) }

  /// A leaky rectifier with a slope drawn for each element in training.
  ///
  /// At inference the slope is the mean of the bounds.
  public static func rrelu(
    slopes: ClosedRange<Double>, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    Self(checking: .rrelu(from: slopes.lowerBound, to: slopes.upperBound), file, line)
  }

  /// x for positive elements, alpha (e^x - 1) for others.
  public static func elu(alpha: Double) -> Self { Self(.elu(alpha: alpha)) }

  /// x for positive elements, alpha (e^(x/alpha) - 1) for others.
  public static func celu(
    alpha: Double, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    Self(checking: .celu(alpha: alpha), file, line)
  }

  /// x times the normal distribution function of x, exactly or by the formula with a tanh.
  public static func gelu(approximate: Bool) -> Self { Self(.gelu(approximate: approximate)) }

  /// log(1 + e^(beta x)) / beta, which is accurate for every x.
  /// - Parameters:
  ///   - beta: how sharp the bend at 0 is.
  ///   - threshold: where beta x is above it the result is x; PyTorch's is 20.
  public static func softplus(
    beta: Double, threshold: Double? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    Self(checking: .softplus(beta: beta, threshold: threshold), file, line)
  }

  /// x between two bounds.
  public static func hardtanh(
    min: Double, max: Double, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    Self(checking: .hardtanh(min: min, max: max), file, line)
  }

  /// x, but 0 up to a size of `bound`.
  public static func hardshrink(
    bound: Double, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    Self(checking: .hardshrink(bound: bound), file, line)
  }

  /// x, `bound` nearer to zero, and 0 up to there.
  public static func softshrink(
    bound: Double, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    Self(checking: .softshrink(bound: bound), file, line)
  }

  /// x above a bound, another number elsewhere.
  public static func threshold(above bound: Double, otherwise value: Double) -> Self {
    Self(.threshold(above: bound, otherwise: value))
  }

  /// The first half of an axis times the sigmoid of the second.
  public static func glu(axis: Int) -> Self { Self(.glu(axis: axis)) }
  /// Probabilities along an axis.
  public static func softmax(axis: Int) -> Self { Self(.softmax(axis: axis)) }
  /// The softmax of the negated elements along an axis.
  public static func softmin(axis: Int) -> Self { Self(.softmin(axis: axis)) }
  /// Logarithms of probabilities along an axis.
  public static func logSoftmax(axis: Int) -> Self { Self(.logSoftmax(axis: axis)) }
}

extension ActivationFunction: Codable {
  /// Writes the name and the settings.
  public func encode(to encoder: any Encoder) throws { try formula.encode(to: encoder) }

  /// The function that was written.
  public init(from decoder: any Decoder) throws {
    formula = try ActivationFormula(from: decoder)
    if let problem = formula.problem {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: problem))
    }
  }
}
