import Adjoint

/// A penalty on the size of a parameter, added to the loss in training.
///
/// ```swift
/// for (_, parameter) in model.namedParameters(matching: "**.weight") {
///   parameter.regularizer = .l2(1e-4)
/// }
/// let (loss, gradients) = valueWithGradients(of: model) {
///   softmaxCrossEntropy(logits: model(x), labels: y) + model.regularization
/// }
/// ```
///
/// `fit` adds it by itself. As in Keras, `l2` is λ Σ w²: its gradient 2 λ w is twice that of an
/// optimizer's `weightDecay: λ`.
public struct Regularizer: Sendable {
  private let function: @Sendable (Tensor) -> Tensor

  /// A penalty of your own: it gives a single number for a parameter's value.
  public init(_ function: @escaping @Sendable (Tensor) -> Tensor) { self.function = function }

  /// The penalty of a value: a single number.
  public func callAsFunction(
    _ value: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let penalty = function(value)
    if penalty.rank != 0 {
      programmingError(
        "Regularizer", "a penalty is a single number, not \(penalty.shape)", file: file, line: line)
    }
    return penalty
  }

  /// λ Σ |w|.
  public static func l1(_ factor: Double) -> Regularizer {
    Regularizer { abs($0).sum() * factor }
  }

  /// λ Σ w².
  public static func l2(_ factor: Double) -> Regularizer {
    Regularizer { square($0).sum() * factor }
  }

  /// λ₁ Σ |w| + λ₂ Σ w².
  public static func l1l2(l1: Double, l2: Double) -> Regularizer {
    Regularizer { abs($0).sum() * l1 + square($0).sum() * l2 }
  }
}

extension Module {
  /// The sum of the penalties of all parameters that have a regularizer; zero if none has.
  public var regularization: Tensor {
    let penalties = trainableParameters.compactMap { parameter in
      parameter.regularizer.map { $0(parameter.value) }
    }
    guard let first = penalties.first else {
      return Tensor(0, dtype: parameters.first?.dtype ?? .float32)
    }
    return penalties.dropFirst().reduce(first) { $0 + $1 }
  }
}
