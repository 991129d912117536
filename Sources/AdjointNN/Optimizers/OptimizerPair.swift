import Adjoint

/// Two optimizers that share the parameters of a model.
///
/// ```swift
/// let optimizer = OptimizerPair(
///   Muon(learningRate: 0.02), for: { $0.shape.rank == 2 }, others: AdamW(learningRate: 3e-4))
/// ```
///
/// `learningRate` is that of the first. Setting it keeps the ratio of the two rates, so that a
/// schedule drives both. A pair may be part of a pair.
public final class OptimizerPair: Optimizer {
  /// The optimizer of the parameters that were chosen.
  public let first: any Optimizer
  /// The optimizer of all others.
  public let others: any Optimizer
  private let isForFirst: (Parameter) -> Bool
  private let ratio: Double

  /// A pair; `isForFirst` tells which parameters the first optimizer takes.
  public init(
    _ first: any Optimizer, for isForFirst: @escaping (Parameter) -> Bool,
    others: any Optimizer, file: StaticString = #fileID, line: UInt = #line
  ) {
    if !(first.learningRate > 0) {
      programmingError(
        "OptimizerPair", "the first learning rate must be above 0, not \(first.learningRate)",
        file: file, line: line)
    }
    (self.first, self.others, self.isForFirst) = (first, others, isForFirst)
    ratio = others.learningRate / first.learningRate
  }

  /// The step size of the first optimizer.
  public var learningRate: Double {
    get { first.learningRate }
    set {
      first.learningRate = newValue
      others.learningRate = newValue * ratio
    }
  }

  /// One step of each optimizer for its parameters.
  public func update(_ parameters: [Parameter], _ gradients: Gradients) {
    first.update(parameters.filter(isForFirst), gradients)
    others.update(parameters.filter { !isForFirst($0) }, gradients)
  }

  /// What both remember, with `first.` and `others.` before the names: see ``Optimizer``.
  public func stateDictionary(for module: some Module) -> [String: Tensor] {
    var dictionary: [String: Tensor] = [:]
    for (name, tensor) in first.stateDictionary(for: module) {
      dictionary["first." + name] = tensor
    }
    for (name, tensor) in others.stateDictionary(for: module) {
      dictionary["others." + name] = tensor
    }
    return dictionary
  }

  /// Continues where the pair that gave the dictionary stopped: see ``Optimizer``.
  public func load(
    stateDictionary: [String: Tensor], for module: some Module
  ) throws(StateMismatch) {
    func load(_ optimizer: any Optimizer, _ prefix: String) throws(StateMismatch) {
      let part = stateDictionary.filter { $0.key.hasPrefix(prefix) }
      let entries = part.map { (String($0.key.dropFirst(prefix.count)), $0.value) }
      do throws(StateMismatch) {
        try optimizer.load(stateDictionary: Dictionary(uniqueKeysWithValues: entries), for: module)
      } catch {
        throw StateMismatch(
          missing: error.missing.map { prefix + $0 },
          unexpected: error.unexpected.map { prefix + $0 },
          differences: error.differences.map {
            .init(name: prefix + $0.name, expected: $0.expected, found: $0.found)
          })
      }
    }
    let unexpected = stateDictionary.keys.filter {
      !$0.hasPrefix("first.") && !$0.hasPrefix("others.")
    }
    if !unexpected.isEmpty {
      throw StateMismatch(missing: [], unexpected: unexpected.sorted(), differences: [])
    }
    let before = first.stateDictionary(for: module)
    try load(first, "first.")
    do throws(StateMismatch) {
      try load(others, "others.")
    } catch {
      try first.load(stateDictionary: before, for: module)
      throw error
    }
  }
}
