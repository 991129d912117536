import CPNG

/// The calls of libpng's simplified interface, which reports errors without `setjmp`.
enum LibPNG {
  /// All rows from the top, and the number of channels.
  static func decode(
    _ bytes: [UInt8], file: String
  ) throws -> (pixels: [UInt8], channels: Int) {
    // libpng's state points back at the `png_image`, which therefore must not move.
    let image = UnsafeMutablePointer<png_image>.allocate(capacity: 1)
    defer { image.deallocate() }
    image.initialize(to: png_image())
    image.pointee.version = UInt32(PNG_IMAGE_VERSION)
    defer { png_image_free(image) }
    return try bytes.withUnsafeBytes { input in
      guard png_image_begin_read_from_memory(image, input.baseAddress, input.count) != 0 else {
        throw failure(image, file)
      }
      // Only the channels that the file has: no palette, no 16 bits, red first and alpha last.
      image.pointee.format &= PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA
      let channels = Self.channels(of: image.pointee.format)
      let count = Int(image.pointee.width) * Int(image.pointee.height) * channels
      let pixels = try [UInt8](unsafeUninitializedCapacity: count) { output, filled in
        guard png_image_finish_read(image, nil, output.baseAddress, 0, nil) != 0 else {
          throw failure(image, file)
        }
        filled = count
      }
      return (pixels, channels)
    }
  }

  /// A file of these rows, from the top.
  static func encode(_ pixels: [UInt8], width: Int, height: Int, channels: Int) -> [UInt8] {
    let image = UnsafeMutablePointer<png_image>.allocate(capacity: 1)
    defer { image.deallocate() }
    image.initialize(to: png_image())
    image.pointee.version = UInt32(PNG_IMAGE_VERSION)
    image.pointee.width = UInt32(width)
    image.pointee.height = UInt32(height)
    let flags: [UInt32] = [
      0, PNG_FORMAT_FLAG_ALPHA, PNG_FORMAT_FLAG_COLOR,
      PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA,
    ]
    image.pointee.format = flags[channels - 1]
    defer { png_image_free(image) }
    return pixels.withUnsafeBytes { input in
      // Deflate adds 5 bytes to each 16 KiB that it cannot pack; a filter byte starts each row.
      var capacity = png_alloc_size_t(pixels.count + height)
      capacity += capacity / 2048 + 4096
      return [UInt8](unsafeUninitializedCapacity: Int(capacity)) { output, filled in
        let written = png_image_write_to_memory(
          image, output.baseAddress, &capacity, 0, input.baseAddress, 0, nil)
        precondition(written != 0, "libpng: \(message(image))")
        filled = Int(capacity)
      }
    }
  }

  private static func channels(of format: UInt32) -> Int {
    let isColoured = format & PNG_FORMAT_FLAG_COLOR != 0
    return (isColoured ? 3 : 1) + (format & PNG_FORMAT_FLAG_ALPHA != 0 ? 1 : 0)
  }

  private static func failure(_ image: UnsafeMutablePointer<png_image>, _ file: String)
    -> FormatError
  {
    FormatError(.corrupted, file: file, field: "picture", "libpng: \(message(image))")
  }

  private static func message(_ image: UnsafeMutablePointer<png_image>) -> String {
    withUnsafeBytes(of: image.pointee.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
