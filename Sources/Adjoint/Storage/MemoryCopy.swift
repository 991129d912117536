/// Two blocks of memory, one of which is copied to the other by all threads.
struct MemoryCopy {
  private let source: Buffer
  private let target: Buffer
  private let byteCount: Int

  init(byteCount: Int) {
    self.byteCount = byteCount
    (source, target) = (Buffer(byteCount: byteCount), Buffer(byteCount: byteCount))
    // Memory that was never written is one page of zeros.
    fill(source.address, with: 0, byteCount, .uint8)
  }

  func run() {
    parallel(byteCount, grain: 1 << 17) { begin, end in
      (target.address + begin).copyMemory(from: source.address + begin, byteCount: end - begin)
    }
  }
}
