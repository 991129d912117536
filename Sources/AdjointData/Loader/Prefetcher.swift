import Adjoint
import Dispatch
import Foundation
import Synchronization

/// Makes numbered batches on threads, a bounded number ahead of the one that is asked for.
///
/// The threads share the queue and not this object: when it goes, they are told to stop.
final class Prefetcher: Sendable {
  private let queue: Queue

  /// Starts `workers` threads that make the batches of these numbers, at most `ahead` of them before
  /// any is taken.
  init(
    _ numbers: Range<Int>, workers: Int, ahead: Int,
    make: @escaping @Sendable (Int) throws -> [Tensor]
  ) {
    let queue = Queue(numbers)
    self.queue = queue
    for _ in 0..<min(ahead, numbers.count) { queue.room.signal() }
    let profiling = ProfilingContext()
    for index in 0..<min(workers, numbers.count) {
      let thread = Thread {
        profiling.run(threadNamed: "loader \(index)") { queue.work(make) }
      }
      thread.name = "adjoint-load-\(index)"
      // Functions of users run here, which may expect what the first thread has.
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  deinit { queue.stop() }

  /// The batch of this number, which must be the next one.
  func take(_ number: Int) throws -> [Tensor] { try queue.take(number).get() }
}

private final class Queue: Sendable {
  private struct State {
    var next: Int
    var ready: [Int: Result<[Tensor], any Error>] = [:]
    var isStopped = false
  }

  private let state: Mutex<State>
  private let end: Int
  /// Counts the batches that may be begun.
  let room = DispatchSemaphore(value: 0)
  /// Counts the batches that have been made.
  private let arrival = DispatchSemaphore(value: 0)

  init(_ numbers: Range<Int>) {
    state = Mutex(State(next: numbers.lowerBound))
    end = numbers.upperBound
  }

  func work(_ make: (Int) throws -> [Tensor]) {
    while let number = claim() {
      let result = Result { try make(number) }
      state.withLock { if !$0.isStopped { $0.ready[number] = result } }
      arrival.signal()
    }
    // The next worker that waits for room finds out that there is nothing left to do.
    room.signal()
  }

  private func claim() -> Int? {
    room.wait()
    return state.withLock { state in
      guard !state.isStopped && state.next < end else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  func take(_ number: Int) -> Result<[Tensor], any Error> {
    // Batches may arrive out of order: each arrival is looked at once, so none is missed.
    while true {
      if let result = state.withLock({ $0.ready.removeValue(forKey: number) }) {
        room.signal()
        return result
      }
      arrival.wait()
    }
  }

  func stop() {
    state.withLock {
      $0.isStopped = true
      $0.ready = [:]
    }
    room.signal()
  }
}
