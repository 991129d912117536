import Adjoint
import AdjointData
import Foundation
import Synchronization
import Testing

/// What has happened on other threads.
private final class Counter: Sendable {
  private let state = Mutex(0)
  var value: Int { state.withLock { $0 } }
  @discardableResult func increment() -> Int {
    state.withLock {
      $0 += 1
      return $0
    }
  }
}

private struct Failure: Error, Equatable, CustomStringConvertible {
  let key: Int
  var description: String { "no example \(key)" }
}

struct LoaderTests {
  private func all(_ loader: Loader, epoch: Int = 0, from first: Int = 0) -> [[[UInt8]]] {
    loader.epoch(epoch, from: first).map { $0.map { $0.bytes() } }
  }

  @Test(arguments: [0, 1, 3])
  func `An epoch holds every example once, in the loader's order`(workers: Int) {
    let loader = Loader(
      numbers(0..<50), batchSize: 16, sampler: .shuffled, seed: 1, workers: workers)
    #expect(loader.count == 4)
    let batches = Array(loader.epoch(0))
    #expect(batches.map { $0[0].shape } == [[16], [16], [16], [2]])
    #expect(batches.flatMap(keys) == loader.order(epoch: 0))
    #expect(batches.flatMap(keys).sorted() == Array(0..<50))
    for batch in batches {
      let expected = keys(batch).flatMap { [Double($0 + 100), Double($0 + 200)] }
      #expect(batch[1].scalars == expected)
    }
  }

  @Test func `The short batch can be dropped`() {
    let loader = Loader(numbers(0..<50), batchSize: 16, dropsLast: true)
    #expect(loader.count == 3 && Array(loader.epoch(0)).count == 3)
    #expect(Loader(numbers(0..<48), batchSize: 16).count == 3)
    #expect(Loader(numbers(0..<3), batchSize: 16, dropsLast: true).count == 0)
  }

  @Test func `The order is a function of seed and epoch`() {
    func order(_ seed: UInt64, _ epoch: Int) -> [Int] {
      Loader(numbers(0..<50), batchSize: 16, sampler: .shuffled, seed: seed).order(epoch: epoch)
    }
    #expect(order(1, 3) == order(1, 3))
    let ofEpochs: [[Int]] = (0..<20).map { order(1, $0) }
    let ofSeeds: [[Int]] = (0..<20).map { order($0, 1) }
    #expect(Set(ofEpochs).count == 20)
    #expect(Set(ofSeeds).count == 20)
    var generator = Generator(seed: 1)
    #expect(order(1, 0) != Array(0..<50).shuffled(using: &generator))
  }

  /// Transforms that draw at random: an example's third number, and noise on the batch.
  private func random(workers: Int, prefetch: Int? = nil) -> Loader {
    let data = numbers(0..<200).mapped { $0 + [Tensor.uniform([3])] }
    return Loader(
      data, batchSize: 9, sampler: .shuffled, seed: 4, workers: workers, prefetch: prefetch
    ) { batch in
      if keys(batch)[0] % 3 == 0 { usleep(2000) }  // so that batches are finished out of order
      return batch + [batch[1] + Tensor.normal(batch[1].shape)]
    }
  }

  @Test func `Batches are the same bits for any number of workers`() {
    let expected = all(random(workers: 0), epoch: 2)
    #expect(expected.count == 23)
    for (workers, prefetch) in [(1, nil), (1, 1), (2, nil), (5, 2), (5, 100)] as [(Int, Int?)] {
      let found = all(random(workers: workers, prefetch: prefetch), epoch: 2)
      #expect(found == expected, "\(workers) workers")
    }
    #expect(all(random(workers: 0), epoch: 3) != expected)
    #expect(withGenerator(seed: 77) { all(random(workers: 0), epoch: 2) } == expected)
  }

  @Test func `Random draws differ from batch to batch and from example to example`() {
    let batches = Array(random(workers: 0).epoch(0))
    let drawn = batches.flatMap { $0[2].scalars }
    #expect(Set(drawn).count > 590)
    let noise = batches.flatMap { ($0[3] - $0[1]).scalars }
    #expect(Set(noise).count > 300)
  }

  @Test(arguments: [0, 2])
  func `An epoch can be taken up at any batch`(workers: Int) {
    let loader = random(workers: workers)
    let expected = all(loader, epoch: 1)
    for first in [0, 1, 7, 22, 23] {
      #expect(loader.epoch(1, from: first).count == 23 - first)
      #expect(all(loader, epoch: 1, from: first) == Array(expected[first...]))
    }
  }

  @Test(arguments: [0, 2])
  func `An empty dataset has epochs without batches`(workers: Int) {
    let loader = Loader(numbers(0..<0), batchSize: 4, sampler: .shuffled, workers: workers)
    #expect(loader.count == 0)
    #expect(Array(loader.epoch(0)).isEmpty)
  }

  @Test func `Workers keep within the bound and go no further when nobody asks`() async throws {
    let made = Counter()
    let data = numbers(0..<100).mapped {
      made.increment()
      return $0
    }
    let loader = Loader(data, batchSize: 1, workers: 3, prefetch: 4)
    var batches = loader.epoch(0).makeIterator()
    for taken in 1...3 {
      #expect(batches.next().map(keys) == [taken - 1])
      // Four wait beside those that have been taken.
      for _ in 0..<500 where made.value < taken + 4 { try await Task.sleep(for: .milliseconds(10)) }
      try await Task.sleep(for: .milliseconds(50))
      #expect(made.value == taken + 4)
    }
  }

  @Test func `Leaving a loop stops the workers`() async throws {
    let made = Counter()
    let data = numbers(0..<100_000).mapped {
      usleep(500)
      made.increment()
      return $0
    }
    let loader = Loader(data, batchSize: 1, workers: 2, prefetch: 100_000)
    for batch in loader.epoch(0) where keys(batch) == [5] { break }
    // What a worker has begun is finished.
    try await Task.sleep(for: .milliseconds(200))
    let left = made.value
    try await Task.sleep(for: .milliseconds(200))
    #expect(made.value == left && left < 50_000)
  }

  @Test func `Hundreds of abandoned epochs leave no threads behind`() async throws {
    func threads() -> Int {
      (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0
    }
    let before = threads()
    let loader = Loader(numbers(0..<100), batchSize: 1, workers: 4)
    for epoch in 0..<200 {
      for batch in loader.epoch(epoch) where keys(batch) == [epoch % 7] { break }
    }
    for _ in 0..<500 where threads() > before + 20 { try await Task.sleep(for: .milliseconds(20)) }
    #expect(threads() <= before + 20)
  }

  @Test(arguments: [0, 2])
  func `What a function throws comes out at its batch, and the rest can still be had`(
    workers: Int
  ) throws {
    let data = numbers(0..<10).mapped {
      let key = Int($0[0].scalar)
      if key == 4 { throw Failure(key: key) }
      return $0
    }
    var batches = Loader(data, batchSize: 2, workers: workers).epoch(0).makeIterator()
    #expect(try batches.nextBatch().map(keys) == [0, 1])
    #expect(try batches.nextBatch().map(keys) == [2, 3])
    #expect(throws: Failure(key: 4)) { try batches.nextBatch() }
    #expect(try batches.nextBatch().map(keys) == [6, 7])
    #expect(try batches.nextBatch().map(keys) == [8, 9])
    #expect(try batches.nextBatch() == nil)
    #expect(try batches.nextBatch() == nil)
  }

  @Test func `A collate function pads sequences`() {
    let sequences = numbers(0..<6).mapped { [Tensor.full([Int($0[0].scalar)], $0[0].scalar)] }
    let loader = Loader(
      sequences, batchSize: 3, workers: 1,
      collate: { examples in
        let longest = examples.map { $0[0].elementCount }.max() ?? 0
        return [
          stacked(examples.map { $0[0].padded([(0, longest - $0[0].elementCount)]) }),
          Tensor(examples.map { $0[0].elementCount }),
        ]
      })
    let batches = Array(loader.epoch(0))
    #expect(batches.map { $0[0].shape } == [[3, 2], [3, 5]])
    #expect(batches[1][0].scalars == [3, 3, 3, 0, 0, 4, 4, 4, 4, 0, 5, 5, 5, 5, 5])
    #expect(batches[1][1].scalars == [3, 4, 5])
  }

  @Test func `Mistakes and errors in a for loop stop the program with a text`() async {
    let size = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loader(numbers(0..<3), batchSize: 0)
    }
    #expect(stopMessage(size).contains("Loader: the batch size must be positive, not 0"))
    #expect(stopMessage(size).contains("LoaderTests.swift:"))
    let workers = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loader(numbers(0..<3), batchSize: 1, workers: -1)
    }
    #expect(stopMessage(workers).contains("Loader: there are 0 to 256 workers, not -1"))
    let prefetch = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loader(numbers(0..<3), batchSize: 1, workers: 1, prefetch: 0)
    }
    #expect(stopMessage(prefetch).contains("Loader: at least 1 batch is made ahead, not 0"))
    let first = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loader(numbers(0..<3), batchSize: 1).epoch(0, from: 4)
    }
    #expect(stopMessage(first).contains("Loader: an epoch of 3 batches cannot begin at batch 4"))
    let thrown = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let data = numbers(0..<3).mapped { _ in throw Failure(key: 7) }
      for _ in Loader(data, batchSize: 1, workers: 1).epoch(5) {}
    }
    #expect(
      stopMessage(thrown).contains(
        "Loader: batch 0 of epoch 5 cannot be made, and a for loop cannot throw (nextBatch can): no"
          + " example 7"))
  }
}
