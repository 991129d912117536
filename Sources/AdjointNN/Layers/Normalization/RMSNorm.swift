import Adjoint

/// Scales the last axes of each example to mean square 1.
///
/// `y = x / sqrt(mean(x^2) + epsilon) * weight`
///
/// Shapes: `[..., a, b]` and the same for the shape `[a, b]`, which is that of `weight`, as in
/// PyTorch. The weight starts at 1.
///
/// Source: Zhang and Sennrich, "Root mean square layer normalization", NeurIPS 2019.
public final class RMSNorm: SavableLayer, ConfiguredLayer {
  /// The factors, of the normalised shape; nil without them.
  public let weight: Parameter?
  let settings: Settings

  /// A normalisation of the last axes.
  /// - Parameters:
  ///   - shape: the sizes of the axes that are normalised together, mostly one: `[features]`.
  ///   - epsilon: what is added to the mean square; the machine epsilon of the dtype if left out.
  ///   - affine: whether there is a weight.
  ///   - dtype: the type of the parameters, a floating one.
  public convenience init(
    shape: Shape, epsilon: Double? = nil, affine: Bool = true, dtype: DType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let settings = Settings(shape: Array(shape), epsilon: epsilon, isAffine: affine)
    self.init(Self.checked(settings, file, line), dtype)
  }

  private init(_ settings: Settings, _ dtype: DType) {
    self.settings = settings
    weight =
      settings.isAffine ? Parameter(Tensor.full(Shape(settings.shape), 1, dtype: dtype)) : nil
  }

  /// The shape and the settings that are not the usual ones.
  public var details: [String] {
    var details = ["\(Shape(settings.shape))"]
    if let epsilon = settings.epsilon { details.append("epsilon \(epsilon)") }
    if !settings.isAffine { details.append("not affine") }
    return details
  }

  /// The scaled input.
  public func forward(_ x: Tensor) -> Tensor {
    requireLastAxes(x, settings.shape, dtypeOf: weight)
    let site = CallSite.current
    return rmsNorm(
      x, weight: weight?.value, dimensions: settings.shape.count, epsilon: settings.epsilon,
      file: site.file, line: site.line)
  }

  struct Settings: Codable {
    let shape: [Int]
    var epsilon: Double?
    let isAffine: Bool
  }
  static func problem(with settings: Settings) -> String? {
    firstProblem(
      problem(withNormalized: settings.shape),
      unless(settings.epsilon ?? 0 >= 0, "epsilon \(settings.epsilon ?? 0) is negative"))
  }
  convenience init(decoded settings: Settings) { self.init(settings, .float32) }
}
