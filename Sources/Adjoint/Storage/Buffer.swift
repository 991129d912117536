/// A block of memory that holds a tensor's elements.
///
/// Its size is a multiple of 64 bytes and it starts on a cache line, so that vector kernels may
/// complete their last vector. The memory goes back to the cache when the last reference ends.
final class Buffer: @unchecked Sendable {
  // Sendable: the contents are written by the one evaluation that makes the buffer and, later, only
  // by an evaluation that holds the single reference to it.
  let address: UnsafeMutableRawPointer
  let byteCount: Int

  init(byteCount: Int) {
    let size = BufferCache.size(for: byteCount)
    address = BufferCache.shared.allocate(size)
    self.byteCount = size
  }

  deinit { BufferCache.shared.release(address, size: byteCount) }
}
