import Adjoint
import Testing

@Suite("Products with Jacobians")
struct VectorProductsTests {
  private let x = Tensor([0.5, -1, 2], dtype: .float64)
  private let v = Tensor([1, 10, 100], dtype: .float64)

  @Test("a pullback can be called many times")
  func pullback() {
    let (y, pullback) = vjp(at: x) { $0 * $0 }
    expectClose(y, x * x)
    #expect(!y.isTracked && !pullback(v).isTracked)
    expectClose(pullback(v), [1, -20, 400])
    expectClose(pullback(-v), [-1, 20, -400])
    expectClose(pullback(v), [1, -20, 400])
  }

  @Test("the pullback and jvp are adjoint: <u, J v> = <J^T u, v>")
  func adjoint() {
    let a = Tensor([[0.3, -0.2, 0.7], [0.8, 0.1, -1.1]], dtype: .float64)
    let (da, dx) = (sin(a * 3), cos(x * 5))
    let f = { (inputs: [Tensor]) in softmax(matmul(inputs[0], tanh(inputs[1]))) }
    let u = Tensor([0.4, -1.3], dtype: .float64)
    let forward = jvp(at: [a, x], tangents: [da, dx], f).tangent
    let back = vjp(at: [a, x], f).pullback(u)
    let left = (u * forward).sum().scalar
    let right = ((back[0] * da).sum() + (back[1] * dx).sum()).scalar
    #expect(Swift.abs(left - right) < 1e-15)
    #expect(Swift.abs(left) > 0.01)
  }

  @Test("the two agree for every operation", arguments: GradientTable.rows)
  func adjointEverywhere(_ row: GradientRow) {
    let inputs = row.domain.inputs(row.shapes)
    var generator = Generator(seed: 6)
    let tangents = inputs.map {
      Tensor.uniform($0.shape, in: -1...1, dtype: .float64, using: &generator)
    }
    let (y, forward) = jvp(at: inputs, tangents: tangents, row.function)
    let u = Tensor.uniform(y.shape, in: -1...1, dtype: .float64, using: &generator)
    let back = vjp(at: inputs, row.function).pullback(u)
    let left = (u * forward).sum().scalar
    let terms = zip(back, tangents).map { ($0 * $1).sum().scalar }
    let right = terms.reduce(0, +)
    // A cast to float32 rounds on the way.
    let tolerance = row.operations == ["cast"] ? 1e-5 : 1e-11
    let scale = terms.reduce(1) { $0 + Swift.abs($1) }
    #expect(Swift.abs(left - right) < tolerance * scale, "\(row): \(left) and \(right)")
    #expect(forward.shape == y.shape && !forward.isTracked)
  }

  @Test("what does not depend on the inputs has derivative zero")
  func independent() {
    let other = Tensor([4.0, 5], dtype: .float64).tracked()
    for constant in [other.detached, other] {
      let (y, pullback) = vjp(at: x) { _ in constant }
      expectClose(y.detached, constant.detached)
      expectClose(pullback(constant.detached), [0, 0, 0])
      expectClose(jvp(at: x, tangent: v) { _ in constant }.tangent.detached, [0, 0])
      expectClose(jacobian(at: x) { _ in constant }, Tensor.zeros([2, 3], dtype: .float64))
    }
    expectClose(jvp(at: x, tangent: v) { $0 }.tangent, v)
    expectClose(vjp(at: x) { $0 }.pullback(v), v)
    expectClose(jvp(at: x, tangent: v) { floor($0) }.tangent, [0, 0, 0])
  }

  @Test("a direction at a pole does not spoil the others")
  func poles() {
    // The stand-in cotangent of jvp is zero: 0 * inf would be NaN if it were ever computed with.
    let at = Tensor([0.0, 4], dtype: .float64)
    let t = Tensor([1.0, 1], dtype: .float64)
    expectClose(jvp(at: at, tangent: t) { sqrt($0) }.tangent, [.infinity, 0.25])
  }

  @Test("inputs and results of different floating dtypes can be mixed")
  func dtypes() {
    let single = Tensor([1.0, 2])
    let f = { (x: [Tensor]) in x[0].cast(to: .float64) * x[1] }
    let double = Tensor([3.0, 5], dtype: .float64)
    let tangent = jvp(at: [single, double], tangents: [single, double], f).tangent
    expectClose(tangent, Tensor([6.0, 20], dtype: .float64))
    let back = vjp(at: [single, double], f).pullback(double)
    expectClose(back[0], Tensor([9.0, 25]))
    expectClose(back[1], Tensor([3.0, 10], dtype: .float64))
  }

  @Test("derivatives flow to variables outside, and only then are they recorded")
  func nested() {
    let w = Tensor(3, dtype: .float64)
    let slope = gradient(at: w) { w in
      // (w x^3)'' = 6 w x; the derivative of its sum by w is 6 sum x.
      jvp(at: x, tangent: Tensor.ones([3], dtype: .float64)) { x in
        vjp(at: x) { w * $0 * $0 * $0 }.pullback(Tensor.ones([3], dtype: .float64))
      }.tangent.sum()
    }
    #expect(Swift.abs(slope.scalar - 9) < 1e-14)
    let value = gradient(at: w) { w in jvp(at: x, tangent: v) { w * $0 }.value.sum() }
    #expect(value.scalar == 1.5)
    let (y, pullback) = withoutRecording { vjp(at: x.tracked()) { $0 * $0 } }
    #expect(!y.isTracked)
    #expect(withoutRecording { !pullback(v).isTracked })
    #expect(pullback(v).isTracked, "the variable outside can be asked for now")
  }

  @Test("errors pass through")
  func errors() {
    struct Refused: Error {}
    #expect(throws: Refused.self) { try vjp(at: x) { _ in throw Refused() } }
    #expect(throws: Refused.self) { try jvp(at: x, tangent: v) { _ in throw Refused() } }
    #expect(throws: Refused.self) { try jacobian(at: x) { _ in throw Refused() } }
    #expect(throws: Refused.self) { try hessian(at: x) { _ in throw Refused() } }
  }

  @Test("a directional derivative of a long chain runs on the stack of a task")
  func deep() async {
    let x = x
    let tangent = await Task {
      jvp(at: x, tangent: Tensor.ones([3], dtype: .float64)) { x in
        var y = x
        for _ in 0..<20_000 { y = y * 1.0001 }
        return y
      }.tangent
    }.value
    expectClose(tangent, Array(repeating: 7.3881, count: 3), relative: 1e-4)
  }
}
