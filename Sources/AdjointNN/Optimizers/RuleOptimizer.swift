import Adjoint

/// An optimizer that applies one formula to each parameter.
///
/// All optimizers but ``LBFGS`` are of this kind: `Adam` is a `RuleOptimizer<AdamRule>`.
///
/// Parameters may have settings of their own; a schedule that sets `learningRate` changes the rates
/// of all groups, which are multiples of it:
///
/// ```swift
/// let optimizer = AdamW(learningRate: 3e-4, weightDecay: 0.1)
/// optimizer.configure([model.bias], learningRateFactor: 2) { $0.weightDecay = 0 }
/// ```
public class RuleOptimizer<Rule: UpdateRule>: Optimizer {
  /// The step size η.
  public var learningRate: Double {
    didSet { check(outside(.notNegative, "learningRate", learningRate)) }
  }
  /// The formula and its settings, for all parameters that were not configured.
  public private(set) var rule: Rule
  /// How gradients are limited before each step; nil, the default, leaves them as they are.
  public var clipping: GradientClipping?

  private struct Group {
    var rule: Rule
    var learningRateFactor = 1.0
  }
  private var groups = PerParameter<Group>()
  private var states = PerParameter<ParameterState>()

  /// An optimizer with the given step size and formula.
  public init(
    learningRate: Double, _ rule: Rule, file: StaticString = #fileID, line: UInt = #line
  ) {
    (self.learningRate, self.rule) = (learningRate, rule)
    check(outside(.notNegative, "learningRate", learningRate) ?? rule.problem, file, line)
  }

  /// Gives some parameters settings of their own.
  ///
  /// The settings start as those the parameters have. What was remembered about them stays.
  /// - Parameters:
  ///   - parameters: a group of parameters.
  ///   - learningRateFactor: their step size is `learningRate` times this; nil leaves it.
  ///   - change: changes the settings.
  public func configure(
    _ parameters: [Parameter], learningRateFactor: Double? = nil, file: StaticString = #fileID,
    line: UInt = #line, _ change: (inout Rule) -> Void = { _ in }
  ) {
    if let learningRateFactor {
      check(outside(.notNegative, "learningRateFactor", learningRateFactor), file, line)
    }
    for parameter in parameters {
      var group = groups[parameter] ?? Group(rule: rule)
      change(&group.rule)
      check(group.rule.problem, file, line)
      group.learningRateFactor = learningRateFactor ?? group.learningRateFactor
      groups[parameter] = group
      if let state = states[parameter] {
        states[parameter] = state.completed(with: group.rule.initialState(of: parameter.value))
      }
    }
  }

  /// One step for each parameter that has a gradient.
  public func update(_ parameters: [Parameter], _ gradients: Gradients) {
    let span = Profiling.beginUpdate()
    defer { span?.end() }
    let gradients = clipping.map { gradients.clipped($0) } ?? gradients
    let usual = Group(rule: rule)
    var pending: [Tensor] = []
    for parameter in parameters {
      guard let gradient = gradients[parameter] else { continue }
      let group = groups.isEmpty ? usual : groups[parameter] ?? usual
      let weight = parameter.value.detached
      states.update(parameter, default: ParameterState(group.rule.initialState(of: weight))) {
        $0.step += 1
        // The old tensors end here, so that one pass computes the new ones into their memory.
        parameter.value = group.rule.step(
          weight, gradient.detached, &$0, learningRate: learningRate * group.learningRateFactor)
        for slot in $0.tensors { pending.append(slot.tensor) }
      }
      pending.append(parameter.value)
    }
    materialize(pending, flushingSubnormals: true)
  }

  private func check(
    _ problem: String?, _ file: StaticString = #fileID, _ line: UInt = #line
  ) {
    guard let problem else { return }
    programmingError("\(type(of: self))", problem, file: file, line: line)
  }

  // MARK: State

  /// What is remembered about the parameters of a module, and `learningRate`: see ``Optimizer``.
  public func stateDictionary(for module: some Module) -> [String: Tensor] {
    var dictionary = ["learningRate": Tensor(learningRate, dtype: .float64)]
    for (path, parameter) in module.namedParameters {
      guard let state = states[parameter] else { continue }
      dictionary["\(path).step"] = Tensor([state.step], shape: [])
      for (name, tensor) in state.tensors { dictionary["\(path).\(name)"] = tensor }
    }
    return dictionary
  }

  /// Continues where the optimizer that gave the dictionary stopped: see ``Optimizer``.
  public func load(
    stateDictionary: [String: Tensor], for module: some Module
  ) throws(StateMismatch) {
    var reader = StateReader(stateDictionary)
    let rate = reader.number("learningRate", in: .notNegative)
    var found: [(Parameter, ParameterState?)] = []
    for (path, parameter) in module.namedParameters {
      let rule = groups[parameter]?.rule ?? rule
      let initial = rule.initialState(of: parameter.value.detached)
      let names = ["\(path).step"] + initial.keys.map { "\(path).\($0)" }
      if !names.contains(where: { stateDictionary[$0] != nil }) {
        found.append((parameter, nil))
        continue
      }
      let step = reader.count("\(path).step")
      var slots: [String: Tensor] = [:]
      for (name, tensor) in initial { slots[name] = reader.tensor("\(path).\(name)", like: tensor) }
      found.append((parameter, ParameterState(slots, step: step ?? 0)))
    }
    try reader.finish()
    learningRate = rate ?? learningRate
    for (parameter, state) in found { states[parameter] = state }
  }
}

/// Values by parameter.
struct PerParameter<Value> {
  // The parameter is kept so that its identity is never given to another one.
  private var entries: [ObjectIdentifier: (parameter: Parameter, value: Value)] = [:]

  subscript(_ parameter: Parameter) -> Value? {
    get { entries[ObjectIdentifier(parameter)]?.value }
    set { entries[ObjectIdentifier(parameter)] = newValue.map { (parameter, $0) } }
  }

  var isEmpty: Bool { entries.isEmpty }

  /// Changes a value where it is, so that nothing else holds on to what it holds.
  mutating func update(
    _ parameter: Parameter, default value: @autoclosure () -> Value, _ body: (inout Value) -> Void
  ) {
    body(&entries[ObjectIdentifier(parameter), default: (parameter, value())].value)
  }
}
