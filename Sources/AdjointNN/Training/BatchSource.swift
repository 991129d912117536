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
  /// Gives the next batch of an epoch, nil after the last.
  public typealias Next = () throws -> [Tensor]?

  /// The number of batches in an epoch, if it is known; progress bars show it.
  public let count: Int?
  /// Gives the batches of an epoch from the given one on; the generator is the training's own.
  let epoch: (_ epoch: Int, _ first: Int, _ order: inout Generator) throws -> Next

  private init(
    count: Int?, generated epoch: @escaping (Int, Int, inout Generator) throws -> Next
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
    self.init(count: count, generated: { epoch, first, _ in next(batches(epoch, first)) })
  }

  /// Batches that may fail, from a file for example: training ends with the error.
  ///
  /// - Parameters:
  ///   - count: the number of batches in an epoch, if it is known.
  ///   - epoch: gives, for the number of an epoch and that of its first batch, the function that is
  ///     asked for one batch after another.
  public static func throwing(
    count: Int? = nil, _ epoch: @escaping (_ epoch: Int, _ first: Int) throws -> Next
  ) -> BatchSource {
    BatchSource(count: count, generated: { number, first, _ in try epoch(number, first) })
  }

  /// The same batches in every epoch, from a sequence that can be gone through again and again.
  public init(_ batches: some Sequence<[Tensor]>) {
    let count = batches.underestimatedCount
    self.init(
      count: count > 0 ? count : nil,
      generated: { _, first, _ in next(batches, skipping: first) })
  }

  /// Rows of tensors, in an order that the training's generator draws for each epoch if `shuffled`.
  public init(
    of tensors: [Tensor], size: Int, shuffled: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    let plain = Batches(of: tensors, size: size, file: file, line: line)
    self.init(
      count: plain.count,
      generated: { _, first, order in
        let batches =
          shuffled
          ? Batches(of: tensors, size: size, shuffledBy: &order, file: file, line: line) : plain
        return next(batches, skipping: first)
      })
  }

  /// The batches of one pass in which nothing is drawn, as an evaluation takes them.
  ///
  /// One that cannot be made stops the program: there is nobody to throw to.
  func pass() -> AnyIterator<[Tensor]> {
    do {
      var unused = Generator(seed: 0)
      let next = try epoch(0, 0, &unused)
      return AnyIterator {
        do { return try next() } catch { BatchSource.stop(error) }
      }
    } catch {
      BatchSource.stop(error)
    }
  }

  private static func stop(_ error: any Error) -> Never {
    programmingError("BatchSource", "a batch cannot be made: \(error)")
  }
}

/// The function that gives the elements of a sequence.
private func next(_ batches: some Sequence<[Tensor]>, skipping count: Int = 0) -> BatchSource.Next {
  var iterator = batches.makeIterator()
  for _ in 0..<count { if iterator.next() == nil { break } }
  return { iterator.next() }
}

extension BatchSource {
  /// The batches of a loader; an error of its dataset ends the training.
  public init(_ loader: Loader) {
    self = .throwing(count: loader.count) { epoch, first in
      var batches = loader.epoch(epoch, from: first).makeIterator()
      return { try batches.nextBatch() }
    }
  }
}
