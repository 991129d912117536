import Adjoint

/// A stack of layers, each applied to the result of the one before.
///
/// ```swift
/// let model = Sequential {
///   Dense(inputSize: 784, outputSize: 256)
///   ReLU()
///   if rate > 0 { Dropout(rate: rate) }
///   Dense(inputSize: 256, outputSize: 10)
///   Softmax()
/// }
/// ```
///
/// Parameters are named by the layer's number, `0.weight`, as in PyTorch. An empty stack is the
/// identity.
public final class Sequential: Layer {
  /// The layers, first to last.
  public let layers: [any Layer]

  /// A stack of the given layers.
  public init(_ layers: [any Layer]) { self.layers = layers }

  /// A stack of the layers that the block lists; `if`, `switch` and `for` choose and repeat.
  public convenience init(@LayerBuilder _ layers: () -> [any Layer]) { self.init(layers()) }

  /// The layers applied one after another.
  public func forward(_ x: Tensor) -> Tensor {
    var y = x
    var site = CallSite.current
    for (index, layer) in layers.enumerated() {
      site.index = index
      y = layer.applied(to: y, at: site)
    }
    return y
  }

  /// The stack without its softmax, if its last layer is one or ends with one.
  public var beforeSoftmax: (any Layer)? {
    layers.last?.beforeSoftmax.map { Sequential(layers.dropLast() + [$0]) }
  }
}

extension Sequential: CustomReflectable {
  /// The layers by number, so that paths are `0.weight` and not `layers.0.weight`.
  public var customMirror: Mirror {
    Mirror(self, children: layers.enumerated().map { (label: String($0), value: $1) })
  }
}

/// Lets a stack of layers be written one below the other.
@resultBuilder
public enum LayerBuilder {
  /// One layer.
  public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
  /// Several layers at once.
  public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
  /// Layers below one another.
  public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }
  /// An `if` without `else`.
  public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
  /// The first branch.
  public static func buildEither(first part: [any Layer]) -> [any Layer] { part }
  /// The other branch.
  public static func buildEither(second part: [any Layer]) -> [any Layer] { part }
  /// A `for` loop.
  public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
}
