import Adjoint

/// The rows of tensors in memory: example i is row i of each.
public struct TensorDataset: Dataset {
  /// The tensors, `[count, ...]` each.
  public let tensors: [Tensor]
  /// The number of rows.
  public let count: Int

  /// The rows of tensors `[n, ...]`, taken at the same places: `TensorDataset(images, labels)`.
  ///
  /// Stops the program when there is no tensor, when one has no rows to take (rank 0), or when their
  /// numbers of rows differ.
  public init(_ tensors: Tensor..., file: StaticString = #fileID, line: UInt = #line) {
    self.init(tensors, file: file, line: line)
  }

  /// The rows of tensors `[n, ...]`, taken at the same places.
  ///
  /// Stops the program as the other form does.
  public init(_ tensors: [Tensor], file: StaticString = #fileID, line: UInt = #line) {
    guard let count = tensors.first?.shape.first else {
      programmingError(
        "TensorDataset", "tensors with rows expected, got \(tensors.map(\.shape))", file: file,
        line: line)
    }
    for (index, tensor) in tensors.enumerated() where tensor.shape.first != count {
      programmingError(
        "TensorDataset",
        "equal numbers of rows expected, tensor 0 has the shape \(tensors[0].shape), tensor \(index)"
          + " has \(tensor.shape)", file: file, line: line)
    }
    (self.tensors, self.count) = (tensors, count)
  }

  /// Row `index` of each tensor, as views.
  public subscript(index: Int) -> [Tensor] { tensors.map { $0[index] } }

  /// The rows at these places: views when they follow one another, else gathered.
  public func batch(at indices: [Int]) -> [Tensor] {
    if let range = indices.asRange { return tensors.map { $0[range] } }
    let places = Tensor(indices)
    return tensors.map { $0.gathering(places) }
  }
}

extension [Int] {
  /// The range that holds the same numbers in the same order, nil when there is none.
  var asRange: Range<Int>? {
    guard let first, let last, first >= 0, last - first == count - 1 else { return nil }
    for (offset, index) in enumerated() where index != first + offset { return nil }
    return first..<last + 1
  }
}
