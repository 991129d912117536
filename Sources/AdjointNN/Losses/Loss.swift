import Adjoint

/// What training makes small: one number from a batch of predictions and targets.
///
/// A loss of your own is a value, too:
///
/// ```swift
/// let absolute = Loss("absolute error") { prediction, target in abs(prediction - target).mean() }
/// ```
public struct Loss: Sendable {
  /// A function of predictions and targets; it gives the mean over the batch.
  public typealias Function =
    @Sendable (_ prediction: Tensor, _ target: Tensor, _ file: StaticString, _ line: UInt) -> Tensor

  /// What a loss takes as predictions.
  enum Domain {
    /// The model's output, whatever it is.
    case any
    /// Logits: a softmax at the end of the model would be a second one.
    case logits
    /// Probabilities; where the model can give the logits before them, `fromLogits` is used.
    case probabilities(fromLogits: Function)
  }

  /// The name, as messages show it.
  public let name: String
  let domain: Domain
  private let function: Function

  init(_ name: String, of domain: Domain, _ function: @escaping Function) {
    (self.name, self.domain, self.function) = (name, domain, function)
  }

  /// A loss that `function` computes from the model's output and the targets.
  public init(
    _ name: String,
    _ function: @escaping @Sendable (_ prediction: Tensor, _ target: Tensor) -> Tensor
  ) {
    self.init(name, of: .any) { prediction, target, _, _ in function(prediction, target) }
  }

  /// The loss of a batch: a single number.
  public func callAsFunction(
    _ prediction: Tensor, _ target: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    function(prediction, target, file, line)
  }
}
