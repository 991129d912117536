import Adjoint

/// The input added to what layers make of it: y = f(body(x) + projection(x)).
///
/// ```swift
/// Residual(projection: Conv2d(inputChannels: 16, outputChannels: 32, kernelSize: 1, stride: 2)) {
///   Conv2d(inputChannels: 16, outputChannels: 32, kernelSize: 3, stride: 2, padding: 1)
///   BatchNorm2d(channels: 32)
/// }
/// ```
///
/// Shapes: those of the body; without a projection its result has the shape of the input.
/// Parameters are named `body.0.weight` and `projection.weight`.
///
/// Source: He, Zhang, Ren and Sun, "Deep residual learning for image recognition", CVPR 2016.
public final class Residual: Layer {
  /// What is added to the input.
  public let body: any Layer
  /// What is done to the input where its shape changes; nil for nothing.
  public let projection: (any Layer)?
  /// The function f of the sum.
  public let activation: ActivationFunction

  /// The input added to the body's result.
  /// - Parameters:
  ///   - body: a layer, often a `Sequential`.
  ///   - projection: what is done to the input; nil for nothing.
  ///   - activation: the function of the sum.
  public init(
    _ body: any Layer, projection: (any Layer)? = nil, activation: ActivationFunction = .identity
  ) {
    (self.body, self.projection, self.activation) = (body, projection, activation)
  }

  /// The input added to the result of a stack of layers.
  public convenience init(
    projection: (any Layer)? = nil, activation: ActivationFunction = .identity,
    @LayerBuilder _ body: () -> [any Layer]
  ) {
    self.init(Sequential(body()), projection: projection, activation: activation)
  }

  /// The activation.
  public var details: [String] { activation == .identity ? [] : ["\(activation)"] }

  /// f(body(x) + projection(x)).
  public func forward(_ x: Tensor) -> Tensor {
    let site = CallSite.current
    let change = body.applied(to: x, at: site)
    let kept = projection?.applied(to: x, at: site) ?? x
    if change.shape != kept.shape {
      fail(
        "the body makes \(change.shape) of an input of shape \(x.shape), but is added to "
          + "\(kept.shape): a projection must give both one shape")
    }
    return activation(change + kept, at: site)
  }
}

extension Residual: SavableLayer {
  private enum CodingKeys: CodingKey { case body, projection, activation }

  /// Writes the body, the projection and the activation.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(CodedLayer(body, as: "the body", for: encoder), forKey: .body)
    let coded = try projection.map { try CodedLayer($0, as: "the projection", for: encoder) }
    try container.encodeIfPresent(coded, forKey: .projection)
    try container.encode(activation, forKey: .activation)
  }

  /// A layer of the parts that were written.
  public convenience init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try container.decode(CodedLayer.self, forKey: .body).layer,
      projection: try container.decodeIfPresent(CodedLayer.self, forKey: .projection)?.layer,
      activation: try container.decode(ActivationFunction.self, forKey: .activation))
  }
}
