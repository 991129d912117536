import Adjoint

/// A module that maps one tensor to one tensor.
///
/// A layer says what it computes in `forward`; it is called like a function, `layer(x)`:
///
/// ```swift
/// final class Perceptron: Layer {
///   let hidden = Dense(inputSize: 784, outputSize: 256)
///   let output = Dense(inputSize: 256, outputSize: 10)
///   func forward(_ x: Tensor) -> Tensor { output(relu(hidden(x))) }
/// }
/// ```
///
/// The two names are apart because the call does what every layer needs: messages about wrong input
/// carry the line of the call, and `summary` sees the shapes that pass through.
public protocol Layer: Module {
  /// The layer's result for `x`; callers write `layer(x)`.
  func forward(_ x: Tensor) -> Tensor

  /// If the layer ends with a softmax, the layer without it, with the same parameters; else nil.
  ///
  /// Training a classifier uses it: the cross-entropy of logits is faster and more accurate than
  /// that of probabilities. The default is nil.
  var beforeSoftmax: (any Layer)? { get }
}

extension Layer {
  /// Nil: the layer does not end with a softmax.
  public var beforeSoftmax: (any Layer)? { nil }

  /// The layer's result for `x`.
  ///
  /// A wrong input stops the program with a message that names the layer and the line of this call.
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    applied(to: x, at: CallSite(file: file, line: line))
  }

  func applied(to x: Tensor, at site: CallSite) -> Tensor {
    let span = beginProfiling()
    defer { span?.end() }
    let y = CallSite.$current.withValue(site) { forward(x) }
    ShapeObserver.current?.note(self, input: x.shape, output: y.shape)
    return y
  }
}

extension Module {
  /// Stops the program because of a wrong input.
  func fail(_ message: String) -> Never {
    let site = CallSite.current
    let place = site.index.map { " (layer \($0))" } ?? ""
    programmingError(kind + place, message, file: site.file, line: site.line)
  }
}

/// Where the layer that is running was called.
struct CallSite: Sendable {
  var file: StaticString = #fileID
  var line: UInt = #line
  /// The layer's number in its stack.
  var index: Int?

  @TaskLocal static var current = CallSite()
}
