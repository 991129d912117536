/// A block of memory that holds a tensor's elements.
///
/// Its size is a multiple of 64 bytes and it starts on a cache line, so that vector kernels may
/// complete their last vector. The memory goes back to the cache when the last reference ends.
/// A buffer over a mapped file only keeps the file mapped.
final class Buffer: @unchecked Sendable {
  // Sendable: the contents are written by the one evaluation that makes the buffer and, later, only
  // by an evaluation that holds the single reference to it.
  let address: UnsafeMutableRawPointer
  let byteCount: Int
  private let mapping: FileMapping?

  init(byteCount: Int) {
    let size = BufferCache.size(for: byteCount)
    address = BufferCache.shared.allocate(size)
    self.byteCount = size
    mapping = nil
  }

  init(_ mapping: FileMapping) {
    (address, byteCount, self.mapping) = (mapping.address, mapping.byteCount, mapping)
  }

  /// Whether the contents may be replaced.
  var isWritable: Bool { mapping == nil }

  deinit { if isWritable { BufferCache.shared.release(address, size: byteCount) } }
}
