import Adjoint
import Testing

@Suite("Jacobians and Hessians")
struct JacobianTests {
  private let x = Tensor([0.5, -1, 2], dtype: .float64)

  @Test("the Jacobian of a linear map is its matrix, by rows and by columns")
  func linear() {
    for rows in [1, 2, 3, 9, 10, 40] {
      withGenerator(seed: 1) {
        let a = Tensor.normal([rows, 3], dtype: .float64)
        expectClose(jacobian(at: x) { matmul(a, $0) }, a)
      }
    }
  }

  @Test("shapes of results and inputs follow one another")
  func shapes() {
    let (a, b) = (Tensor.ones([2, 3]), Tensor.ones([3, 4]))
    let found = jacobian(at: [a, b]) { matmul($0[0], $0[1]) }
    #expect(found[0].shape == [2, 4, 2, 3] && found[1].shape == [2, 4, 3, 4])
    #expect(jacobian(at: a) { $0.sum() }.shape == [2, 3])
    #expect(jacobian(at: Tensor(2)) { $0 * Tensor.ones([5, 2]) }.shape == [5, 2])
    #expect(jacobian(at: Tensor.zeros([0])) { $0 * 2 }.shape == [0, 0])
    #expect(jacobian(at: Tensor.zeros([0, 2])) { $0.sum(axes: [0]) }.shape == [2, 0, 2])
    #expect(jacobian(at: a) { $0.sliced(..<0, axis: 0) }.shape == [0, 3, 2, 3])
    #expect(hessian(at: a) { square($0).sum() }.shape == [2, 3, 2, 3])
    #expect(hessian(at: Tensor(3)) { $0 * $0 * $0 }.scalar == 18)
    #expect(jacobian(at: []) { _ in a }.isEmpty && hessian(at: []) { _ in a.sum() }.isEmpty)
  }

  @Test("an elementwise function has a diagonal Jacobian")
  func diagonal() {
    expectClose(
      jacobian(at: x) { exp($0) }, Tensor.eye(3, dtype: .float64) * exp(x), relative: 1e-15)
  }

  @Test("the Hessian of a quadratic form is its matrix, in blocks for several inputs")
  func quadratic() {
    let a = Tensor([[2, 1, 0], [1, 3, -1], [0, -1, 5]], dtype: .float64)
    let f = { (x: Tensor) in 0.5 * matmul(x, matmul(a, x)) }
    expectClose(hessian(at: x, f), a)
    let blocks = hessian(at: [x[..<1], x[1...]]) { f(concatenated($0)) }
    expectClose(blocks[0][0], a[..<1].sliced(..<1, axis: 1))
    expectClose(blocks[0][1], a[..<1].sliced(1..., axis: 1))
    expectClose(blocks[1][0], a[1...].sliced(..<1, axis: 1))
    expectClose(blocks[1][1], a[1...].sliced(1..., axis: 1))
    let v = Tensor([1, 2, -1], dtype: .float64)
    expectClose(hessianVectorProduct(at: x, vector: v, f), matmul(a, v))
  }

  @Test("the Hessian of a linear function is zero")
  func flat() {
    expectClose(hessian(at: x) { (3 * $0).sum() }, Tensor.zeros([3, 3], dtype: .float64))
    expectClose(hessianVectorProduct(at: x, vector: x) { $0.sum() }, [0, 0, 0])
    expectClose(hessianVectorProduct(at: x, vector: x) { _ in Tensor(1) }, [0, 0, 0])
  }

  @Test("the pullback of a gradient is the Hessian times vectors, again and again")
  func pullbackOfGradient() {
    let f = { (x: Tensor) in square((x * x).sum()) }
    let (g, product) = vjp(at: x) { gradient(at: $0, f) }
    expectClose(g, 4 * (x * x).sum() * x, absolute: 1e-13)
    let h = hessian(at: x, f)
    for row in 0..<3 {
      let unit = Tensor.eye(3, dtype: .float64)[row]
      expectClose(product(unit), h[row], absolute: 1e-13)
      expectClose(hessianVectorProduct(at: x, vector: unit, f), h[row], absolute: 1e-13)
    }
  }

  @Test("a Jacobian inside a function has gradients itself")
  func nested() {
    // log |det J| of an elementwise map: the derivative of sum log(exp(x)) is 1.
    let g = gradient(at: x) { x in
      log((jacobian(at: x) { exp($0) } * Tensor.eye(3, dtype: .float64)).sum(axes: [1])).sum()
    }
    expectClose(g, [1, 1, 1], absolute: 1e-14)
    let third = jacobian(at: x) { hessian(at: $0) { ($0 * $0 * $0 * $0).sum() } }
    #expect(third.shape == [3, 3, 3])
    for index in 0..<3 { #expect(third[index][index][index].scalar == 24 * x[index].scalar) }
    #expect(third.sum().scalar == (24 * x).sum().scalar)
  }

  @Test("gradients of every example are those of the example alone")
  func perExample() {
    withGenerator(seed: 2) {
      let w = Tensor.normal([3, 2], dtype: .float64)
      let batch = Tensor.normal([5, 3], dtype: .float64)
      let f = { (w: Tensor, x: Tensor) in square(tanh(matmul(x, w))).sum() }
      let found = perExampleGradients(at: [w], batch: [batch]) { f($0[0], $1[0]) }[0]
      #expect(found.shape == [5, 3, 2])
      for index in 0..<5 {
        expectIdentical(found[index], gradient(at: w) { f($0, batch[index]) })
      }
      let whole = gradient(at: w) { f($0, batch) }
      expectClose(found.sum(axes: [0]), whole, absolute: 1e-14)
      // In one pass: as many copies of the parameter as there are examples.
      let copies = w.broadcast(to: [5, 3, 2])
      let batched = gradient(at: copies) { copies in
        square(tanh(matmul(batch.expandingDimension(at: 1), copies))).sum()
      }
      expectClose(batched, found, absolute: 1e-15)
      let none = perExampleGradients(at: [w], batch: [batch[..<0]]) { f($0[0], $1[0]) }[0]
      #expect(none.shape == [0, 3, 2])
    }
  }

  @Test("gradients of micro-batches add up to that of the batch")
  func microBatches() {
    withGenerator(seed: 4) {
      let w = Tensor.normal([3, 2], dtype: .float64)
      let batch = Tensor.normal([10, 3], dtype: .float64)
      func loss(_ w: Tensor, _ x: Tensor) -> Tensor {
        square(tanh(matmul(x, w))).sum(axes: [1]).mean()
      }
      let whole = valueWithGradient(at: w) { loss($0, batch) }
      var (value, sum) = (Tensor(0, dtype: .float64), Tensor.zeros([3, 2], dtype: .float64))
      for rows in [0..<4, 4..<8, 8..<10] {
        // The last one is smaller: each counts by its share of the examples.
        let share = Double(rows.count) / 10
        let part = valueWithGradient(at: w) { loss($0, batch[rows]) * share }
        value += part.value
        sum += part.gradient
      }
      expectClose(sum, whole.gradient, absolute: 1e-15)
      expectClose(value, whole.value, relative: 1e-15)
    }
  }
}
