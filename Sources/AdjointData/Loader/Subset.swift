import Adjoint

/// Some examples of a dataset, in any order and as often as wanted.
public struct Subset: Dataset {
  private let base: any Dataset
  /// The places in the dataset that it is a part of.
  public let indices: [Int]

  /// The examples of `base` at `indices`.
  public init(
    _ base: any Dataset, at indices: [Int], file: StaticString = #fileID, line: UInt = #line
  ) {
    if let wrong = indices.first(where: { $0 < 0 || $0 >= base.count }) {
      programmingError(
        "Subset", "index \(wrong) is out of range for \(base.count) examples", file: file,
        line: line)
    }
    (self.base, self.indices) = (base, indices)
  }

  /// The number of examples.
  public var count: Int { indices.count }

  /// An example by its place in the subset.
  public subscript(index: Int) -> [Tensor] { get throws { try base[indices[index]] } }

  /// The examples at these places in the subset.
  public func batch(at places: [Int]) throws -> [Tensor] {
    try base.batch(at: places.map { indices[$0] })
  }
}
