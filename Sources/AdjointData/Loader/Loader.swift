import Adjoint

/// Mini-batches of a dataset, epoch after epoch, made on threads of their own if wanted.
///
/// ```swift
/// let loader = Loader(
///   TensorDataset(images, labels), batchSize: 128, sampler: .shuffled, seed: 1, workers: 2)
/// for epoch in 0..<10 {
///   for batch in loader.epoch(epoch) { step(batch[0], batch[1]) }
/// }
/// ```
///
/// A loader has no position. Its order is a function of the seed and the epoch, and a batch is a
/// function of the seed, the epoch and the batch's number, also where a transform draws at random:
/// each batch has a scoped generator of its own. So batches are the same bits for any number of
/// workers, and `epoch(3, from: 17)` goes on where an interrupted run has stopped.
///
/// Functions that are given to a loader or its dataset run on the workers' threads, outside of any
/// scope such as `withMode` around the loop.
public struct Loader: Sendable {
  /// Where the examples come from.
  public let dataset: any Dataset
  /// The number of examples of a batch; the last may have fewer.
  public let batchSize: Int
  /// What all orders and draws are made from.
  public let seed: UInt64
  /// The number of batches of an epoch.
  public let count: Int
  /// The number of threads that make batches ahead; 0 when they are made as they are asked for.
  public let workers: Int
  /// How many batches are made ahead at most.
  public let prefetch: Int

  let file: StaticString
  let line: UInt
  private let sampler: Sampler
  private let collate: (@Sendable ([[Tensor]]) throws -> [Tensor])?
  private let transform: (@Sendable ([Tensor]) throws -> [Tensor])?

  /// A loader of batches.
  ///
  /// - Parameters:
  ///   - dataset: where the examples come from.
  ///   - batchSize: the number of examples of a batch.
  ///   - sampler: the order within an epoch.
  ///   - seed: what orders and draws are made from.
  ///   - dropsLast: whether a last batch of fewer examples is left out.
  ///   - workers: threads that make batches ahead; 0 to make them as they are asked for.
  ///   - prefetch: how many batches are made ahead at most; nil for two for each worker.
  ///   - transform: what every batch goes through.
  ///   - collate: makes a batch of examples; nil for ``Dataset/batch(at:)``, which stacks them. Give
  ///     it to pad sequences to the longest.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  public init(
    _ dataset: any Dataset, batchSize: Int, sampler: Sampler = .sequential, seed: UInt64 = 0,
    dropsLast: Bool = false, workers: Int = 0, prefetch: Int? = nil,
    transform: (@Sendable (_ batch: [Tensor]) throws -> [Tensor])? = nil,
    collate: (@Sendable (_ examples: [[Tensor]]) throws -> [Tensor])? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    func fail(_ message: String) -> Never {
      programmingError("Loader", message, file: file, line: line)
    }
    if batchSize < 1 { fail("the batch size must be positive, not \(batchSize)") }
    if workers < 0 || workers > 256 { fail("there are 0 to 256 workers, not \(workers)") }
    if let prefetch, prefetch < 1 { fail("at least 1 batch is made ahead, not \(prefetch)") }
    self.dataset = dataset
    self.batchSize = batchSize
    self.sampler = sampler
    self.seed = seed
    self.workers = workers
    self.prefetch = workers == 0 ? 0 : prefetch ?? 2 * workers
    self.collate = collate
    self.transform = transform
    (self.file, self.line) = (file, line)
    let drawn = sampler.drawnCount(of: dataset.count)
    let (whole, rest) = drawn.quotientAndRemainder(dividingBy: batchSize)
    count = whole + (rest > 0 && !dropsLast ? 1 : 0)
  }

  /// The examples of an epoch in the order in which they are taken.
  public func order(epoch: Int) -> [Int] {
    var generator = Generator(seed: stream(.order, epoch: epoch, batch: 0))
    return sampler.order(of: dataset.count, using: &generator, file: file, line: line)
  }

  /// The batches of an epoch, from the given one on.
  ///
  /// - Parameters:
  ///   - epoch: the number of the epoch; each has an order of its own.
  ///   - first: the number of the first batch, up to `count` when nothing is left.
  public func epoch(
    _ epoch: Int, from first: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> LoaderEpoch {
    if !(0...count).contains(first) {
      programmingError(
        "Loader", "an epoch of \(count) batches cannot begin at batch \(first)", file: file,
        line: line)
    }
    return LoaderEpoch(loader: self, epoch: epoch, first: first)
  }

  /// The batch of these examples.
  func batch(_ number: Int, epoch: Int, order: [Int]) throws -> [Tensor] {
    let start = number * batchSize
    let indices = Array(order[start..<min(start + batchSize, order.count)])
    guard collate != nil || transform != nil || !(dataset is TensorDataset) else {
      return try dataset.batch(at: indices)
    }
    return try withGenerator(seed: stream(.batch, epoch: epoch, batch: number)) {
      let batch =
        try collate.map { try $0(indices.map { try dataset[$0] }) } ?? dataset.batch(at: indices)
      return try transform.map { try $0(batch) } ?? batch
    }
  }

  private enum Purpose: UInt32 {
    case order = 1
    case batch = 2
  }

  /// A seed for one purpose: another for every epoch and batch.
  private func stream(_ purpose: Purpose, epoch: Int, batch: Int) -> UInt64 {
    // The last word is 0 in the stream of a generator of the same seed, so they have nothing in
    // common.
    let words = philox(
      counter: [
        UInt32(truncatingIfNeeded: batch), UInt32(truncatingIfNeeded: batch >> 32),
        UInt32(truncatingIfNeeded: epoch), purpose.rawValue,
      ],
      key: [UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)])
    return UInt64(words.0) | UInt64(words.1) << 32
  }
}
