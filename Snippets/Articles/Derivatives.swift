// The code of docs/derivatives.md, whose names are given values here.
import Adjoint

// snippet.hide
// The page uses one name for inputs of several shapes, so this part is compiled and not run.
func aboutGradients(of x: Tensor) -> [Tensor] {
  // snippet.show
  let g = gradient(at: x) { ($0 * $0).sum() }  // a function
  let third = gradient(at: x) { gradient(at: $0) { gradient(at: $0) { sin($0) } } }

  let w = Tensor.normal([3, 1]).tracked()  // or a graph
  let loss = square(matmul(x, w)).mean()
  let dw = gradients(of: loss, withRespectTo: [w])[0]
  // snippet.hide
  return [g, third, dw]
}

func aboutMicroBatches(_ w: Tensor, _ batch: Tensor) -> Bool {
  func loss(_ w: Tensor, _ rows: Tensor) -> Tensor { square(matmul(rows, w)).mean() }
  let parts = [0..<4, 4..<8, 8..<9]
  let total = 9
  // snippet.show
  var sum = Tensor.zeros(w.shape)
  for rows in parts {
    let share = Double(rows.count) / Double(total)
    sum += gradient(at: w) { loss($0, batch[rows]) * share }
  }
  // snippet.hide
  return allClose(sum, gradient(at: w) { loss($0, batch) }, absolute: 1e-5)
}
print(aboutMicroBatches(Tensor.normal([3]), Tensor.normal([9, 3])))  // true

func aboutReverse(_ a: Tensor, _ b: Tensor, _ g: Tensor) -> Bool {
  // snippet.show
  let (y, pullback) = vjp(at: [a, b]) { matmul($0[0], $0[1]) }
  let (da, db) = (pullback(g)[0], pullback(g)[1])
  // snippet.hide
  return y.shape == g.shape && da.shape == a.shape && db.shape == b.shape
}
print(aboutReverse(Tensor.normal([2, 3]), Tensor.normal([3, 4]), Tensor.ones([2, 4])))  // true

func aboutForward(_ x: Tensor, _ v: Tensor) -> Bool {
  // snippet.show
  let (y, slope) = jvp(at: x, tangent: v) { sin($0) * $0 }
  // snippet.hide
  return allClose(y, sin(x) * x) && allClose(slope, (cos(x) * x + sin(x)) * v, absolute: 1e-6)
}
print(aboutForward(Tensor([1, 2]), Tensor([3, -1])))  // true

func aboutMatrices(_ p: Tensor, _ x: Tensor, _ w: Tensor, _ b: Tensor) -> Bool {
  func loss(_ inputs: [Tensor]) -> Tensor { square(inputs[0] * inputs[1]).sum() }
  // snippet.show
  let j = jacobian(at: p) { stacked([$0[0] * cos($0[1]), $0[0] * sin($0[1])]) }  // [2, 2]
  let h = hessian(at: x) { square(($0 * $0).sum()) }
  let blocks = hessian(at: [w, b], loss)  // blocks[0][1]: by w, then by b
  // snippet.hide
  return j.shape == [2, 2] && h.shape == [3, 3] && blocks[0][1].shape == [2, 2]
}
print(aboutMatrices(Tensor([2, 1]), Tensor([1, 2, 3]), Tensor([1, 2]), Tensor([3, 4])))  // true

func aboutExamples(_ w: Tensor, _ x: Tensor) -> Bool {
  func loss(_ y: Tensor) -> Tensor { square(y).sum() }
  let n = x.shape[0]
  // snippet.show
  let copies = w.broadcast(to: [n, 3, 2])
  let g = gradient(at: copies) { loss(matmul(x.expandingDimension(at: 1), $0)) }  // [n, 3, 2]
  // snippet.hide
  let each = perExampleGradients(at: [w], batch: [x]) { loss(matmul($1[0], $0[0])) }[0]
  return allClose(g, each, absolute: 1e-5)
}
print(aboutExamples(Tensor.normal([3, 2]), Tensor.normal([4, 3])))  // true

// snippet.show
func log1pExp(_ x: Tensor) -> Tensor {
  withCustomDerivative(at: [x]) {
    `where`($0[0] .> 30, $0[0], log(1 + exp($0[0])))
  } gradients: { g, x, y in
    [g * sigmoid(x[0])]
  }
}
// snippet.hide
print(checkGradients(of: { log1pExp($0[0]) }, at: [Tensor([-1, 2])]).passed)  // true

func fixedPoint(
  _ f: @escaping (Tensor, [Tensor]) -> Tensor, from start: Tensor, _ a: [Tensor]
) -> Tensor {
  func iterated(_ start: Tensor, _ step: (Tensor) -> Tensor) -> Tensor {
    (0..<100).reduce(start) { z, _ in step(z) }
  }
  return
    // snippet.show
    withCustomDerivative(at: a) { a in
      iterated(start) { f($0, a) }
    } gradients: { g, a, z in
      let pullback = vjp(at: [z] + a) { f($0[0], Array($0[1...])) }.pullback
      let u = iterated(g) { g + pullback($0)[0] }
      return Array(pullback(u)[1...])
    }
  // snippet.hide
}
let root = checkGradients(
  of: { fixedPoint({ z, a in 0.5 * (z + a[0] / z) }, from: Tensor(1, dtype: .float64), $0) },
  at: [Tensor(2, dtype: .float64)])
print(root.passed)  // true

func aboutCheckpoints(_ start: Tensor) -> Bool {
  let blocks: [@Sendable (Tensor) -> Tensor] = [{ sin($0) }, { $0 * $0 }]
  func f(_ start: Tensor) -> Tensor {
    var x = start
    // snippet.show
    for block in blocks { x = checkpoint(x) { block($0) } }
    // snippet.hide
    return x
  }
  return gradient(at: start, f).scalar == gradient(at: start) { square(sin($0)) }.scalar
}
print(aboutCheckpoints(Tensor(0.5)))  // true
