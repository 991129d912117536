import Adjoint

/// The gradients of a loss with respect to parameters.
public struct Gradients {
  private let values: [ObjectIdentifier: Tensor]
  /// The parameters, which must live as long as their identity is used.
  private let parameters: [Parameter]

  /// Gradients, one for each parameter.
  public init(
    _ values: [Tensor], of parameters: [Parameter], file: StaticString = #fileID,
    line: UInt = #line
  ) {
    if values.count != parameters.count {
      programmingError(
        "Gradients", "\(values.count) gradients for \(parameters.count) parameters", file: file,
        line: line)
    }
    self.parameters = parameters
    self.values = Dictionary(zip(parameters.map(ObjectIdentifier.init), values)) { $1 }
  }

  /// The gradient with respect to a parameter; nil if it was not asked for.
  ///
  /// A parameter that was asked for but that the loss does not depend on has gradient zero.
  public subscript(_ parameter: Parameter) -> Tensor? { values[ObjectIdentifier(parameter)] }

  /// The sums of two gradients of the same parameters: those of a batch computed in parts.
  ///
  /// Each part's loss counts by its share of the examples: a mean over a part is multiplied by it.
  public static func + (a: Gradients, b: Gradients) -> Gradients {
    if Set(a.values.keys) != Set(b.values.keys) {
      programmingError(
        "Gradients",
        "+ needs gradients of the same parameters; these are of "
          + "\(a.values.count) and \(b.values.count) parameters that differ")
    }
    let sums = a.parameters.map {
      a.values[ObjectIdentifier($0)]! + b.values[ObjectIdentifier($0)]!
    }
    return Gradients(sums, of: a.parameters)
  }

  /// The gradients times a number.
  public static func * (gradients: Gradients, factor: Double) -> Gradients {
    gradients.mapped { _, gradient in gradient * factor }
  }

  /// The mean of gradients of the same parameters: those of batches that count alike.
  public static func mean(
    _ parts: [Gradients], file: StaticString = #fileID, line: UInt = #line
  ) -> Gradients {
    guard let first = parts.first else {
      programmingError("Gradients", "the mean of no gradients", file: file, line: line)
    }
    return parts.dropFirst().reduce(first, +) * (1 / Double(parts.count))
  }

  /// Stops the program if no parameter that is trained has a gradient, though others have: then they
  /// are those of another model.
  func require(oneOf others: [Parameter], _ file: StaticString, _ line: UInt) {
    let isStrange =
      !values.isEmpty && others.allSatisfy { self[$0] == nil }
      && others.contains { !$0.isFrozen }
    if !isStrange { return }
    programmingError(
      "update",
      "none of the \(others.count) parameters of the module has a gradient: the gradients "
        + "are those of \(values.count) other parameters", file: file, line: line)
  }

  /// The parameters with their gradients.
  var all: [(parameter: Parameter, gradient: Tensor)] {
    parameters.map { ($0, values[ObjectIdentifier($0)]!) }
  }

  /// The same parameters with other gradients.
  func mapped(_ change: (Parameter, Tensor) -> Tensor) -> Gradients {
    let changed = all.map { change($0.parameter, $0.gradient.detached) }
    return Gradients(changed, of: parameters)
  }
}

/// The value of a loss and its gradients with respect to the parameters of a module.
///
/// ```swift
/// let (loss, gradients) = valueWithGradients(of: model) {
///   softmaxCrossEntropy(logits: model(x), labels: y)
/// }
/// optimizer.update(model, gradients)
/// ```
///
/// `loss` gives a single number that depends on the parameters; one that depends on none of them
/// stops the program. The value is detached: the graph is freed before this returns. Frozen
/// parameters have no gradient.
public func valueWithGradients(
  of module: some Module, file: StaticString = #fileID, line: UInt = #line,
  _ loss: () throws -> Tensor
) rethrows -> (value: Tensor, gradients: Gradients) {
  let parameters = module.trainableParameters
  requireTrainable(parameters, file, line)
  return try valueWithGradients(of: parameters, file: file, line: line, loss)
}

/// Stops the program unless a module has a parameter that is not frozen.
func requireTrainable(_ parameters: [Parameter], _ file: StaticString, _ line: UInt) {
  if parameters.isEmpty {
    programmingError(
      "valueWithGradients", "there is nothing to train: no parameters, or all of them are frozen",
      file: file, line: line)
  }
}

/// The value of a loss and its gradients with respect to some parameters, none of which is frozen.
public func valueWithGradients(
  of parameters: [Parameter], file: StaticString = #fileID, line: UInt = #line,
  _ loss: () throws -> Tensor
) rethrows -> (value: Tensor, gradients: Gradients) {
  if let index = parameters.firstIndex(where: \.isFrozen) {
    programmingError(
      "valueWithGradients",
      "parameter \(index) of \(parameters.count), \(parameters[index].shape), is frozen: leave it "
        + "out or unfreeze it", file: file, line: line)
  }
  let y = try loss()
  let found = gradients(
    of: y, withRespectToSomeOf: parameters.map(\.value), file: file, line: line)
  return (y.detached, Gradients(found, of: parameters))
}
