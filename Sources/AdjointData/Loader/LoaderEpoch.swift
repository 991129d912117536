import Adjoint

/// The batches of one epoch of a ``Loader``.
///
/// In a `for` loop an error of the dataset or of a transform stops the program with its text, since a
/// loop cannot throw. Where files may fail, ask for the batches oneself:
///
/// ```swift
/// var batches = loader.epoch(0).makeIterator()
/// while let batch = try batches.nextBatch() { step(batch[0], batch[1]) }
/// ```
public struct LoaderEpoch: Sequence, Sendable {
  let loader: Loader
  /// The number of the epoch.
  public let epoch: Int
  /// The number of the first batch.
  public let first: Int

  /// The number of batches from the first on.
  public var count: Int { loader.count - first }

  /// The number of batches, so that an array of them is allocated once.
  public var underestimatedCount: Int { count }

  /// Goes through the batches; workers start here, and stop when the iterator is gone.
  public func makeIterator() -> Iterator { Iterator(self) }

  /// Goes through the batches of an epoch in order.
  ///
  /// Leaving a loop early ends the iterator's life, and with it the work ahead: a batch that a worker
  /// has begun is finished and dropped, no other is begun.
  public struct Iterator: IteratorProtocol {
    private let loader: Loader
    private let epoch: Int
    private let order: [Int]
    private let prefetcher: Prefetcher?
    private var number: Int

    fileprivate init(_ batches: LoaderEpoch) {
      let (loader, epoch) = (batches.loader, batches.epoch)
      let order = batches.count > 0 ? loader.order(epoch: epoch) : []
      number = batches.first
      prefetcher =
        loader.workers > 0 && batches.count > 0
        ? Prefetcher(
          batches.first..<loader.count, workers: loader.workers, ahead: loader.prefetch
        ) { number in
          let batch = try loader.batch(number, epoch: epoch, order: order)
          // Waiting elementwise work is part of what the worker is there for.
          materialize(batch)
          return batch
        } : nil
      (self.loader, self.epoch, self.order) = (loader, epoch, order)
    }

    /// The next batch, nil after the last.
    ///
    /// Throws what the dataset, `collate` or `transform` has thrown; the batch is lost then, and the
    /// next call gives the one after it.
    public mutating func nextBatch() throws -> [Tensor]? {
      guard number < loader.count else { return nil }
      defer { number += 1 }
      if let prefetcher {
        let span = Profiling.beginOther("wait for a loader")
        defer { span?.end() }
        return try prefetcher.take(number)
      }
      return try loader.batch(number, epoch: epoch, order: order)
    }

    /// The next batch, nil after the last; an error stops the program.
    public mutating func next() -> [Tensor]? {
      let place = number
      do {
        return try nextBatch()
      } catch {
        programmingError(
          "Loader",
          "batch \(place) of epoch \(epoch) cannot be made, and a for loop cannot throw (nextBatch"
            + " can): \(error)", file: loader.file, line: loader.line)
      }
    }
  }
}
