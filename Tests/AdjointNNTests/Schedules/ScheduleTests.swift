import Adjoint
import AdjointNN
import Foundation
import Testing

/// What PyTorch's schedulers give; see Fixtures/make_schedules.py.
private struct ScheduleReference: Decodable {
  let rates: [String: [Double]]
  let metrics: [Double?]
  let plateaus: [String: [Double]]

  static func read() throws -> ScheduleReference {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().path(percentEncoded: false)
    let data = try Data(contentsOf: fixture("schedules.json", file: folder))
    return try JSONDecoder().decode(ScheduleReference.self, from: data)
  }
}

struct ScheduleTests {
  private static let schedules: [(String, Schedule)] = [
    ("step", .step(from: 0.1, every: 4, factor: 0.3)),
    ("multiStep", .multiStep(from: 0.1, milestones: [3, 7, 7, 12], factor: 0.5)),
    ("exponential", .exponential(from: 0.1, factor: 0.9)),
    ("polynomial", .polynomial(from: 0.1, steps: 12, power: 2.5)),
    ("linear", .linear(from: 0.02, to: 0.09, steps: 8)),
    ("cosine", .cosine(from: 0.1, to: 0.01, steps: 15)),
    ("restarts", .cosineWarmRestarts(from: 0.1, to: 0.02, steps: 5)),
    ("growing restarts", .cosineWarmRestarts(from: 0.1, steps: 3, growth: 2)),
    ("one cycle", .oneCycle(peak: 0.5, steps: 20)),
    (
      "one cycle, linear",
      .oneCycle(
        peak: 0.5, steps: 23, warmUpShare: 0.4, initialDivisor: 10, finalDivisor: 100,
        annealing: .linear)
    ),
    (
      "one cycle, three phases",
      .oneCycle(peak: 0.5, steps: 30, warmUpShare: 0.35, threePhases: true)
    ),
    ("lambda", Schedule { 0.1 / Double(1 + $0) }),
    ("inverse square root", .inverseSquareRoot(peak: 0.1, warmUpSteps: 7)),
    ("constant", .constant(0.1)),
    (
      "sequential",
      .sequential(
        [
          .linear(from: 0.01, to: 0.1, steps: 4), .exponential(from: 0.1, factor: 0.8),
          .cosine(from: 0.1, to: 0.01, steps: 10),
        ], milestones: [4, 9])
    ),
    (
      "chained",
      .chained([.linear(from: 0.1, to: 1, steps: 5), .exponential(from: 0.1, factor: 0.9)])
    ),
  ]

  @Test(arguments: schedules)
  func `Rates are those of PyTorch, in any order of the steps`(
    _ name: String, _ schedule: Schedule
  ) throws {
    let expected = try #require(ScheduleReference.read().rates[name])
    for (step, rate) in expected.enumerated().reversed() {
      #expect(abs(schedule(step) - rate) < 1e-12, "step \(step): \(schedule(step)), not \(rate)")
    }
  }

  @Test func `Every schedule of the reference is tested`() throws {
    #expect(try Set(ScheduleReference.read().rates.keys) == Set(Self.schedules.map(\.0)))
  }

  @Test func `After its last step a schedule stays where it is`() {
    #expect(Schedule.cosine(from: 1, to: 0.25, steps: 10)(1000) == 0.25)
    #expect(Schedule.polynomial(from: 1, to: 0.25, steps: 10)(1000) == 0.25)
    #expect(Schedule.linear(from: 0, to: 0.5, steps: 10)(1000) == 0.5)
    let cycle = Schedule.oneCycle(peak: 1, steps: 10, initialDivisor: 10, finalDivisor: 10)
    #expect(abs(cycle(9) - 0.01) < 1e-15 && cycle(1000) == cycle(9))
    // A cycle of one step, and one that is all warm-up, are numbers too.
    #expect(Schedule.oneCycle(peak: 1, steps: 1)(0).isFinite)
    #expect(Schedule.oneCycle(peak: 1, steps: 10, warmUpShare: 0)(3).isFinite)
    #expect(Schedule.oneCycle(peak: 1, steps: 10, warmUpShare: 1)(9) == 1)
  }

  private static let plateaus: [(String, Double, ReduceOnPlateau)] = [
    ("plain", 1, ReduceOnPlateau(patience: 2)),
    ("accuracy", -1, ReduceOnPlateau(.maximize, factor: 0.5, patience: 1)),
    (
      "absolute", 1, ReduceOnPlateau(patience: 1, threshold: .absolute(0.05), cooldown: 2)
    ),
    (
      "bounded", 1,
      ReduceOnPlateau(
        factor: 0.3, patience: 0, threshold: .relative(0.01), cooldown: 1, minimum: 0.004)
    ),
    ("tiny", 1, ReduceOnPlateau(patience: 0)),
    ("largest", 1, ReduceOnPlateau(.maximize, patience: 3, threshold: .absolute(0.1))),
  ]

  @Test(arguments: plateaus)
  func `On a plateau the rate falls as in PyTorch, also when the run was broken`(
    _ name: String, _ sign: Double, _ plateau: ReduceOnPlateau
  ) throws {
    let reference = try ScheduleReference.read()
    let expected = try #require(reference.plateaus[name])
    var (plateau, fresh) = (plateau, plateau)
    var rate = name == "tiny" ? 1e-7 : 0.1
    for (metric, next) in zip(reference.metrics, expected) {
      rate = plateau(rate, metric: sign * (metric ?? .nan))
      #expect(abs(rate - next) <= 1e-15 * next)
      var restored = fresh
      try restored.load(stateDictionary: plateau.stateDictionary)
      (fresh, plateau) = (plateau, restored)
    }
    #expect(Set(expected).count > (name == "tiny" ? 0 : 1))
  }

  @Test func `A state that is no state is refused`() {
    var plateau = ReduceOnPlateau()
    var state = plateau.stateDictionary
    state["badCount"] = Tensor([-1] as [Int], shape: [])
    #expect(thrown { try plateau.load(stateDictionary: state) }?.contains("badCount") == true)
    #expect(throws: StateMismatch.self) { try plateau.load(stateDictionary: [:]) }
  }

  @Test func `Impossible settings stop the program`() async {
    let steps = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Schedule.cosine(from: 0.1, steps: 0)
    }
    #expect(errors(steps).contains("Schedule.cosine: needs at least one step, not 0"))
    let order = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Schedule.sequential([.constant(1), .constant(2), .constant(3)], milestones: [5, 5])
    }
    #expect(
      errors(order).contains("Schedule.sequential: the milestones must be above 0 and rise"))
    let count = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Schedule.sequential([.constant(1)], milestones: [5])
    }
    #expect(errors(count).contains("1 schedules need one milestone less, not 1"))
    let step = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Schedule.constant(1)(-1)
    }
    #expect(errors(step).contains("Schedule: steps count from 0, not -1"))
    let factor = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ReduceOnPlateau(factor: 1)
    }
    #expect(errors(factor).contains("ReduceOnPlateau: factor must be in 0 ..< 1, not 1.0"))
  }
}
