import Adjoint

/// What training makes small: one number from a batch of predictions and targets.
///
/// ```swift
/// let loss = Loss.huber(delta: 2)(prediction, target)                 // the mean
/// let each = Loss.huber(delta: 2).reduced(.none)(prediction, target)  // one for every element
/// ```
/// A loss of your own is a value, too:
///
/// ```swift
/// let absolute = Loss("absolute error") { prediction, target in abs(prediction - target) }
/// ```
/// Losses with more inputs than prediction and target, such as `tripletMarginLoss`, are functions.
public struct Loss: Sendable {
  /// A function of predictions and targets.
  public typealias Function =
    @Sendable (_ prediction: Tensor, _ target: Tensor, _ file: StaticString, _ line: UInt) -> Tensor

  /// What a loss takes as predictions.
  enum Domain {
    /// The model's output, whatever it is.
    case any
    /// Logits: a softmax at the end of the model would be a second one.
    case logits
    /// Probabilities; where the model can give the logits before them, the other loss is used.
    indirect case probabilities(fromLogits: Loss)
  }

  /// The name, as messages show it.
  public let name: String
  /// How the parts become the result.
  public private(set) var reduction = Reduction.mean
  private(set) var domain: Domain
  private let parts: Function
  /// The mean, where it is not the plain mean of the parts or is found faster than by way of them.
  private let mean: Function?

  init(_ name: String, of domain: Domain, mean: Function? = nil, parts: @escaping Function) {
    (self.name, self.domain, self.mean, self.parts) = (name, domain, mean, parts)
  }

  /// A loss that `function` computes from the model's output and the targets.
  ///
  /// The function gives the loss of every element, of every example or of the whole batch; what it
  /// gives is averaged unless `reduced` says otherwise.
  public init(
    _ name: String,
    _ function: @escaping @Sendable (_ prediction: Tensor, _ target: Tensor) -> Tensor
  ) {
    self.init(name, of: .any) { prediction, target, _, _ in function(prediction, target) }
  }

  /// The same loss with another reduction.
  ///
  /// Training needs a single number: `fit` and `evaluate` take no loss with the reduction `.none`.
  public func reduced(_ reduction: Reduction) -> Loss {
    var loss = self
    loss.reduction = reduction
    if case .probabilities(let fromLogits) = domain {
      loss.domain = .probabilities(fromLogits: fromLogits.reduced(reduction))
    }
    return loss
  }

  /// The loss of a batch: a single number, or its parts with the reduction `.none`.
  public func callAsFunction(
    _ prediction: Tensor, _ target: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if case .mean = reduction, let mean { return mean(prediction, target, file, line) }
    return reduction.reduce(parts(prediction, target, file, line))
  }
}
