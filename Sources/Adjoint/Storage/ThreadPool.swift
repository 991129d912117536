import CAdjoint
import Glibc
import Synchronization

/// The number of threads that tensor operations use, this thread included.
///
/// At first it is the environment variable `ADJOINT_THREADS`, or the number of processors the
/// process may run on. Results do not depend on it, bit for bit. Set it between operations.
public var threads: Int {
  get { ThreadPool.shared.threads }
  set { ThreadPool.shared.threads = newValue }
}

/// The one pool of the process: the calling thread and `threads - 1` workers.
///
/// A job is a number of chunks. Its generation, their number and the next one are a single atomic
/// word, so a worker claims a chunk of the job it has seen or nothing, and one that is late never
/// delays the caller. Idle
/// workers spin briefly, because the next operation is usually microseconds away, and then park.
final class ThreadPool: @unchecked Sendable {
  // Sendable: `body` is written before `word` is published and read only by a thread that has
  // claimed a chunk of that generation; the rest is atomic or guarded by the pthread mutex.
  static let shared = ThreadPool()

  private let word = Atomic<UInt64>(0)  // 32 bits generation, 16 end and 16 start of what is left
  private let done = Atomic<Int>(0)
  private let busy = Atomic<Bool>(false)
  private let parked = Atomic<Int>(0)
  private let limit: Atomic<Int>
  private var body: ((Int) -> Void)?
  private var started = 1  // threads, this one included; changed only under `busy`
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// How often a worker looks for work before it parks: about 50 microseconds.
  private static let spins = 2_000
  /// The most chunks the word can count.
  private static let most = 0xffff

  private init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
    let processors = Int(adj_processor_count())
    let wanted = getenv("ADJOINT_THREADS").flatMap { Int(String(cString: $0)) }
    limit = Atomic(min(max(wanted ?? processors, 1), 256))
  }

  var threads: Int {
    get { limit.load(ordering: .relaxed) }
    set {
      if newValue < 1 { programmingError("threads", "\(newValue) threads; at least 1 is needed") }
      limit.store(min(newValue, 256), ordering: .relaxed)
    }
  }

  /// Runs `body(0)`, ..., `body(chunks - 1)`, in any order and on any thread, and waits for all.
  ///
  /// Called from a chunk, or while another thread's job runs, it does the work itself.
  func run(chunks: Int, _ body: (Int) -> Void) {
    if chunks > Self.most {
      let group = (chunks + Self.most - 1) / Self.most
      run(chunks: (chunks + group - 1) / group) { index in
        for chunk in index * group..<min((index + 1) * group, chunks) { body(chunk) }
      }
    } else if chunks > 1, threads > 1,
      busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    {
      startWorkers()
      withoutActuallyEscaping(body) { share(chunks, $0) }
      busy.store(false, ordering: .releasing)
    } else {
      for chunk in 0..<chunks { body(chunk) }
    }
  }

  private func share(_ chunks: Int, _ body: @escaping (Int) -> Void) {
    self.body = body
    done.store(0, ordering: .relaxed)
    let generation = (word.load(ordering: .relaxed) >> 32) &+ 1
    word.store(generation << 32 | UInt64(chunks) << 16, ordering: .sequentiallyConsistent)
    if parked.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }
    work(on: UInt32(truncatingIfNeeded: generation), fromEnd: false)
    var spin = 0
    while done.load(ordering: .acquiring) < chunks {
      spin += 1
      // A worker that was descheduled inside its chunk needs this processor.
      if spin > Self.spins { sched_yield() } else { adj_spin_hint() }
    }
    self.body = nil
  }

  /// Claims and runs chunks of one generation until none is left.
  ///
  /// Half of the threads begin at the end: over many jobs on the same memory, such as an optimizer's
  /// steps, a thread then meets mostly what is still in its own processor's cache.
  private func work(on generation: UInt32, fromEnd: Bool) {
    var seen = word.load(ordering: .acquiring)
    while UInt32(truncatingIfNeeded: seen >> 32) == generation {
      let (start, end) = (Int(seen & 0xffff), Int(seen >> 16 & 0xffff))
      guard start < end else { return }
      let claim = word.compareExchange(
        expected: seen, desired: fromEnd ? seen &- 1 << 16 : seen &+ 1,
        ordering: .acquiringAndReleasing)
      if claim.exchanged {
        body!(fromEnd ? end - 1 : start)
        done.add(1, ordering: .releasing)
        seen = word.load(ordering: .acquiring)
      } else {
        seen = claim.original
      }
    }
  }

  // MARK: Workers

  private func startWorkers() {
    while started < threads {
      let index = started
      let context = Unmanaged.passRetained(WorkerStart(pool: self, index: index))
      var thread = pthread_t()
      let failed = pthread_create(
        &thread, nil,
        { context in
          let start = Unmanaged<WorkerStart>.fromOpaque(context!).takeRetainedValue()
          start.pool.serve(as: start.index)
        }, context.toOpaque())
      if failed != 0 {
        context.release()
        return  // the system gives no more threads: those that run do the work
      }
      pthread_detach(thread)
      started += 1
    }
  }

  private func serve(as index: Int) -> Never {
    var last = UInt32(truncatingIfNeeded: word.load(ordering: .acquiring) >> 32) &- 1
    while true {
      last = awaitGeneration(after: last)
      if index < threads { work(on: last, fromEnd: index % 2 == 1) }
    }
  }

  private func awaitGeneration(after last: UInt32) -> UInt32 {
    func current() -> UInt32 {
      UInt32(truncatingIfNeeded: word.load(ordering: .sequentiallyConsistent) >> 32)
    }
    for _ in 0..<Self.spins {
      if current() != last { return current() }
      adj_spin_hint()
    }
    pthread_mutex_lock(mutex)
    parked.add(1, ordering: .sequentiallyConsistent)
    while current() == last { pthread_cond_wait(condition, mutex) }
    parked.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
    return current()
  }
}

private final class WorkerStart {
  let pool: ThreadPool
  let index: Int
  init(pool: ThreadPool, index: Int) {
    self.pool = pool
    self.index = index
  }
}
