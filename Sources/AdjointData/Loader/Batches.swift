import Adjoint

/// Mini-batches of rows, taken at the same places from several tensors.
///
/// ```swift
/// for batch in Batches(of: [images, labels], size: 128, shuffledBy: &generator) {
///   step(batch[0], batch[1])
/// }
/// ```
///
/// A batch of a shuffled pass gathers its rows when it is asked for; one of an unshuffled pass is a
/// view. The order is drawn once, so going through the same value again gives the same batches.
public struct Batches: Sequence, Sendable {
  private let tensors: [Tensor]
  private let order: Tensor?
  private let size: Int

  /// The number of batches.
  public let count: Int
  /// The number of rows of each tensor.
  public let rowCount: Int

  /// Batches of `size` rows of tensors, in their order or one that the scoped generator draws.
  ///
  /// Shapes: `[n, ...]` gives `[size, ...]`; a short last batch is kept unless `dropsLast`.
  ///
  /// Stops the program when there is no tensor, when one has no rows to take (rank 0), when their
  /// numbers of rows differ, or when `size` is not positive.
  public init(
    of tensors: [Tensor], size: Int, shuffled: Bool = false, dropsLast: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let order = shuffled ? Tensor.permutation(tensors.first?.shape.first ?? 0) : nil
    self.init(tensors, order, size: size, dropsLast: dropsLast, file: file, line: line)
  }

  /// Batches of `size` rows of tensors in an order that `generator` draws.
  ///
  /// Shapes: `[n, ...]` gives `[size, ...]`. Equal generators give equal orders.
  ///
  /// Stops the program as the other form does.
  public init(
    of tensors: [Tensor], size: Int, shuffledBy generator: inout Generator, dropsLast: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let order = Tensor.permutation(tensors.first?.shape.first ?? 0, using: &generator)
    self.init(tensors, order, size: size, dropsLast: dropsLast, file: file, line: line)
  }

  private init(
    _ tensors: [Tensor], _ order: Tensor?, size: Int, dropsLast: Bool, file: StaticString,
    line: UInt
  ) {
    guard size > 0 else {
      programmingError("Batches", "the size must be positive, got \(size)", file: file, line: line)
    }
    guard let rowCount = tensors.first?.shape.first else {
      programmingError(
        "Batches", "tensors with rows expected, got \(tensors.map(\.shape))", file: file, line: line
      )
    }
    for (index, tensor) in tensors.enumerated() where tensor.shape.first != rowCount {
      programmingError(
        "Batches",
        "equal numbers of rows expected, tensor 0 has the shape \(tensors[0].shape), tensor \(index)"
          + " has \(tensor.shape)", file: file, line: line)
    }
    self.tensors = tensors
    self.order = order
    self.size = size
    self.rowCount = rowCount
    let (whole, rest) = rowCount.quotientAndRemainder(dividingBy: size)
    count = whole + (rest > 0 && !dropsLast ? 1 : 0)
  }

  /// The number of batches, so that an array of them is allocated once.
  public var underestimatedCount: Int { count }

  /// Goes through the batches: each holds one tensor [rows, ...] per tensor given.
  public func makeIterator() -> Iterator { Iterator(batches: self) }

  /// Goes through the batches.
  public struct Iterator: IteratorProtocol {
    fileprivate let batches: Batches
    private var index = 0

    fileprivate init(batches: Batches) { self.batches = batches }

    /// The next batch, nil after the last.
    public mutating func next() -> [Tensor]? {
      guard index < batches.count else { return nil }
      defer { index += 1 }
      return batches.batch(index)
    }
  }

  private func batch(_ index: Int) -> [Tensor] {
    let start = index * size
    let rows = start..<Swift.min(start + size, rowCount)
    guard let order else { return tensors.map { $0[rows] } }
    let chosen = order[rows]
    return tensors.map { $0.gathering(chosen) }
  }
}
