import CZlib

/// What writing a zip archive needs of zlib.
enum Deflater {
  /// The bytes deflated (RFC 1951), with nothing around them.
  static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    // zlib's state points back at the `z_stream`, which therefore must not move.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    defer { stream.deallocate() }
    stream.initialize(to: z_stream())
    guard adjoint_deflate_init(stream, Z_DEFAULT_COMPRESSION, -15) == Z_OK else {
      fatalError("zlib could not be started: there is no memory left")
    }
    defer { deflateEnd(stream) }
    let bound = Int(deflateBound(stream, uLong(bytes.count)))
    return bytes.withUnsafeBufferPointer { input in
      [UInt8](unsafeUninitializedCapacity: bound) { output, count in
        var (taken, status) = (0, Z_OK)
        repeat {
          // zlib counts with 32 bits, so long inputs are handed over in parts.
          let given = UInt32(clamping: input.count - taken)
          let room = UInt32(clamping: bound - count)
          stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress.map { $0 + taken })
          stream.pointee.avail_in = given
          stream.pointee.next_out = output.baseAddress! + count
          stream.pointee.avail_out = room
          status = deflate(stream, Int(given) == input.count - taken ? Z_FINISH : Z_NO_FLUSH)
          taken += Int(given - stream.pointee.avail_in)
          count += Int(room - stream.pointee.avail_out)
        } while status == Z_OK
        // `deflateBound` rules out a short buffer.
        precondition(status == Z_STREAM_END)
      }
    }
  }

  /// The checksum that zip and PNG use.
  static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBufferPointer {
      UInt32(truncatingIfNeeded: CZlib.crc32_z(0, $0.baseAddress, $0.count))
    }
  }
}
