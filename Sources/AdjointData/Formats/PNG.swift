import Adjoint
import Foundation

/// Pictures in the PNG format, with 8 bits in each channel.
///
/// | picture | tensor |
/// |---------|--------|
/// | grey | uint8 [height, width] |
/// | grey and alpha | uint8 [height, width, 2] |
/// | colours | uint8 [height, width, 3]: red, green, blue |
/// | colours and alpha | uint8 [height, width, 4] |
///
/// Palettes and fewer bits are expanded, a transparent colour becomes an alpha channel. Pictures of
/// 16 bits are refused, and so are files with a wrong checksum or with bytes before or after the
/// picture. Where a file states another colour space than sRGB, its values are converted.
///
/// The work is libpng's, through its simplified interface: filters, interlacing, palettes and bit
/// depths are a thousand lines that are right there and have been attacked for decades.
///
/// Source: <https://www.w3.org/TR/png-3/>.
public enum PNG {
  /// How many pixels a picture may have, unless a caller says otherwise: 2^26, 8192 by 8192.
  public static let defaultPixelLimit = 1 << 26

  /// The picture in a file.
  ///
  /// Throws ``FormatError`` when the file cannot be read or is no sound picture.
  /// - Parameters:
  ///   - url: the file.
  ///   - pixelLimit: how many pixels the picture may have; it is checked before memory is taken.
  public static func read(_ url: URL, pixelLimit: Int = defaultPixelLimit) throws -> Tensor {
    let name = url.path(percentEncoded: false)
    return try decode(RegularFile.read(url), name: name, pixelLimit: pixelLimit)
  }

  /// The picture in the bytes of a file; `name` stands for the file in errors.
  ///
  /// Throws ``FormatError`` when the bytes are no sound picture.
  public static func decode(
    _ bytes: [UInt8], name: String, pixelLimit: Int = defaultPixelLimit
  ) throws -> Tensor {
    let header = try PNGHeader(bytes, file: name)
    guard header.width * header.height <= pixelLimit else {
      throw FormatError(
        .unsupported, file: name, field: "dimensions", offset: 16,
        "\(header.width) x \(header.height) pixels are more than \(pixelLimit);"
          + " pass a higher pixelLimit if you trust the file")
    }
    let (pixels, channels) = try LibPNG.decode(bytes, file: name)
    let shape: Shape = [header.height, header.width]
    return Tensor(
      bytes: pixels, shape: channels == 1 ? shape : Shape(shape + [channels]), dtype: .uint8)
  }

  /// The bytes of a file.
  ///
  /// - Parameter picture: uint8 `[height, width]`, or `[height, width, channels]` with 1 to 4
  ///   channels: grey, grey and alpha, colours, colours and alpha.
  public static func encode(
    _ picture: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> [UInt8] {
    let shape = picture.shape
    let channels = shape.rank == 3 ? shape[2] : 1
    let isPicture =
      (2...3).contains(shape.rank) && (1...4).contains(channels)
      && (1...dimensionLimit).contains(shape[0]) && (1...dimensionLimit).contains(shape[1])
    if picture.dtype != .uint8 || !isPicture {
      programmingError(
        "PNG.encode",
        "uint8 [height, width] or [height, width, 1...4] expected, found"
          + " \(picture.dtype) \(shape)", file: file, line: line)
    }
    return LibPNG.encode(
      picture.bytes(), width: shape[1], height: shape[0], channels: channels)
  }

  /// Writes a file, which appears under its name only when it is complete and on the disk.
  ///
  /// Throws ``FormatError`` when the system refuses; an older file then stays as it was.
  public static func write(
    _ picture: Tensor, to url: URL, file: StaticString = #fileID, line: UInt = #line
  ) throws {
    try RegularFile.replace(url, with: [encode(picture, file: file, line: line)])
  }

  /// libpng's own limit for either side.
  static let dimensionLimit = 1_000_000
}
