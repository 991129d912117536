import Adjoint
import Testing

@Suite("Gradients")
struct GradientsTests {
  private let x = Tensor([0.5, -1, 2], dtype: .float64)

  @Test("a tensor used twice adds up its gradients")
  func usedTwice() {
    let x = x.tracked()
    let g = gradients(of: (x * x + x).sum(), withRespectTo: [x])[0]
    expectClose(g, [2, -1, 5])
  }

  @Test("a diamond visits every node once")
  func diamond() {
    // Each step doubles: 60 steps would be 2^60 paths.
    let x = Tensor(1, dtype: .float64).tracked()
    var y = x
    for _ in 0..<60 { y = y + y }
    let g = gradients(of: y, withRespectTo: [x])[0]
    #expect(g.scalar == 0x1p60)
  }

  @Test("intermediate results have gradients too, and so has the result itself")
  func intermediate() {
    let x = x.tracked()
    let h = x * 3
    let y = (h * h).sum()
    let g = gradients(of: y, withRespectTo: [h, x, y, h])
    expectClose(g[0], [3, -6, 12])
    expectClose(g[1], [9, -18, 36])
    #expect(g[2].scalar == 1)
    expectIdentical(g[0], g[3])
  }

  @Test("an input that the result does not depend on has gradient zero")
  func independent() {
    let (x, other) = (x.tracked(), Tensor.ones([2, 2]).tracked())
    let later = (x * 2).tracked()
    let g = gradients(of: x.sum(), withRespectTo: [other, later])
    expectClose(g[0], Tensor.zeros([2, 2]))
    expectClose(g[1], Tensor.zeros([3], dtype: .float64))
    let constant = valueWithGradient(at: x) { _ in Tensor(4) }
    expectClose(constant.gradient, Tensor.zeros([3], dtype: .float64))
    #expect(constant.value.scalar == 4)
  }

  @Test("a cotangent weights the elements of the result")
  func cotangent() {
    let x = x.tracked()
    let weights = Tensor([1, 10, 100], dtype: .float64)
    let g = gradients(of: x * x, withRespectTo: [x], cotangent: weights)[0]
    expectClose(g, [1, -20, 400])
  }

  @Test("detached and withoutRecording stop gradients")
  func stopped() {
    let x = x.tracked()
    expectClose(gradients(of: (x.detached * x).sum(), withRespectTo: [x])[0], x.detached)
    let silent = withoutRecording { x * x }
    #expect(!silent.isTracked && x.isTracked && !x.detached.isTracked)
    #expect((x * x).isTracked, "recording is on again afterwards")
    #expect(!(x .> 0).isTracked && !x.argMax().isTracked && !x.cast(to: .int64).isTracked)
  }

  @Test("tracking twice connects the two variables")
  func trackedTwice() {
    let outer = x.tracked()
    let inner = outer.tracked()
    let g = gradients(of: (inner * inner).sum(), withRespectTo: [outer, inner])
    expectClose(g[0], [1, -2, 4])
    expectIdentical(g[0], g[1])
  }

  @Test("gradients are recorded only with createGraph")
  func createGraph() {
    let x = x.tracked()
    let y = (x * x * x).sum()
    #expect(!gradients(of: y, withRespectTo: [x])[0].isTracked)
    let g = gradients(of: y, withRespectTo: [x], createGraph: true)[0]
    #expect(g.isTracked)
    expectClose(gradients(of: g.sum(), withRespectTo: [x])[0], [3, -6, 12])
  }

  @Test("the same graph can be differentiated again")
  func repeated() {
    let x = x.tracked()
    let y = exp(x).sum()
    let (first, second) = (
      gradients(of: y, withRespectTo: [x])[0], gradients(of: y, withRespectTo: [x])[0]
    )
    expectIdentical(first, second)
  }

  // MARK: Higher orders

  @Test("nested calls give derivatives of order 4")
  func order4() {
    let fourth = { (f: @escaping (Tensor) -> Tensor, x: Tensor) in
      gradient(at: x) { x in
        gradient(at: x) { x in gradient(at: x) { x in gradient(at: x) { f($0).sum() }.sum() }.sum()
        }
        .sum()
      }
    }
    expectClose(fourth({ sin($0) }, x), sin(x), absolute: 1e-14)
    expectClose(fourth({ exp(2 * $0) }, x), 16 * exp(2 * x), relative: 1e-14)
    expectClose(fourth({ $0 * $0 * $0 * $0 * $0 }, x), 120 * x, relative: 1e-14)
    expectClose(fourth({ pow($0, 5) }, x), 120 * x, relative: 1e-14)
    expectClose(fourth({ 1 / $0 }, x), 24 / (x * x * x * x * x), relative: 1e-13)
    let y = tanh(x)
    let exact = 8 * y * (1 - y * y) * (2 - 3 * y * y)
    expectClose(fourth({ tanh($0) }, x), exact, absolute: 1e-13)
  }

  @Test("third derivatives of softmax and matmul agree with differences of second ones")
  func order3() {
    let a = Tensor([[0.3, -0.2], [0.8, 0.1]], dtype: .float64)
    let weights = Tensor([[1, -2], [0.5, 3]], dtype: .float64)
    func hessianTimesWeights(_ x: Tensor) -> Tensor {
      gradient(at: x) { x in
        let g = gradient(at: x) { x in (softmax(matmul(x, x)) * weights).sum() }
        return (g * weights).sum()
      }
    }
    let report = checkGradients(of: { hessianTimesWeights($0[0]) }, at: [a], orders: 1...1)
    #expect(report.passed, "\(report)")
  }

  @Test("an inner derivative depends on variables of an outer one")
  func mixed() {
    // d/da d/dx (a x^2) = 2 x; the inner call sees x as a plain number.
    let (a, x) = (Tensor(3, dtype: .float64), Tensor(5, dtype: .float64))
    let mixed = gradient(at: a) { a in gradient(at: x) { x in a * x * x } }
    #expect(mixed.scalar == 10)
    // x d/dy (x + y) is x: a gradient of 2 would confuse the two variables.
    let confusing = gradient(at: x) { x in x * gradient(at: a) { y in x + y } }
    #expect(confusing.scalar == 1)
    // The value of an inner call carries on too.
    let value = gradient(at: a) { a in valueWithGradient(at: x) { x in a * x }.value }
    #expect(value.scalar == 5)
  }

  @Test("a Hessian times a vector is that of the formula")
  func hessian() {
    // f = (x . x)^2 has Hessian 4 (x . x) I + 8 x x^T.
    let v = Tensor([1, 2, -1], dtype: .float64)
    let product = gradient(at: x) { x in
      (gradient(at: x) { x in square((x * x).sum()) } * v).sum()
    }
    let xx = (x * x).sum()
    expectClose(product, 4 * xx * v + 8 * x * (x * v).sum(), relative: 1e-14)
  }

  @Test("what valueWithGradients returns is detached, and errors pass through")
  func valueWithGradients() throws {
    let (value, gradient) = valueWithGradient(at: x) { ($0 * $0).sum() }
    #expect(value.scalar == 5.25 && !value.isTracked && !gradient.isTracked)
    struct Refused: Error {}
    #expect(throws: Refused.self) {
      try Adjoint.valueWithGradient(at: x) { _ in throw Refused() }
    }
  }

  @Test("float32 graphs have float32 gradients, also behind a cast")
  func dtypes() {
    let x = Tensor([1.0, 2.0]).tracked()
    let y = (x.cast(to: .float64) * Tensor([0.1, 0.2], dtype: .float64)).sum()
    expectClose(gradients(of: y, withRespectTo: [x])[0], Tensor([0.1, 0.2]))
  }
}
