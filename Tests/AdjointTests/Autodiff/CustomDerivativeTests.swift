import Adjoint
import Synchronization
import Testing

@Suite("Custom derivatives")
struct CustomDerivativeTests {
  private let x = Tensor([0.5, -1, 2], dtype: .float64)

  @Test("the rule takes the place of those inside")
  func replaces() {
    let g = gradient(at: x) { x in
      withCustomDerivative(at: [x]) {
        square($0[0])
      } gradients: { g, _, _ in
        [g * 7]
      }.sum()
    }
    expectClose(g, [7, 7, 7])
  }

  @Test("a wrong rule is noticed by checkGradients, a right one passes")
  func checked() {
    func report(_ factor: Double) -> GradientReport {
      checkGradients(
        of: { x in
          withCustomDerivative(at: x) {
            $0[0] * $0[0] * $0[1]
          } gradients: { g, x, _ in
            [g * 2 * x[0] * x[1], g * x[0] * x[0] * factor]
          }
        }, at: [x, x + 1])
    }
    #expect(report(1).passed)
    #expect(!report(1.001).passed)
  }

  @Test("it is called once for all inputs of a sweep, with result and inputs")
  func calledOnce() {
    let calls = Mutex(0)
    let (a, b) = (x.tracked(), (x * 2).tracked())
    let y = withCustomDerivative(at: [a, b, x]) {
      $0[0] * $0[1] * $0[2]
    } gradients: { g, inputs, y in
      calls.withLock { $0 += 1 }
      expectClose(y.detached, inputs[0].detached * inputs[1].detached * inputs[2])
      return [g * inputs[1] * inputs[2], g * inputs[0] * inputs[2], nil]
    }
    let found = gradients(of: y.sum(), withRespectTo: [a, b])
    #expect(calls.withLock { $0 } == 1)
    expectClose(found[0], 2 * x * x)
    expectClose(found[1], x * x)
    _ = gradients(of: y.sum(), withRespectTo: [b])
    #expect(calls.withLock { $0 } == 2)
    #expect(!gradients(of: y.sum(), withRespectTo: [a])[0].isTracked)
    #expect(gradients(of: y.sum(), withRespectTo: [a], createGraph: true)[0].isTracked)
  }

  @Test("two in a chain, of any number of inputs, keep their gradients apart")
  func chained() {
    func product(_ x: [Tensor]) -> Tensor {
      withCustomDerivative(at: x) {
        $0[0] * $0[1]
      } gradients: { g, x, _ in
        [g * x[1], g * x[0]]
      }
    }
    let g = gradient(at: x) { x in product([product([x, x]), product([x, sin(x)])]).sum() }
    expectClose(g, 3 * x * x * sin(x) + x * x * x * cos(x), absolute: 1e-14)
  }

  @Test("a gradient can be changed on the way back")
  func clipped() {
    func clip(_ x: Tensor) -> Tensor {
      withCustomDerivative(at: [x]) {
        $0[0]
      } gradients: { g, _, _ in
        [maximum(minimum(g, 1), -1)]
      }
    }
    expectClose(
      gradient(at: x) { (clip($0) * Tensor([10, -0.5, -4], dtype: .float64)).sum() }, [1, -0.5, -1])
  }

  @Test("nothing is recorded where nothing is tracked")
  func notRecorded() {
    let y = withCustomDerivative(at: [x]) {
      $0[0].argMax()
    } gradients: { _, _, _ in
      []
    }
    #expect(y.scalar == 2 && !y.isTracked)
  }

  /// The solution z of z = tanh(w z + x), with the derivative of the implicit function theorem.
  private func fixedPoint(_ w: Tensor, _ x: Tensor) -> Tensor {
    func step(_ z: Tensor, _ w: Tensor, _ x: Tensor) -> Tensor { tanh(matmul(w, z) + x) }
    func iterated(_ start: Tensor, _ f: (Tensor) -> Tensor) -> Tensor {
      var z = start
      for _ in 0..<200 { z = f(z) }
      return z
    }
    return withCustomDerivative(at: [w, x]) { inputs in
      iterated(Tensor.zeros(inputs[1].shape, dtype: .float64)) { step($0, inputs[0], inputs[1]) }
    } gradients: { g, inputs, z in
      // u = g + (df/dz)^T u is a fixed point too; then one more step back, to the inputs.
      let pullback = vjp(at: [z] + inputs) { step($0[0], $0[1], $0[2]) }.pullback
      let u = iterated(g) { g + pullback($0)[0] }
      return Array(pullback(u)[1...])
    }
  }

  @Test("a fixed point is differentiated without its iterations, twice if wanted")
  func implicit() {
    let w = Tensor([[0.2, -0.3], [0.4, 0.1]], dtype: .float64)
    let x = Tensor([0.3, -0.8], dtype: .float64)
    let report = checkGradients(of: { fixedPoint($0[0], $0[1]) }, at: [w, x])
    #expect(report.passed, "\(report)")
    #expect(GraphStatistics(of: fixedPoint(w.tracked(), x)).nodeCount == 2)
  }
}
