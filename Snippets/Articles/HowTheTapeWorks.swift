// The code of the article HowTheTapeWorks; the comments are what it prints.
// MARK: What is recorded

import Adjoint

let x = Tensor([1, 2, 3])
print(gradient(at: x) { ($0 * $0).sum() }.scalars)  // [2.0, 4.0, 6.0]

let w = x.tracked()
let y = w * w
let loss = y.sum()
print(gradients(of: loss, withRespectTo: [w])[0].scalars)  // [2.0, 4.0, 6.0]

print(y.isTracked, (x * x).isTracked)  // true false
let statistics = GraphStatistics(of: loss)
print(statistics.nodeCount, statistics.edgeCount, statistics.depth)  // 3 3 3
print(graphDescription(of: loss))
// digraph {
//   n0 [label="tracked\nfloat32 [3]", shape=box]
//   n1 [label="*\nfloat32 [3]"]
//   n0 -> n1
//   n0 -> n1
//   n2 [label="sum\nfloat32 []"]
//   n1 -> n2
// }
//

func power(_ x: Tensor, _ n: Int) -> Tensor {
  var result = x
  for _ in 1..<n { result = result * x }
  return result
}
print(gradient(at: Tensor(2)) { power($0, 3) }.scalar)  // 12.0
print(GraphStatistics(of: power(Tensor(2).tracked(), 5)).operations["*"] ?? 0)  // 4

// MARK: The sweep

let ofSum = Tensor(1).broadcast(to: y.shape)  // the rule of `sum`: stretch
let ofProduct = ofSum * w.detached + ofSum * w.detached  // the rules of `*`, one for each edge
print(ofProduct.scalars)  // [2.0, 4.0, 6.0]

// MARK: Gradients are results

let both = gradients(of: loss, withRespectTo: [y, w])
print(both[0].scalars, both[1].scalars)  // [1.0, 1.0, 1.0] [2.0, 4.0, 6.0]

var total = Tensor(0)
for _ in 1...3 { total += (w * w).sum() }
print(GraphStatistics(of: total).nodeCount)  // 10
var kept = Tensor(0)
for _ in 1...3 { kept += (w * w).sum().detached }
print(GraphStatistics(of: kept).nodeCount, kept.scalar == total.scalar)  // 0 true

// MARK: Derivatives of derivatives

print(gradient(at: Tensor(2)) { gradient(at: $0) { $0 * $0 * $0 } }.scalar)  // 12.0

let a = Tensor(2).tracked()
let slope = gradients(of: a * a * a, withRespectTo: [a], createGraph: true)[0]
print(slope.scalar, gradients(of: slope, withRespectTo: [a])[0].scalar)  // 12.0 12.0

// MARK: Leaving the tape

print(gradient(at: Tensor(3)) { $0 * $0.detached }.scalar)  // 3.0
print(withoutRecording { (w * w).isTracked })  // false

print(gradient(at: x) { ($0 .> 2).cast(to: .float32).sum() }.scalars)  // [0.0, 0.0, 0.0]

// MARK: Values that change

let g = gradient(at: x) { x in
  var h = exp(x)
  let before = h
  h[0] = 0
  h *= 2
  return (h + before).sum()
}
print(allClose(g, exp(x) * Tensor([1, 3, 3])))  // true
