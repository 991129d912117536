import Adjoint

/// Something to time: preparation is not measured, the closure it returns is.
struct Workload: Sendable {
  let name: String
  let prepare: @Sendable () -> () -> Void

  init(_ name: String, _ prepare: @escaping @Sendable () -> () -> Void) {
    (self.name, self.prepare) = (name, prepare)
  }
}

/// Makes sure that every element of a result has been computed: to look at one evaluates all.
func compute(_ x: Tensor) {
  _ = x.rank == 0 ? x.scalar : x[0].shape.elementCount > 0 ? 1 : 0
}

/// A random tensor that is in memory.
func random(_ shape: Shape) -> Tensor {
  let x = Tensor.normal(shape)
  compute(x)
  return x
}

/// Random integers from 0 to below `limit`.
func randomTokens(_ shape: Shape, below limit: Int) -> Tensor {
  let x = (Tensor.uniform(shape) * Tensor(Double(limit))).cast(to: .int64)
  compute(x)
  return x
}
