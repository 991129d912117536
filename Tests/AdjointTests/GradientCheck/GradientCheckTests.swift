import Adjoint
import Testing

@Suite("The gradient check")
struct GradientCheckTests {
  private let x = Tensor([0.5, -1, 2], dtype: .float64)

  @Test("finds a wrong first derivative and says where")
  func findsWrongGradient() throws {
    // The square, with half of its derivative lost.
    let report = checkGradients(of: { $0[0].detached * $0[0] }, at: [x], orders: 1...1)
    let worst = try #require(report.worst)
    #expect(!report.passed && report.count == 3)
    #expect(worst.input == "0" && worst.index == 2 && worst.order == 1)
    #expect(abs(worst.numeric - 2 * worst.analytic) < 1e-6)
    #expect(worst.excess > 1000 && worst.tolerance < 1e-4)
    for text in ["FAILED: 3", "order 1", "input 0, element 2", "\(worst.analytic)", "tolerance"] {
      #expect(report.description.contains(text))
    }
  }

  @Test("finds a derivative of order 2 that is wrong although order 1 is right")
  func findsWrongSecondDerivative() {
    // x^2 with the right gradient 2x, which pretends not to depend on x.
    let f = { (x: [Tensor]) in 2 * x[0].detached * x[0] - x[0].detached * x[0].detached }
    #expect(checkGradients(of: f, at: [x], orders: 1...1).passed)
    let second = checkGradients(of: f, at: [x], orders: 2...2)
    #expect(!second.passed && second.worst?.order == 2)
    #expect(!checkGradients(of: f, at: [x]).passed)
  }

  @Test("names the input that is wrong")
  func namesInput() {
    let report = checkGradients(of: { $0[0] * $0[1] + $0[2].detached }, at: [x, x, x])
    #expect(!report.passed && report.worst?.input == "2")
  }

  @Test("sees what a sum would hide")
  func usesRandomCotangents() {
    // The sum of a softmax is 1 whatever its rule does, so its gradient would be zero.
    let report = checkGradients(of: { softmax($0[0].detached + 0 * $0[0]) }, at: [x])
    #expect(!report.passed)
  }

  @Test("passes what is right and counts all derivatives")
  func passes() {
    let report = checkGradients(of: { tanh($0[0] * $0[1]) }, at: [x, x * 0.5])
    #expect(report.passed && report.count == 12)
    #expect(report.description.hasPrefix("passed: 12 derivatives"))
  }

  @Test("has not passed if nothing was compared")
  func nothingCompared() {
    let report = checkGradients(of: { $0[0] * 2 }, at: [Tensor.zeros([0])])
    #expect(report.count == 0 && !report.passed && report.worst == nil)
    #expect(report.description == "no derivative was compared")
  }

  @Test("a derivative that is not a number fails")
  func notANumber() {
    #expect(!checkGradients(of: { log($0[0]) }, at: [-x * x]).passed)
    let cut = { (x: [Tensor]) in `where`(x[0] .> 3, sqrt(x[0] - 3), 0) }
    #expect(!checkGradients(of: cut, at: [x], orders: 1...1).passed)
  }

  @Test("merging keeps the worse finding and adds the counts")
  func merging() {
    let good = checkGradients(of: { sin($0[0]) }, at: [x])
    let bad = checkGradients(of: { $0[0].detached * $0[0] }, at: [x], orders: 1...1)
    var both = good
    both.merge(bad)
    #expect(both.count == 9 && !both.passed && both.worst?.excess == bad.worst?.excess)
    var other = bad
    other.merge(good)
    #expect(other.worst?.excess == bad.worst?.excess)
  }

  @Test("checks float32 inputs in double precision and finishes alike each time")
  func converts() {
    let inputs = [Tensor([0.25, 0.75])]
    let (a, b) = (
      checkGradients(of: { exp($0[0]) }, at: inputs), checkGradients(of: { exp($0[0]) }, at: inputs)
    )
    #expect(a.passed && a.description == b.description)
  }
}
