import Adjoint

/// A rule that changes parameters in the direction that makes a loss smaller.
///
/// An optimizer remembers what it needs about each parameter it has updated, so one instance belongs
/// to one training. One of your own is a formula for one parameter: see ``UpdateRule``.
public protocol Optimizer: AnyObject {
  /// The size of a step. It may be changed between steps, by a ``Schedule`` for example.
  var learningRate: Double { get set }

  /// Changes each parameter that has a gradient by one step; the others stay as they are.
  func update(_ parameters: [Parameter], _ gradients: Gradients)

  /// What the optimizer remembers about the parameters of a module, and `learningRate`.
  ///
  /// Names are `<path of the parameter>.<name of the tensor>`, such as `hidden.weight.m`; the number
  /// of steps is `<path>.step`. A parameter that was not updated yet has none. Settings that the
  /// program states, such as a weight decay, are not part of it.
  func stateDictionary(for module: some Module) -> [String: Tensor]

  /// Continues where the optimizer that gave the dictionary stopped.
  ///
  /// The optimizer has the settings of that one and the module is the same. If a name, a shape or a
  /// dtype does not fit, nothing changes and a ``StateMismatch`` tells everything that differs.
  func load(stateDictionary: [String: Tensor], for module: some Module) throws(StateMismatch)
}

extension Optimizer {
  /// Changes the parameters of a module by one step.
  ///
  /// Gradients of none of them stop the program.
  public func update(
    _ module: some Module, _ gradients: Gradients, file: StaticString = #fileID, line: UInt = #line
  ) {
    let parameters = module.parameters
    gradients.require(oneOf: parameters, file, line)
    update(parameters, gradients)
  }
}
