import Glibc

/// A file's bytes as memory: the system reads a page when it is first looked at.
///
/// Tensors over a mapping keep it alive. The memory cannot be written, so that the file stays as it
/// is, and nobody takes it over for a result.
///
/// The file must keep its length while it is mapped: the system ends a process that reads behind
/// the end of a file that was cut short (SIGBUS), and no error can be thrown from there. Replacing a
/// file under its name, as Adjoint's own writers do, is harmless.
package final class FileMapping: @unchecked Sendable {
  // Sendable: the memory is only read.
  let address: UnsafeMutableRawPointer
  /// The length of the file.
  package let byteCount: Int
  private let reservedCount: Int

  /// Maps the whole file, or is nil and leaves the reason in `errno`.
  ///
  /// The descriptor may be closed afterwards.
  package init?(descriptor: Int32, byteCount: Int) {
    // Vector kernels may read to the end of their last vector: a page of zeros follows the file.
    let page = Int(getpagesize())
    let (reserved, overflow) = byteCount.addingReportingOverflow(2 * page)
    guard byteCount > 0 && !overflow,
      let memory = mmap(nil, reserved, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      memory != MAP_FAILED
    else { return nil }
    let file = mmap(memory, byteCount, PROT_READ, MAP_PRIVATE | MAP_FIXED, descriptor, 0)
    guard file != MAP_FAILED else {
      let reason = errno
      munmap(memory, reserved)
      errno = reason
      return nil
    }
    (address, self.byteCount, reservedCount) = (memory, byteCount, reserved)
  }

  deinit { munmap(address, reservedCount) }

  /// A copy of some bytes of the file.
  package func bytes(_ range: Range<Int>) -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    return Array(UnsafeRawBufferPointer(start: address + range.lowerBound, count: range.count))
  }

  /// The elements that begin at a position of the file, without copying them.
  ///
  /// The position must be a multiple of the size of an element.
  package func tensor(at offset: Int, shape: Shape, dtype: DType) -> Tensor {
    precondition(offset >= 0 && offset % dtype.byteCount == 0)
    precondition(shape.elementCount * dtype.byteCount <= byteCount - offset)
    return Tensor(Payload(self, offset: offset, shape: shape, dtype: dtype))
  }
}
