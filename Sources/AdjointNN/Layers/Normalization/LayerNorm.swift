import Adjoint

/// Shifts and scales the last axes of each example to mean 0 and variance 1.
///
/// `y = (x - mean) / sqrt(variance + epsilon) * weight + bias`
///
/// Shapes: `[..., a, b]` and the same for the shape `[a, b]`, which is that of `weight` and `bias`,
/// as in PyTorch. The weight starts at 1, the bias at 0.
///
/// Source: Ba, Kiros and Hinton, "Layer normalization", 2016.
public final class LayerNorm: SavableLayer, ConfiguredLayer {
  /// The factors, of the normalised shape; nil without them.
  public let weight: Parameter?
  /// What is added, of the normalised shape; nil without it.
  public let bias: Parameter?
  let settings: Settings

  /// A normalisation of the last axes.
  /// - Parameters:
  ///   - shape: the sizes of the axes that are normalised together, mostly one: `[features]`.
  ///   - epsilon: what is added to the variance.
  ///   - affine: whether there are a weight and a bias.
  ///   - useBias: whether there is a bias beside the weight.
  ///   - dtype: the type of the parameters, a floating one.
  public convenience init(
    shape: Shape, epsilon: Double = 1e-5, affine: Bool = true, useBias: Bool = true,
    dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    let settings = Settings(
      shape: Array(shape), epsilon: epsilon, isAffine: affine, useBias: useBias)
    self.init(Self.checked(settings, file, line), dtype)
  }

  private init(_ settings: Settings, _ dtype: DType) {
    self.settings = settings
    let shape = Shape(settings.shape)
    weight = settings.isAffine ? Parameter(Tensor.full(shape, 1, dtype: dtype)) : nil
    bias =
      settings.isAffine && settings.useBias ? Parameter(Tensor.zeros(shape, dtype: dtype)) : nil
  }

  /// The shape and the settings that are not the usual ones.
  public var details: [String] {
    var details = ["\(Shape(settings.shape))"]
    if settings.epsilon != 1e-5 { details.append("epsilon \(settings.epsilon)") }
    if !settings.isAffine {
      details.append("not affine")
    } else if bias == nil {
      details.append("no bias")
    }
    return details
  }

  /// The normalised input.
  public func forward(_ x: Tensor) -> Tensor {
    requireLastAxes(x, settings.shape, dtypeOf: weight)
    let site = CallSite.current
    return layerNorm(
      x, weight: weight?.value, bias: bias?.value, dimensions: settings.shape.count,
      epsilon: settings.epsilon, file: site.file, line: site.line)
  }

  struct Settings: Codable {
    let shape: [Int]
    let epsilon: Double
    let isAffine: Bool
    let useBias: Bool
  }
  static func problem(with settings: Settings) -> String? {
    firstProblem(
      problem(withNormalized: settings.shape),
      unless(settings.epsilon >= 0, "epsilon \(settings.epsilon) is negative"))
  }
  convenience init(decoded settings: Settings) { self.init(settings, .float32) }
}

extension Layer {
  /// Why a shape cannot be normalised; nil if it can.
  static func problem(withNormalized shape: [Int]) -> String? {
    unless(
      !shape.isEmpty && shape.allSatisfy { $0 >= 1 } && Shape(exactly: shape) != nil,
      "the normalised shape \(shape) must have at least one axis, and none without elements")
  }

  /// Stops the program unless the input ends with the given axes.
  func requireLastAxes(_ x: Tensor, _ sizes: [Int], dtypeOf parameter: Parameter?) {
    if Array(x.shape.suffix(sizes.count)) != sizes {
      let expected = (["..."] + sizes.map(String.init)).joined(separator: ", ")
      fail("an input of shape \(x.shape) does not fit: expected [\(expected)]")
    }
    requireDType(x, of: parameter)
  }
}
