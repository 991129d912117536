import Adjoint

/// The steps of the optimizers of a training: schedule and accumulation.
struct OptimizerSteps {
  /// What is trained of a module.
  struct Trained {
    let parameters: [Parameter]
    let isRegularized: Bool
  }
  private struct Pending {
    var gradients: Gradients
    let parameters: [Parameter]
    let optimizer: any Optimizer
    var rows: Double
    var batches: Int
  }

  /// How many steps each optimizer has made.
  var counts: [Int]
  private let optimizers: [any Optimizer]
  private let options: TrainingOptions
  private var pending: [ObjectIdentifier: Pending] = [:]
  // Walking through a module takes longer than a small model's step.
  private var cache: [ObjectIdentifier: Trained] = [:]

  init(_ optimizers: [any Optimizer], _ options: TrainingOptions) {
    (self.optimizers, self.options) = (optimizers, options)
    counts = optimizers.map { _ in 0 }
  }

  /// Whether gradients wait for those of further batches.
  var isAccumulating: Bool { !pending.isEmpty }

  /// Between epochs parameters may have been frozen.
  mutating func beginEpoch() { cache = [:] }

  /// The parameters of a module that training changes.
  mutating func trained(_ module: any Module) -> Trained {
    let key = ObjectIdentifier(module)
    if let found = cache[key], !found.parameters.contains(where: \.isFrozen) { return found }
    let parameters = module.trainableParameters
    let found = Trained(
      parameters: parameters, isRegularized: parameters.contains { $0.regularizer != nil })
    cache[key] = found
    return found
  }

  /// Takes in the gradients of a batch, and makes a step if it is time.
  mutating func take(
    _ gradients: Gradients, _ parameters: [Parameter], _ optimizer: any Optimizer, rows: Int
  ) {
    if options.accumulation == 1 {
      update(optimizer, parameters, gradients)
      return
    }
    let key = ObjectIdentifier(optimizer)
    let weighted = times(gradients, Double(rows), parameters)
    var next = pending.removeValue(forKey: key)
    if let old = next {
      next?.gradients = old.gradients + weighted
      next?.rows += Double(rows)
      next?.batches += 1
    }
    let sum =
      next
      ?? Pending(
        gradients: weighted, parameters: parameters, optimizer: optimizer, rows: Double(rows),
        batches: 1)
    if sum.batches == options.accumulation {
      step(sum)
    } else {
      materialize(parameters.compactMap { sum.gradients[$0] })
      pending[key] = sum
    }
  }

  /// Makes the steps of what is left.
  mutating func flush() {
    // The order of the optimizers, not that of the dictionary, so that runs are alike.
    for optimizer in optimizers {
      if let sum = pending.removeValue(forKey: ObjectIdentifier(optimizer)) { step(sum) }
    }
    for sum in pending.values { step(sum) }
    pending = [:]
  }

  private mutating func step(_ sum: Pending) {
    let mean = times(sum.gradients, 1 / sum.rows, sum.parameters)
    update(sum.optimizer, sum.parameters, mean)
  }

  private mutating func update(
    _ optimizer: any Optimizer, _ parameters: [Parameter], _ gradients: Gradients
  ) {
    if let index = optimizers.firstIndex(where: { $0 === optimizer }) {
      if let schedule = options.schedule { optimizer.learningRate = schedule(counts[index]) }
      counts[index] += 1
    }
    optimizer.update(parameters, gradients)
  }

  private func times(
    _ gradients: Gradients, _ factor: Double, _ parameters: [Parameter]
  ) -> Gradients {
    let known = parameters.filter { gradients[$0] != nil }
    return Gradients(known.compactMap { gradients[$0].map { $0 * factor } }, of: known)
  }
}
