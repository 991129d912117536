import Glibc
import Synchronization

/// Keeps freed blocks for the next tensor of about the same size.
///
/// ARC frees a tensor at its last use, so the next operation gets memory that is still in the
/// processor's cache, and a training step allocates nothing from the system once it has run.
/// Sizes are rounded up to four steps per power of two: at most a fifth is unused.
final class BufferCache: Sendable {
  static let shared = BufferCache()

  /// What `MemoryStatistics` reports, and the free blocks.
  private struct State {
    var free: [[UInt]] = Array(repeating: [], count: 256)
    var statistics = MemoryStatistics()
    var limit = 1 << 30
  }
  private let state = Mutex(State())

  /// Blocks up to this size come straight from `malloc`, whose own cache is faster for them.
  private static let smallest = 1024

  /// The size that is really allocated for `byteCount` bytes.
  static func size(for byteCount: Int) -> Int {
    if byteCount <= smallest { return max((byteCount &+ 63) & ~63, 64) }
    let step = 1 << (Int.bitWidth - 1 - (byteCount - 1).leadingZeroBitCount - 2)
    let (sum, overflow) = byteCount.addingReportingOverflow(step - 1)
    if overflow { programmingError("Tensor", "\(byteCount) bytes are more than memory can hold") }
    return sum & ~(step - 1)
  }

  /// The list a size belongs to: four for every power of two.
  private static func list(of size: Int) -> Int {
    let exponent = Int.bitWidth - 1 - size.leadingZeroBitCount
    return exponent * 4 + ((size >> (exponent - 2)) & 3)
  }

  func allocate(_ size: Int) -> UnsafeMutableRawPointer {
    if size > Self.smallest {
      let cached: UInt? = state.withLock {
        $0.statistics.use(size)
        guard let block = $0.free[Self.list(of: size)].popLast() else { return nil }
        $0.statistics.cachedBytes -= size
        return block
      }
      if let cached { return UnsafeMutableRawPointer(bitPattern: cached)! }
    }
    guard let fresh = Self.fromSystem(size) else {
      programmingError("Tensor", "the system has no \(size) bytes of memory left")
    }
    return fresh
  }

  /// Whole cache lines matter to large blocks only, and `malloc` is several times faster for small
  /// ones.
  ///
  /// The largest get huge pages, where the system lets us ask for them: fewer page faults when they
  /// are first written, and fewer misses in the table of addresses ever after.
  private static func fromSystem(_ size: Int) -> UnsafeMutableRawPointer? {
    if size <= smallest { return malloc(size) }
    let hugePage = 1 << 21
    let isHuge = size >= 2 * hugePage
    var block: UnsafeMutableRawPointer?
    guard posix_memalign(&block, isHuge ? hugePage : 64, size) == 0 else { return nil }
    if isHuge { madvise(block, size, MADV_HUGEPAGE) }
    return block
  }

  func release(_ address: UnsafeMutableRawPointer, size: Int) {
    if size > Self.smallest {
      let kept = state.withLock {
        $0.statistics.bytesInUse -= size
        guard $0.statistics.cachedBytes + size <= $0.limit else { return false }
        $0.statistics.cachedBytes += size
        $0.free[Self.list(of: size)].append(UInt(bitPattern: address))
        return true
      }
      if kept { return }
    }
    free(address)
  }

  /// Gives blocks back to the system until at most `bytes` are kept.
  func trim(to bytes: Int) {
    let surplus: [UInt] = state.withLock {
      var blocks: [UInt] = []
      for list in $0.free.indices.reversed() {
        while $0.statistics.cachedBytes > bytes, let block = $0.free[list].popLast() {
          $0.statistics.cachedBytes -= Self.size(ofList: list)
          blocks.append(block)
        }
      }
      return blocks
    }
    for block in surplus { free(UnsafeMutableRawPointer(bitPattern: block)) }
  }

  private static func size(ofList list: Int) -> Int {
    let exponent = list / 4
    return (1 << exponent) + (list % 4) << (exponent - 2)
  }

  var statistics: MemoryStatistics { state.withLock { $0.statistics } }

  var limit: Int {
    get { state.withLock { $0.limit } }
    set {
      state.withLock { $0.limit = max(newValue, 0) }
      trim(to: limit)
    }
  }
}

/// How much memory tensors use, in bytes.
///
/// Blocks of at most 1 KiB are not counted.
public struct MemoryStatistics: Sendable {
  /// Memory of living tensors.
  public internal(set) var bytesInUse = 0
  /// Memory of freed tensors, kept for the next ones.
  public internal(set) var cachedBytes = 0
  /// The most memory that living tensors have used at once.
  public internal(set) var peakBytes = 0

  mutating func use(_ size: Int) {
    bytesInUse += size
    peakBytes = max(peakBytes, bytesInUse)
  }

  /// The statistics of this moment.
  public static var current: MemoryStatistics { BufferCache.shared.statistics }

  /// The most memory that freed tensors may occupy; 1 GiB at first.
  ///
  /// Lowering it gives memory back to the system at once; 0 switches the cache off.
  public static var cacheLimit: Int {
    get { BufferCache.shared.limit }
    set { BufferCache.shared.limit = newValue }
  }
}
