import Adjoint

/// How one parameter follows from its gradient: the formula of an optimizer, with its settings.
///
/// A rule is a value. Everything around it, the loop over parameters, their state, its saving, groups
/// of parameters, clipping, and the evaluation of all formulas in one pass, is ``RuleOptimizer``:
///
/// ```swift
/// struct SignRule: UpdateRule {
///   var momentum = 0.9
///   func initialState(of weight: Tensor) -> [String: Tensor] { ["m": Tensor.zeros(like: weight)] }
///   func step(
///     _ weight: Tensor, _ gradient: Tensor, _ state: inout ParameterState, learningRate: Double
///   ) -> Tensor {
///     state["m"] = momentum * state["m"] + (1 - momentum) * gradient
///     return weight - learningRate * sign(state["m"])
///   }
/// }
/// let optimizer = RuleOptimizer(learningRate: 0.01, SignRule())
/// ```
public protocol UpdateRule: Sendable {
  /// The tensors that a parameter starts with, by name; none by default.
  ///
  /// Their shapes and dtypes stay the same from step to step.
  func initialState(of weight: Tensor) -> [String: Tensor]

  /// The weight after a step; the new tensors of the state are assigned to `state`.
  ///
  /// Elementwise formulas wait, so that one pass over memory computes all of them.
  /// - Parameters:
  ///   - weight: the weight before the step.
  ///   - gradient: the gradient of the loss, of the same shape and dtype.
  ///   - state: the tensors of `initialState`, and the number of this step, from 1.
  ///   - learningRate: the size of the step, that of the parameter's group.
  func step(
    _ weight: Tensor, _ gradient: Tensor, _ state: inout ParameterState, learningRate: Double
  ) -> Tensor

  /// What is wrong with the settings; nil, the default, if they are possible.
  var problem: String? { get }
}

extension UpdateRule {
  /// No tensors.
  public func initialState(of weight: Tensor) -> [String: Tensor] { [:] }
  /// Nothing is wrong.
  public var problem: String? { nil }
}

/// What an optimizer remembers about one parameter: tensors by name, and how many steps it has made.
public struct ParameterState {
  /// The number of steps; within a step it counts that step, so it starts at 1.
  public internal(set) var step = 0
  // So few that searching is faster than hashing.
  private var slots: [(name: String, tensor: Tensor)] = []

  init(_ slots: [String: Tensor], step: Int = 0) {
    self.step = step
    self.slots = slots.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// A tensor by the name that `initialState` gave it.
  public subscript(_ name: String) -> Tensor {
    get { slots[index(of: name)].tensor }
    set { slots[index(of: name)].tensor = newValue.detached }
  }

  private func index(of name: String) -> Int {
    guard let index = slots.firstIndex(where: { $0.name == name }) else {
      programmingError(
        "ParameterState",
        "there is no \"\(name)\": initialState gave \(slots.map(\.name).joined(separator: ", "))")
    }
    return index
  }

  /// The tensors, in the order of their names.
  var tensors: [(name: String, tensor: Tensor)] { slots }

  /// The same with tensors of exactly these names: missing ones are taken from `initial`.
  func completed(with initial: [String: Tensor]) -> ParameterState {
    let known = Dictionary(uniqueKeysWithValues: slots.map { ($0.name, $0.tensor) })
    return ParameterState(
      Dictionary(uniqueKeysWithValues: initial.map { ($0.key, known[$0.key] ?? $0.value) }),
      step: step)
  }
}

/// A sentence if a setting is out of its range.
func outside(
  _ range: ClosedRange<Double>, _ name: String, _ value: Double
) -> String? {
  if range.contains(value) { return nil }
  let bounds =
    range.upperBound == .greatestFiniteMagnitude
    ? "finite and at least \(range.lowerBound)" : "in \(range.lowerBound) ... \(range.upperBound)"
  return "\(name) must be \(bounds), not \(value)"
}

/// What is wrong with a count that must be positive, or nil.
func notPositive(_ name: String, _ count: Int) -> String? {
  count > 0 ? nil : "\(name) must be at least 1, not \(count)"
}

extension ClosedRange<Double> {
  /// All finite numbers that are not negative.
  static var notNegative: Self { 0...Double.greatestFiniteMagnitude }
  /// Numbers from 0 to below 1.
  static var decay: Self { 0...1.0.nextDown }
}
