import Adjoint

/// A running average of a model's weights, which often generalises better than the last ones.
///
/// ```swift
/// let average = WeightAverage(of: model, decay: 0.999)
/// for batch in batches {
///   // ... a step of the optimizer
///   average.update()
/// }
/// average.withAveragedWeights { print(model.evaluate(x, y, loss: .meanSquaredError).loss) }
/// ```
///
/// With a decay β the average a is exponential: a ← β a + (1 - β) w. Without one all updates count
/// alike, a ← a + (w - a) / (n + 1), which is called SWA when an update ends each epoch. The first
/// update copies the weights. What `stateDictionary` has and is no floating number is copied always.
///
/// Source: Izmailov et al., "Averaging weights leads to wider optima and better generalization", UAI
/// 2018; the exponential average: Polyak and Juditsky, 1992.
public final class WeightAverage<Model: Module> {
  /// The model.
  public let model: Model
  /// The share of the average that is kept in an update; nil if all updates count alike.
  public let decay: Double?
  /// How many updates there were.
  public private(set) var count = 0
  private var averages: [String: Tensor] = [:]

  /// An average that has seen nothing yet.
  public init(
    of model: Model, decay: Double? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    if let problem = outside(0...1, "decay", decay ?? 0) {
      programmingError("WeightAverage", problem, file: file, line: line)
    }
    (self.model, self.decay) = (model, decay)
  }

  /// Takes the present weights into the average.
  public func update() {
    let share = decay.map { 1 - $0 } ?? 1 / Double(count + 1)
    for (name, value) in model.stateDictionary {
      if count > 0, value.dtype.isFloatingPoint, let average = averages[name] {
        // The old average ends here, so that the new one is computed into its memory.
        averages[name] = (1 - share) * average + share * value
      } else {
        averages[name] = value
      }
    }
    count += 1
    materialize(Array(averages.values), flushingSubnormals: true)
  }

  /// Runs `body` while the model has the averaged weights, and puts its own back, also after an error.
  ///
  /// What `body` changes in the weights is lost. Before the first update the weights stay.
  public func withAveragedWeights<Result>(_ body: () throws -> Result) rethrows -> Result {
    if count == 0 { return try body() }
    let own = model.stateDictionary
    put(averages)
    defer { put(own) }
    return try body()
  }

  private func put(_ values: [String: Tensor]) {
    do {
      try model.load(stateDictionary: values)
    } catch {
      programmingError("WeightAverage", "the model has changed: \(error.description)")
    }
  }

  // MARK: State

  /// The average by the names of the model's state dictionary after `average.`, and `count`.
  public var stateDictionary: [String: Tensor] {
    var dictionary = ["count": Tensor([count], shape: [])]
    for (name, tensor) in averages { dictionary["average." + name] = tensor }
    return dictionary
  }

  /// Continues where the average that gave the dictionary stopped.
  ///
  /// If a name, a shape or a dtype does not fit the model, nothing changes and a ``StateMismatch``
  /// tells everything that differs.
  public func load(stateDictionary: [String: Tensor]) throws(StateMismatch) {
    var reader = StateReader(stateDictionary)
    let found = reader.count("count")
    var values: [String: Tensor] = [:]
    if found != 0 {
      for (name, value) in model.stateDictionary {
        values[name] = reader.tensor("average." + name, like: value)
      }
    }
    try reader.finish()
    (count, averages) = (found ?? 0, values)
  }
}
