// The code of the article PerformanceAndThreads; the comments are what it prints.
// MARK: Elementwise work waits

import Adjoint

let x = Tensor.linspace(-3, 3, count: 1_000_000)
let y = 0.5 * x * (1 + tanh(0.7978845608 * (x + 0.044715 * x * x * x)))  // nothing computed yet
let total = y.sum()  // one pass over x
print(y.elementCount, total.scalar > 0)  // 1000000 true

let expensive = withImmediateEvaluation { exp(sin(x) * cos(x)) }
let parts = (0..<10).map { (expensive * Double($0)).sum().scalar }
print(parts.count)  // 10

// MARK: What costs what

let rows = Tensor.ones([128, 784]), weights = Tensor.ones([784, 10])
let batched = matmul(rows, weights)
let single = stacked((0..<128).map { matmul(rows[$0], weights) })
print(batched.shape == single.shape, batched.scalars == single.scalars)  // true true

// MARK: Threads

let all = threads
threads = 1
let alone = matmul(rows, weights)
threads = all
print(alone.scalars == batched.scalars)  // true

let sums = await withTaskGroup(of: (Int, Double).self) { group in
  for k in 1...4 { group.addTask { (k, (Tensor.ones([1000]) * Double(k)).sum().scalar) } }
  var found: [Int: Double] = [:]
  for await (k, sum) in group { found[k] = sum }
  return found
}
print((1...4).map { sums[$0] ?? 0 })  // [1000.0, 2000.0, 3000.0, 4000.0]

// MARK: Memory

let memory = MemoryStatistics.current
print(memory.bytesInUse > 0, memory.peakBytes >= memory.bytesInUse)  // true true
MemoryStatistics.cacheLimit = 256 << 20  // bytes; 0 switches the cache off
