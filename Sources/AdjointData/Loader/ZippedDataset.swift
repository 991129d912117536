import Adjoint

/// Datasets side by side: an example is the tensors of the first one's, then those of the next.
public struct ZippedDataset: Dataset {
  private let parts: [any Dataset]
  /// The number of examples of each part.
  public let count: Int

  /// Joins example i of every part; they must have equally many.
  public init(_ parts: [any Dataset], file: StaticString = #fileID, line: UInt = #line) {
    if parts.isEmpty || parts.contains(where: { $0.count != parts[0].count }) {
      programmingError(
        "ZippedDataset", "datasets of equal length expected, got lengths \(parts.map(\.count))",
        file: file, line: line)
    }
    (self.parts, count) = (parts, parts[0].count)
  }

  /// The tensors of example `index` of every part.
  public subscript(index: Int) -> [Tensor] { get throws { try parts.flatMap { try $0[index] } } }

  /// The examples at these places of every part.
  public func batch(at indices: [Int]) throws -> [Tensor] {
    try parts.flatMap { try $0.batch(at: indices) }
  }
}
