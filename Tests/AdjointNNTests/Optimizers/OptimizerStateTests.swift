import Adjoint
import AdjointNN
import Testing

struct OptimizerStateTests {
  private static let optimizers: [(String, @Sendable () -> any Optimizer)] = [
    ("SGD", { SGD(learningRate: 0.1) }),
    ("SGD momentum", { SGD(learningRate: 0.1, momentum: 0.9, dampening: 0.3) }),
    ("Adam", { Adam(learningRate: 0.02, amsgrad: true) }),
    ("AdamW", { AdamW(learningRate: 0.02) }),
    ("Adamax", { Adamax(learningRate: 0.02) }),
    ("NAdam", { NAdam(learningRate: 0.02) }),
    ("RAdam", { RAdam(learningRate: 0.05) }),
    ("RMSprop", { RMSprop(learningRate: 0.005, momentum: 0.5, centered: true) }),
    ("Adagrad", { Adagrad(learningRate: 0.1, learningRateDecay: 0.1) }),
    ("Adadelta", { Adadelta() }),
    ("Adafactor", { Adafactor(learningRate: 0.05) }),
    ("Rprop", { Rprop() }),
    ("Lion", { Lion(learningRate: 0.05) }),
    ("LAMB", { LAMB(learningRate: 0.02) }),
    ("LARS", { LARS(learningRate: 20) }),
    ("LBFGS", { LBFGS(learningRate: 0.1, maximumIterations: 3, historySize: 2) }),
    ("LBFGS wolfe", { LBFGS(maximumIterations: 3, lineSearch: .strongWolfe) }),
    (
      "pair",
      {
        OptimizerPair(
          Muon(learningRate: 0.02), for: { $0.shape.rank == 2 }, others: AdamW(learningRate: 0.01))
      }
    ),
  ]

  @Test(arguments: optimizers)
  func `A run that is broken and continued ends with the same bits`(
    _ name: String, _ make: @Sendable () -> any Optimizer
  ) throws {
    let (whole, broken) = (try WavyProblem(), try WavyProblem())
    let optimizer = make()
    for _ in 0..<20 { _ = whole.step(optimizer) }
    let first = make()
    for _ in 0..<10 { _ = broken.step(first) }
    let saved = first.stateDictionary(for: broken)
    let second = make()
    second.learningRate = 0.7
    let restored = try WavyProblem()
    try restored.load(stateDictionary: broken.stateDictionary)
    try second.load(stateDictionary: saved, for: restored)
    #expect(second.learningRate == first.learningRate)
    for _ in 0..<10 { _ = restored.step(second) }
    #expect(whole.numbers == restored.numbers)
    // A state that was forgotten would give other numbers, except where there is none.
    let forgetful = make()
    for _ in 0..<10 { _ = broken.step(forgetful) }
    #expect((whole.numbers == broken.numbers) == (name == "SGD"))
    #expect(
      second.stateDictionary(for: restored).keys.sorted()
        == optimizer.stateDictionary(for: whole).keys.sorted())
  }

  @Test func `Names are those of the formulas under the paths of the parameters`() throws {
    let problem = try WavyProblem()
    let optimizer = Adam(learningRate: 0.25)
    #expect(Array(optimizer.stateDictionary(for: problem).keys) == ["learningRate"])
    _ = problem.step(optimizer, ["weight", "scale"])
    let state = optimizer.stateDictionary(for: problem)
    #expect(
      state.keys.sorted() == [
        "learningRate", "scale.m", "scale.step", "scale.v", "weight.m", "weight.step", "weight.v",
      ])
    #expect(state["learningRate"]?.scalar == 0.25 && state["learningRate"]?.dtype == .float64)
    #expect(state["weight.step"]?.dtype == .int64 && state["weight.step"]?.shape == [])
    #expect(state["weight.step"]?.scalar == 1)
    #expect(state["weight.m"]?.shape == [4, 3] && state["weight.m"]?.isTracked == false)
  }

  @Test func `A state that does not fit is refused as a whole, with everything that is wrong`()
    throws
  {
    let problem = try WavyProblem()
    let optimizer = Adam()
    _ = problem.step(optimizer)
    let good = optimizer.stateDictionary(for: problem)
    var bad = good
    bad["weight.m"] = Tensor.zeros([3, 4], dtype: .float64)
    bad["bias.v"] = nil
    bad["bias.u"] = Tensor.zeros([4], dtype: .float64)
    bad["scale.step"] = Tensor([-1] as [Int], shape: [])
    bad["kernel.step"] = Tensor([Int.max], shape: [])
    bad["learningRate"] = Tensor(.nan, dtype: .float64)
    do throws(StateMismatch) {
      try optimizer.load(stateDictionary: bad, for: problem)
      Issue.record("was accepted")
    } catch {
      #expect(error.missing == ["bias.v"] && error.unexpected == ["bias.u"])
      #expect(
        error.differences.map(\.name) == [
          "kernel.step", "learningRate", "scale.step", "weight.m",
        ])
      #expect(error.differences.last?.expected == "float64 [4, 3]")
      #expect(error.differences.last?.found == "float64 [3, 4]")
    }
    let after = optimizer.stateDictionary(for: problem)
    #expect(after.keys.sorted() == good.keys.sorted())
    for (name, tensor) in good { #expect(after[name]?.bytes() == tensor.bytes()) }
    #expect(throws: StateMismatch.self) {
      try SGD(momentum: 0.9).load(stateDictionary: good, for: problem)
    }
    #expect(throws: StateMismatch.self) { try Adam().load(stateDictionary: [:], for: problem) }
  }

  @Test func `A hostile state of LBFGS is refused`() throws {
    let problem = try WavyProblem()
    let optimizer = LBFGS(maximumIterations: 3, lineSearch: .strongWolfe)
    _ = problem.step(optimizer)
    let good = optimizer.stateDictionary(for: problem)
    for count in [-1, 3, 101, 1 << 60] {
      var bad = good
      bad["history"] = Tensor([count], shape: [])
      #expect(throws: StateMismatch.self) {
        try LBFGS().load(stateDictionary: bad, for: problem)
      }
    }
    for name in good.keys {
      var bad = good
      bad[name] = nil
      #expect(throws: StateMismatch.self) {
        try LBFGS().load(stateDictionary: bad, for: problem)
      }
    }
  }

  @Test func `A pair that cannot load the second state keeps the first`() throws {
    let problem = try WavyProblem()
    func make() -> OptimizerPair {
      OptimizerPair(SGD(momentum: 0.9), for: { $0.shape.rank == 2 }, others: Adam())
    }
    let (a, b) = (make(), make())
    _ = problem.step(a)
    var state = a.stateDictionary(for: problem)
    #expect(state["first.weight.b"] != nil && state["others.bias.m"] != nil)
    #expect(state["others.weight.m"] == nil)
    state["others.bias.m"] = nil
    #expect(
      thrown { try b.load(stateDictionary: state, for: problem) } == "missing: \"others.bias.m\"")
    #expect(
      b.stateDictionary(for: problem).keys.sorted() == [
        "first.learningRate", "others.learningRate",
      ])
    state["weight.m"] = Tensor([0.0])
    #expect(throws: StateMismatch.self) { try b.load(stateDictionary: state, for: problem) }
  }

  @Test func `A pair gives each parameter to one optimizer, and a rate to both`() throws {
    let (a, b) = (try WavyProblem(), try WavyProblem())
    let pair = OptimizerPair(
      SGD(learningRate: 0.1), for: { $0.shape.rank == 2 }, others: Adam(learningRate: 0.05))
    pair.learningRate = 0.2
    #expect(pair.learningRate == 0.2 && pair.others.learningRate == 0.1)
    _ = a.step(pair)
    let (_, gradients) = valueWithGradients(of: b) { b.loss() }
    SGD(learningRate: 0.2).update([b.weight], gradients)
    Adam(learningRate: 0.1).update([b.bias, b.scale, b.kernel], gradients)
    #expect(a.numbers == b.numbers)
  }

  @Test func `Settings may change during training`() throws {
    let problem = try WavyProblem()
    let optimizer = RMSprop(learningRate: 0.01)
    _ = problem.step(optimizer)
    optimizer.configure([problem.weight]) { $0.momentum = 0.9 }
    _ = problem.step(optimizer)
    let state = optimizer.stateDictionary(for: problem)
    #expect(state["weight.b"] != nil && state["bias.b"] == nil)
    #expect(state["weight.step"]?.scalar == 2)
    let other = RMSprop()
    other.configure([problem.weight]) { $0.momentum = 0.9 }
    try other.load(stateDictionary: state, for: problem)
  }

  @Test func `A rule of one's own is an optimizer`() throws {
    struct SignRule: UpdateRule {
      var momentum = 0.9
      func initialState(of weight: Tensor) -> [String: Tensor] {
        ["m": Tensor.zeros(like: weight)]
      }
      func step(
        _ weight: Tensor, _ gradient: Tensor, _ state: inout ParameterState, learningRate: Double
      ) -> Tensor {
        state["m"] = momentum * state["m"] + (1 - momentum) * gradient
        return weight - learningRate * sign(state["m"])
      }
    }
    let problem = try WavyProblem()
    let before = problem.numbers
    let optimizer = RuleOptimizer(learningRate: 0.5, SignRule())
    _ = problem.step(optimizer)
    for (a, b) in zip(before.joined(), problem.numbers.joined()) {
      #expect(abs(abs(a - b) - 0.5) < 1e-12)
    }
    #expect(optimizer.stateDictionary(for: problem)["kernel.m"]?.shape == [2, 3, 4])
  }
}
