import Adjoint
import AdjointNN

/// A quantity that grows, and what is measured at each of its sizes.
struct Curve: Sendable {
  let name: String
  /// The sizes of a full run, in ascending order.
  let sizes: [Int]
  /// Prepares the measurement at a size; the preparation is not timed.
  let prepare: @Sendable (Int) -> Measurement

  init(_ name: String, _ sizes: [Int], _ prepare: @escaping @Sendable (Int) -> Measurement) {
    (self.name, self.sizes, self.prepare) = (name, sizes, prepare)
  }

  /// Every third size, for a quick look.
  var quickSizes: [Int] {
    sizes.enumerated().filter { $0.offset % 3 == 0 }.map(\.element)
  }
}

/// What a process times: one thing, of which the memory is asked too, and parts of it.
struct Measurement {
  let whole: () -> Void
  /// Measured after the whole and its memory.
  var parts: [(name: String, run: () -> Void)] = []
  /// The stages of a model and when their gradients are there, see `Stages`.
  var readiness: (() -> [Readiness])?

  init(_ whole: @escaping () -> Void) { self.whole = whole }
}

/// One line of results.
struct Point: Codable {
  let curve: String
  let size: Int
  let seconds: Double
  /// The peak of the resident memory of the process, which ends after this point.
  let processMegabytes: Double
  /// The peak of the memory of tensors above 1 KiB.
  let tensorMegabytes: Double
  var parts: [String: Double]?
  var readiness: [Readiness]?
}

/// The bytes of a stage's gradients, and the part of the backward sweep after which they are there.
struct Readiness: Codable {
  let bytes: Int
  let moment: Double
}

/// The doubles of `first` up to `last`.
func powersOfTwo(_ first: Int, _ last: Int) -> [Int] {
  Array(sequence(first: first) { $0 < last ? $0 * 2 : nil })
}

/// The powers of ten from `first` to `last` and three times those between.
func halfDecades(_ first: Int, _ last: Int) -> [Int] {
  let decades = sequence(first: first) { $0 < last ? $0 * 10 : nil }
  return decades.flatMap { $0 < last ? [$0, 3 * $0] : [$0] }
}

/// Makes sure that every element of the results has been computed: to look at one evaluates all.
func compute(_ results: [Tensor]) {
  for x in results { _ = x.rank == 0 ? x.scalar : Double(x[0].rank) }
}

/// A random tensor that is in memory.
func random(_ shape: Shape) -> Tensor {
  let x = Tensor.normal(shape)
  compute([x])
  return x
}

/// Random integers from 0 to below `limit`.
func randomTokens(_ shape: Shape, below limit: Int) -> Tensor {
  let x = (Tensor.uniform(shape) * Tensor(Double(limit))).cast(to: .int64)
  compute([x])
  return x
}
