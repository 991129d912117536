import Adjoint

/// Examples that can be asked for in any order, each a few tensors: a picture and its label.
///
/// ```swift
/// struct Squares: Dataset {
///   let count = 1000
///   subscript(index: Int) -> [Tensor] {
///     [Tensor(Double(index)), Tensor(Double(index * index))]
///   }
/// }
/// ```
///
/// A ``Loader`` asks from several threads at once, so the answer may depend on nothing but the index
/// and the scoped generator.
public protocol Dataset: Sendable {
  /// The number of examples.
  var count: Int { get }

  /// The tensors of one example, without an axis for the batch; the index is in `0 ..< count`.
  subscript(index: Int) -> [Tensor] { get throws }

  /// The examples at these places, not none, as one tensor `[indices, ...]` for each of an example's.
  ///
  /// A dataset that has it stacks the examples; one that can read many at once says how.
  func batch(at indices: [Int]) throws -> [Tensor]
}

extension Dataset {
  /// The examples at these places, one stacked upon the other.
  public func batch(at indices: [Int]) throws -> [Tensor] {
    stackedExamples(try indices.map { try self[$0] })
  }
}

/// Examples of equal shapes as a batch.
func stackedExamples(_ examples: [[Tensor]]) -> [Tensor] {
  guard let first = examples.first else { programmingError("Dataset", "a batch of no examples") }
  for (index, example) in examples.enumerated()
  where example.map(\.shape) != first.map(\.shape) || example.map(\.dtype) != first.map(\.dtype) {
    programmingError(
      "Dataset",
      "examples of different shapes cannot be stacked: the first of the batch has"
        + " \(described(first)), number \(index) has \(described(example)); give the Loader a"
        + " collate function that pads them")
  }
  return first.indices.map { part in stacked(examples.map { $0[part] }) }
}

private func described(_ example: [Tensor]) -> String {
  example.map { "\($0.dtype) \($0.shape)" }.joined(separator: ", ")
}
