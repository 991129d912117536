import CZlib

/// zlib's compressor.
///
/// All unsafe code of this library stands in this file.
enum Deflate {
  /// The bytes in zlib's format.
  static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    var length = compressBound(uLong(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(length))
    let status = bytes.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { target in
        compress2(target.baseAddress, &length, source.baseAddress, uLong(source.count), 6)
      }
    }
    // `compressBound` rules out a short buffer, so only an exhausted memory is left.
    guard status == Z_OK else { fatalError("zlib: compress2 failed with status \(status)") }
    result.removeSubrange(Int(length)...)
    return result
  }

  /// The cyclic redundancy check that PNG and gzip use.
  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer {
      UInt32(truncatingIfNeeded: CZlib.crc32_z(0, $0.baseAddress, $0.count))
    }
  }
}
