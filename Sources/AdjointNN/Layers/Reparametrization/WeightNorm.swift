import Adjoint

/// A layer whose weight is learned as length and direction: weight = g v / |v|.
///
/// ```swift
/// WeightNorm(Dense(inputSize: 784, outputSize: 256))
/// ```
///
/// Norms are over all axes but one. At first the weight is the one the layer was made with.
///
/// Shapes: those of the layer. As with PyTorch's `parametrizations.weight_norm` the parameters are
/// `parametrizations.weight.original0` (g, of size 1 along all axes but one) and
/// `parametrizations.weight.original1` (v, like the weight), and those of the layer but its weight.
///
/// Source: Salimans and Kingma, "Weight normalization", NIPS 2016.
public final class WeightNorm: Layer, CustomReflectable {
  private let own: OwnWeight
  private let axis: Int
  /// The lengths g.
  public let magnitude: Parameter
  /// The directions v.
  public let direction: Parameter

  /// The layer with its weight learned as length and direction.
  /// - Parameters:
  ///   - layer: a layer with a parameter called `weight`.
  ///   - axis: the axis of the weight along which there is a length for each place.
  public convenience init(
    _ layer: any Layer, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) {
    let own = OwnWeight(of: layer)
    guard let own, own.problem(axis: axis) == nil else {
      let problem = own?.problem(axis: axis) ?? OwnWeight.missing(layer)
      programmingError("WeightNorm", problem, file: file, line: line)
    }
    self.init(own, axis, magnitude: Self.norm(own.initial, axis))
  }

  private init(_ own: OwnWeight, _ axis: Int, magnitude: Tensor) {
    (self.own, self.axis) = (own, axis)
    self.magnitude = Parameter(magnitude)
    direction = Parameter(own.initial)
  }

  /// The layer.
  public var layer: any Layer { own.layer }
  /// The weight that the layer works with: g v / |v|.
  public var weight: Tensor {
    direction.value * (magnitude.value / Self.norm(direction.value, axis))
  }

  /// The layer.
  public var details: [String] { ["\(layer)"] + (axis == 0 ? [] : ["axis \(axis)"]) }

  /// Parameters under PyTorch's names.
  public var customMirror: Mirror {
    let path = "parametrizations.weight."
    return Mirror(
      self,
      children: own.others
        + [(path + "original0", magnitude), (path + "original1", direction)])
  }

  /// The layer's result with the weight g v / |v|.
  public func forward(_ x: Tensor) -> Tensor { own.forward(x, weight: weight) }

  private static func norm(_ x: Tensor, _ axis: Int) -> Tensor {
    x.norm(axes: x.shape.indices.filter { $0 != axis }, keepingDimensions: true)
  }
}

extension WeightNorm: SavableLayer {
  /// Writes the layer and the axis.
  public func encode(to encoder: any Encoder) throws {
    let coded = try CodedLayer(layer, as: "the layer", for: encoder)
    try ReparametrizationSettings(layer: coded, axis: axis).encode(to: encoder)
  }

  /// A layer of the settings that were written, with constants for weights.
  public convenience init(from decoder: any Decoder) throws {
    let settings = try ReparametrizationSettings(from: decoder)
    let own = try settings.ownWeight(decoder)
    let sizes = own.shape.indices.map { $0 == settings.axis ? own.shape[$0] : 1 }
    self.init(own, settings.axis, magnitude: Tensor.zeros(Shape(sizes)))
  }
}
