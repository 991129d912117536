import Adjoint
import AdjointNN
import Testing

/// 50 steps in double precision against PyTorch, or against the formula of the paper in NumPy.
struct TrajectoryTests {
  private static let optimizers: [(String, @Sendable () -> any Optimizer)] = [
    (
      "SGD",
      { SGD(learningRate: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.01) }
    ),
    ("SGD nesterov", { SGD(learningRate: 0.05, momentum: 0.9, nesterov: true) }),
    ("Adam", { Adam(learningRate: 0.02) }),
    (
      "Adam amsgrad",
      { Adam(learningRate: 0.05, beta1: 0.8, beta2: 0.9, weightDecay: 0.02, amsgrad: true) }
    ),
    ("AdamW", { AdamW(learningRate: 0.02) }),
    (
      "AdamW settings",
      { AdamW(learningRate: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.3) }
    ),
    (
      "AdamW amsgrad",
      { AdamW(learningRate: 0.05, beta1: 0.8, beta2: 0.9, weightDecay: 0.1, amsgrad: true) }
    ),
    ("Adamax", { Adamax(learningRate: 0.02) }),
    (
      "Adamax settings",
      { Adamax(learningRate: 0.05, beta1: 0.8, beta2: 0.9, epsilon: 1e-3, weightDecay: 0.1) }
    ),
    ("NAdam", { NAdam(learningRate: 0.02) }),
    (
      "NAdam settings",
      {
        NAdam(
          learningRate: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1,
          momentumDecay: 0.02)
      }
    ),
    (
      "NAdam decoupled",
      { NAdam(learningRate: 0.02, weightDecay: 0.3, decoupledWeightDecay: true) }
    ),
    ("RAdam", { RAdam(learningRate: 0.05) }),
    (
      "RAdam settings",
      { RAdam(learningRate: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1) }
    ),
    (
      "RAdam decoupled",
      { RAdam(learningRate: 0.05, weightDecay: 0.3, decoupledWeightDecay: true) }
    ),
    ("RMSprop", { RMSprop(learningRate: 0.01) }),
    (
      "RMSprop settings",
      { RMSprop(learningRate: 0.005, decay: 0.9, epsilon: 1e-3, weightDecay: 0.1) }
    ),
    ("RMSprop centered", { RMSprop(learningRate: 0.01, decay: 0.9, centered: true) }),
    ("RMSprop momentum", { RMSprop(learningRate: 0.005, momentum: 0.8) }),
    (
      "RMSprop everything",
      {
        RMSprop(
          learningRate: 0.005, decay: 0.95, weightDecay: 0.05, momentum: 0.5, centered: true)
      }
    ),
    ("Adagrad", { Adagrad(learningRate: 0.1) }),
    (
      "Adagrad settings",
      {
        Adagrad(
          learningRate: 0.2, learningRateDecay: 0.1, weightDecay: 0.05, initialAccumulator: 0.3,
          epsilon: 1e-3)
      }
    ),
    ("Adadelta", { Adadelta() }),
    (
      "Adadelta settings",
      { Adadelta(learningRate: 3, decay: 0.8, epsilon: 1e-4, weightDecay: 0.1) }
    ),
    ("Adafactor", { Adafactor(learningRate: 0.05) }),
    (
      "Adafactor settings",
      {
        Adafactor(
          learningRate: 0.3, beta2Decay: -0.5, epsilon1: 1e-2, epsilon2: 0.05,
          clippingThreshold: 1.5, weightDecay: 0.1)
      }
    ),
    ("Rprop", { Rprop() }),
    (
      "Rprop settings",
      { Rprop(learningRate: 0.02, decrease: 0.4, increase: 1.4, stepSizes: 1e-3...0.1) }
    ),
    ("Muon", { Muon(learningRate: 0.02) }),
    (
      "Muon settings",
      {
        Muon(
          learningRate: 0.05, momentum: 0.8, nesterov: false, weightDecay: 0.02, iterations: 3,
          coefficients: (3, -3.2, 1.2), epsilon: 1e-3, adjustment: .matchingAdamW)
      }
    ),
    ("Muon spectral", { Muon(learningRate: 0.05, adjustment: .spectral) }),
    ("Lion", { Lion(learningRate: 0.01) }),
    ("Lion settings", { Lion(learningRate: 0.02, beta1: 0.8, beta2: 0.9, weightDecay: 0.3) }),
    ("LAMB", { LAMB(learningRate: 0.02) }),
    (
      "LAMB settings",
      { LAMB(learningRate: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.2) }
    ),
    ("LARS", { LARS(learningRate: 20) }),
    (
      "LARS settings",
      { LARS(learningRate: 1, momentum: 0.6, weightDecay: 0.05, trustCoefficient: 0.02) }
    ),
    ("LBFGS", { LBFGS(learningRate: 0.2, maximumIterations: 1) }),
    ("LBFGS iterations", { LBFGS(learningRate: 0.02, maximumIterations: 3, historySize: 5) }),
    (
      "LBFGS wolfe",
      { LBFGS(maximumIterations: 1, maximumEvaluations: 6, lineSearch: .strongWolfe) }
    ),
    (
      "LBFGS wolfe iterations",
      { LBFGS(maximumIterations: 5, historySize: 4, lineSearch: .strongWolfe) }
    ),
    (
      "LBFGS wolfe long",
      { LBFGS(learningRate: 30, maximumIterations: 3, lineSearch: .strongWolfe) }
    ),
    (
      "LBFGS wolfe short",
      { LBFGS(learningRate: 0.01, maximumIterations: 2, lineSearch: .strongWolfe) }
    ),
  ]

  /// What a run ends with, beside what it should.
  private func check(_ name: String, _ step: (WavyProblem, Set<String>) -> Double) throws {
    let run = try #require(OptimizerReference.shared?.runs[name])
    let problem = try WavyProblem()
    let losses = run.losses.map { _ in step(problem, Set(run.end.keys)) }
    try expectClose(Tensor(losses, dtype: .float64), run.losses, tolerance: 1e-10)
    for (path, parameter) in problem.namedParameters {
      guard let values = run.end[path] else { continue }
      try expectClose(parameter.value, values, tolerance: 1e-10)
    }
  }

  @Test(arguments: optimizers)
  func `A trajectory is that of the original`(
    _ name: String, _ make: @Sendable () -> any Optimizer
  ) throws {
    let optimizer = make()
    try check(name) { $0.step(optimizer, $1) }
  }

  @Test func `Groups have rates and decays of their own`() throws {
    let optimizer = AdamW(learningRate: 0.02, weightDecay: 0.2)
    var isConfigured = false
    try check("groups of AdamW") { problem, names in
      if !isConfigured {
        optimizer.configure([problem.bias], learningRateFactor: 0.5) { $0.weightDecay = 0 }
        optimizer.configure([problem.kernel], learningRateFactor: 2)
        isConfigured = true
      }
      return problem.step(optimizer, names)
    }
  }

  @Test func `A schedule scales the rates of all groups`() throws {
    let schedule = Schedule.exponential(from: 0.1, factor: 0.97)
    let optimizer = SGD(momentum: 0.5)
    var step = 0
    try check("groups and schedule") { problem, names in
      if step == 0 {
        optimizer.configure([problem.scale, problem.kernel], learningRateFactor: 0.2)
      }
      optimizer.learningRate = schedule(step)
      step += 1
      return problem.step(optimizer, names)
    }
  }

  @Test func `Every run of the reference is tested`() throws {
    let names = Self.optimizers.map(\.0) + ["groups of AdamW", "groups and schedule"]
    #expect(try Set(#require(OptimizerReference.shared).runs.keys) == Set(names))
  }

  @Test(arguments: optimizers)
  func `Steps in float32 stay near those in float64`(
    _ name: String, _ make: @Sendable () -> any Optimizer
  ) throws {
    let double = withGenerator(seed: 1) { Sequential { Dense(inputSize: 3, outputSize: 2) } }
    double.convert(to: .float64)
    let single = Sequential { Dense(inputSize: 3, outputSize: 2) }
    try single.load(stateDictionary: double.stateDictionary.mapValues { $0.cast(to: .float32) })
    func train(_ model: Sequential, _ dtype: DType) -> [Double] {
      let optimizer = make()
      let x = random([5, 3]).cast(to: dtype)
      // Muon takes matrices only.
      let trained = model.parameters.filter { $0.shape.rank == 2 }
      func loss() -> Tensor { square(tanh(model(x)) - 0.3).mean() }
      for _ in 0..<3 {
        if let optimizer = optimizer as? LBFGS {
          optimizer.update(trained) { loss() }
        } else {
          let (_, gradients) = valueWithGradients(of: trained) { loss() }
          optimizer.update(trained, gradients)
        }
      }
      return trained.flatMap { $0.value.scalars }
    }
    let (a, b) = (train(double, .float64), train(single, .float32))
    let worst = zip(a, b).map { abs($0 - $1) / max(1, abs($0)) }.max() ?? 1
    // A line search may decide otherwise.
    #expect(worst < (name.contains("wolfe") ? 0.1 : 1e-3), "off by \(worst)")
  }
}
