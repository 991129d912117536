import Adjoint
import AdjointNN
import Testing

private struct Failure: Error {}

struct LBFGSTests {
  /// A valley that bends: hard for gradient descent.
  private func rosenbrock(_ x: Tensor) -> Tensor {
    let (a, b) = (x[0..<3], x[1..<4])
    return (100 * square(b - square(a)) + square(1 - a)).sum()
  }

  @Test func `With a line search it reaches the end of a bent valley`() {
    let x = Parameter(Tensor([-1.2, 1, -0.5, 0.8], dtype: .float64))
    let optimizer = LBFGS(maximumIterations: 20, lineSearch: .strongWolfe)
    var losses: [Double] = []
    for _ in 0..<10 { losses.append(optimizer.update([x]) { rosenbrock(x.value) }) }
    #expect(losses[0] > 100 && losses[9] < 1e-9)
    #expect(x.value.scalars.allSatisfy { abs($0 - 1) < 1e-4 })
    // At the end nothing is left to do: one evaluation, and the weights stay.
    let before = x.value.scalars
    var evaluations = 0
    optimizer.update([x]) {
      evaluations += 1
      return rosenbrock(x.value)
    }
    #expect(evaluations == 1 && x.value.scalars == before)
  }

  @Test func `An error in a line search leaves the weights where it began`() {
    let x = Parameter(Tensor([-1.2, 1, -0.5, 0.8], dtype: .float64))
    let optimizer = LBFGS(lineSearch: .strongWolfe)
    var evaluations = 0
    #expect(throws: Failure.self) {
      try optimizer.update([x]) {
        evaluations += 1
        if evaluations == 2 { throw Failure() }
        return rosenbrock(x.value)
      }
    }
    #expect(x.value.scalars == [-1.2, 1, -0.5, 0.8])
    optimizer.update([x]) { rosenbrock(x.value) }
    #expect(rosenbrock(x.value).scalar < 10)
  }

  @Test func `Frozen parameters stay`() {
    let model = Dense(inputSize: 2, outputSize: 1)
    model.freeze(matching: "bias")
    let data = random([6, 2], dtype: .float32)
    let optimizer = LBFGS(lineSearch: .strongWolfe)
    for _ in 0..<3 { optimizer.update(model) { square(model(data) - 1).mean() } }
    #expect(model.bias?.value.scalars == [0])
    #expect(optimizer.stateDictionary(for: model)["direction"]?.shape == [2])
  }

  @Test func `It may go on until nothing changes`() {
    let x = Parameter(Tensor([-1.2, 1, -0.5, 0.8], dtype: .float64))
    let optimizer = LBFGS(maximumIterations: .max, lineSearch: .strongWolfe)
    optimizer.update([x]) { rosenbrock(x.value) }
    #expect(rosenbrock(x.value).scalar < 1e-9)
  }

  @Test func `Nothing to train is no mistake`() {
    #expect(LBFGS().update([]) { Tensor(3).tracked() * 1 } == 3)
  }
}
