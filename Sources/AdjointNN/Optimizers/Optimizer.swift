import Adjoint

/// A rule that changes parameters in the direction that makes a loss smaller.
///
/// An optimizer remembers what it needs about each parameter it has updated, so one instance belongs
/// to one training.
public protocol Optimizer: AnyObject {
  /// The size of a step. It may be changed between steps.
  var learningRate: Double { get set }

  /// Changes each parameter that has a gradient by one step; the others stay as they are.
  func update(_ parameters: [Parameter], _ gradients: Gradients)

  /// What the optimizer remembers about the parameters of a module, and `learningRate`.
  func stateDictionary(for module: some Module) -> [String: Tensor]

  /// Continues where the optimizer that gave the dictionary stopped.
  func load(stateDictionary: [String: Tensor], for module: some Module) throws(StateMismatch)
}

extension Optimizer {
  /// Changes the parameters of a module by one step.
  public func update(_ module: some Module, _ gradients: Gradients) {
    update(module.parameters, gradients)
  }
}

/// What an optimizer remembers for each parameter.
struct PerParameter<State> {
  // The parameter is kept so that its identity is never given to another one.
  private var entries: [ObjectIdentifier: (parameter: Parameter, state: State)] = [:]

  subscript(_ parameter: Parameter) -> State? {
    get { entries[ObjectIdentifier(parameter)]?.state }
    set { entries[ObjectIdentifier(parameter)] = newValue.map { (parameter, $0) } }
  }
}

/// Stops the program if a setting is out of its range.
func check(
  _ optimizer: String, _ name: String, _ value: Double, in range: ClosedRange<Double>,
  _ file: StaticString, _ line: UInt
) {
  if !range.contains(value) {
    let bounds =
      range.upperBound == .greatestFiniteMagnitude
      ? "a number from \(range.lowerBound)" : "in \(range.lowerBound) ... \(range.upperBound)"
    programmingError(
      optimizer, "\(name) must be \(bounds), not \(value)", file: file, line: line)
  }
}

extension ClosedRange<Double> {
  /// All finite numbers that are not negative.
  static var notNegative: Self { 0...Double.greatestFiniteMagnitude }
}
