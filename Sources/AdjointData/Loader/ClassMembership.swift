import Adjoint

/// Which examples belong to which class.
struct ClassMembership {
  fileprivate let classOf: [Int]
  /// How many examples each class has.
  let sizes: [Int]

  /// The class of an example.
  subscript(example: Int) -> Int { classOf[example] }

  /// The examples of each class, in the given order.
  func members(in order: [Int]) -> [[Int]] {
    order.reduce(into: Array(repeating: [], count: sizes.count)) { $0[classOf[$1]].append($1) }
  }
}

/// The classes that occur, numbered from 0 in the order of their labels.
func classes(
  _ labels: Tensor, of count: Int, _ name: String, _ file: StaticString, _ line: UInt
) -> ClassMembership {
  if labels.dtype.isFloatingPoint || labels.shape != [count] {
    programmingError(
      name, "needs [\(count)] integer labels, not \(labels.dtype) \(labels.shape)", file: file,
      line: line)
  }
  if count == 0 { return ClassMembership(classOf: [], sizes: []) }
  let found = labels.cast(to: .int64).unique()
  return ClassMembership(
    classOf: found.inverse.scalars(as: Int.self), sizes: found.counts.scalars(as: Int.self))
}
