import Adjoint

/// A dataset whose examples have gone through a function.
public struct MappedDataset: Dataset {
  private let base: any Dataset
  private let transform: @Sendable ([Tensor]) throws -> [Tensor]

  fileprivate init(
    _ base: any Dataset, _ transform: @escaping @Sendable ([Tensor]) throws -> [Tensor]
  ) {
    (self.base, self.transform) = (base, transform)
  }

  /// The number of examples.
  public var count: Int { base.count }

  /// An example after the function.
  public subscript(index: Int) -> [Tensor] { get throws { try transform(base[index]) } }
}

extension Dataset {
  /// This dataset with every example put through a function.
  ///
  /// Random draws in it come from the scoped generator, which a ``Loader`` sets for each batch.
  public func mapped(
    _ transform: @escaping @Sendable (_ example: [Tensor]) throws -> [Tensor]
  ) -> MappedDataset { MappedDataset(self, transform) }
}
