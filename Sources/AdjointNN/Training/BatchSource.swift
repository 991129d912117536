import Adjoint
import AdjointData

/// The batches of every epoch.
///
/// A batch is an array of tensors: for `fit` and `evaluate` inputs and targets, and if wanted the
/// weights of the rows; for a loop of your own whatever that takes.
///
/// ```swift
/// model.fit(BatchSource(batches), epochs: 3, loss: loss, optimizer: Adam())       // any Sequence
/// let source = BatchSource(count: loader.count) { epoch, first in
///   loader.epoch(epoch, from: first)
/// }
/// ```
public struct BatchSource {
  /// The number of batches in an epoch, if it is known; progress bars show it.
  public let count: Int?
  /// Gives the batches of an epoch from the given one on; the generator is the training's own.
  let epoch: (_ epoch: Int, _ first: Int, _ order: inout Generator) -> AnyIterator<[Tensor]>

  init(
    count: Int?,
    generated epoch: @escaping (Int, Int, inout Generator) -> AnyIterator<[Tensor]>
  ) {
    (self.count, self.epoch) = (count, epoch)
  }

  /// The batches that a function gives for the number of an epoch, from 0.
  ///
  /// - Parameters:
  ///   - count: the number of batches in an epoch, if it is known.
  ///   - batches: gives the batches of an epoch, the same for the same number, without the first
  ///     `first` of them: an interrupted epoch goes on there.
  public init(
    count: Int? = nil,
    _ batches: @escaping (_ epoch: Int, _ first: Int) -> any Sequence<[Tensor]>
  ) {
    self.init(count: count) { epoch, first, _ in AnyIterator(opening: batches(epoch, first)) }
  }

  /// The same batches in every epoch, from a sequence that can be gone through again and again.
  public init(_ batches: some Sequence<[Tensor]>) {
    let count = batches.underestimatedCount
    self.init(count: count > 0 ? count : nil) { _, first, _ in
      AnyIterator(batches.makeIterator()).skipping(first)
    }
  }

  /// Rows of tensors, in an order that the training's generator draws for each epoch if `shuffled`.
  public init(
    of tensors: [Tensor], size: Int, shuffled: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    let plain = Batches(of: tensors, size: size, file: file, line: line)
    self.init(count: plain.count) { _, first, order in
      let batches =
        shuffled
        ? Batches(of: tensors, size: size, shuffledBy: &order, file: file, line: line) : plain
      return AnyIterator(batches.makeIterator()).skipping(first)
    }
  }

  /// The batches of one pass in which nothing is drawn, as an evaluation takes them.
  func pass() -> AnyIterator<[Tensor]> {
    var unused = Generator(seed: 0)
    return epoch(0, 0, &unused)
  }
}

extension AnyIterator where Element == [Tensor] {
  init(opening batches: some Sequence<[Tensor]>) { self.init(batches.makeIterator()) }

  fileprivate func skipping(_ count: Int) -> AnyIterator {
    for _ in 0..<count { if next() == nil { break } }
    return self
  }
}
