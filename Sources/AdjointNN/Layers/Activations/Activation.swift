import Adjoint

/// An activation function as a layer: `Activation(.gelu)`.
///
/// Shapes: any, and the same; `.glu` halves its axis.
public final class Activation: SavableLayer, ConfiguredLayer {
  /// The function.
  public let function: ActivationFunction

  /// A layer that applies the function.
  public init(_ function: ActivationFunction) { self.function = function }

  /// The function and its settings.
  public var details: [String] { ["\(function)"] }

  /// The function of x.
  public func forward(_ x: Tensor) -> Tensor {
    if !x.dtype.isFloatingPoint { fail("needs a floating input, not \(x.dtype) \(x.shape)") }
    return function(x, at: .current)
  }

  /// The identity, for a softmax over the classes of a batch.
  public var beforeSoftmax: (any Layer)? { function.isSoftmaxOverClasses ? Sequential([]) : nil }

  struct Settings: Codable { let function: ActivationFunction }
  var settings: Settings { Settings(function: function) }
  static func problem(with settings: Settings) -> String? { nil }
  init(decoded settings: Settings) { function = settings.function }
}

extension ActivationFunction {
  /// The function in a layer; a mistake is reported at the line that called the layer.
  func callAsFunction(_ x: Tensor, at site: CallSite) -> Tensor {
    self(x, file: site.file, line: site.line)
  }
}
