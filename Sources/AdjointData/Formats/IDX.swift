import Adjoint
import Foundation

/// The IDX format of the MNIST files: a magic number, the dimensions, then big-endian values.
///
/// Plain and gzip-compressed contents are told apart by their first bytes, never by a file's name.
///
/// | code | stored | tensor |
/// |------|--------|--------|
/// | 0x08 | unsigned byte | uint8 |
/// | 0x09 | signed byte | int32 |
/// | 0x0B | short | int32 |
/// | 0x0C | int | int32 |
/// | 0x0D | float | float32 |
/// | 0x0E | double | float64 |
///
/// Source: <http://yann.lecun.com/exdb/mnist/>, "the IDX file format".
public enum IDX {
  /// How many bytes compressed contents may unpack to, unless a caller says otherwise: 1 GiB.
  public static let defaultUnpackedLimit = 1 << 30

  /// The tensor in an IDX file.
  ///
  /// Throws ``FormatError`` when the file cannot be read or is not exactly one sound array.
  /// - Parameters:
  ///   - url: the file.
  ///   - unpackedLimit: how many bytes of values compressed contents may hold, because they can grow
  ///     a thousandfold when they are unpacked.
  public static func read(_ url: URL, unpackedLimit: Int = defaultUnpackedLimit) throws -> Tensor {
    let name = url.path(percentEncoded: false)
    return try decode(RegularFile.read(url), name: name, unpackedLimit: unpackedLimit)
  }

  /// The tensor in the bytes of an IDX file; `name` stands for the file in errors.
  ///
  /// Throws ``FormatError`` when the bytes are not exactly one sound array.
  public static func decode(
    _ bytes: [UInt8], name: String, unpackedLimit: Int = defaultUnpackedLimit
  ) throws -> Tensor {
    try decodeWithChecksum(bytes, name: name, unpackedLimit: unpackedLimit).tensor
  }

  /// Also returns the CRC-32 of gzip's unpacked contents, which unpacking has verified.
  static func decodeWithChecksum(
    _ bytes: [UInt8], name: String, unpackedLimit: Int = defaultUnpackedLimit
  ) throws -> (tensor: Tensor, checksum: UInt32?) {
    var reader = try ByteReader(bytes, file: name)
    let (element, shape) = try header(&reader)
    let (count, overflow) = shape.elementCount.multipliedReportingOverflow(by: element.width)
    guard !overflow else {
      throw FormatError(
        .malformed, file: name, field: "dimensions", offset: 4,
        "\(shape.elementCount) elements of \(element.width) bytes are more than can be addressed")
    }
    guard count <= unpackedLimit || !Inflater.isGzip(bytes) else {
      throw FormatError(
        .unsupported, file: name, field: "dimensions", offset: 4,
        "\(count) unpacked bytes announced, more than \(unpackedLimit);"
          + " pass a higher unpackedLimit if you trust the file")
    }
    let values = try reader.read(count, field: "values")
    let checksum = try reader.finish()
    return (element.tensor(bigEndian: values, shape: shape), checksum)
  }

  static func header(_ reader: inout ByteReader) throws -> (Element, Shape) {
    let magic = try reader.read(4, field: "magic number")
    guard magic[0] == 0 && magic[1] == 0 else {
      let found = magic[..<2].map { String($0, radix: 16) }.joined(separator: " ")
      throw FormatError(
        .malformed, file: reader.file, field: "magic number", offset: 0,
        "an IDX file starts with the bytes 0 0, found \(found) (hexadecimal)")
    }
    guard let element = Element(rawValue: magic[2]) else {
      throw FormatError(
        .unsupported, file: reader.file, field: "element type", offset: 2,
        "code 0x\(String(magic[2], radix: 16)) is none of 0x8, 0x9, 0xb, 0xc, 0xd, 0xe")
    }
    let sizes = try reader.read(4 * Int(magic[3]), field: "dimensions")
    let dimensions = stride(from: 0, to: sizes.count, by: 4).map { start in
      sizes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    guard let shape = Shape(exactly: dimensions) else {
      throw FormatError(
        .unsupported, file: reader.file, field: "dimensions", offset: 4,
        "\(dimensions) has more than 8 axes or more elements than can be addressed")
    }
    return (element, shape)
  }

  enum Element: UInt8 {
    case unsignedByte = 0x08
    case signedByte = 0x09
    case short = 0x0b
    case int = 0x0c
    case float = 0x0d
    case double = 0x0e

    var width: Int {
      switch self {
      case .unsignedByte, .signedByte: 1
      case .short: 2
      case .int, .float: 4
      case .double: 8
      }
    }

    func tensor(bigEndian bytes: [UInt8], shape: Shape) -> Tensor {
      // Widths are powers of two, so this visits the bytes of each element in reverse.
      func swapped() -> [UInt8] { bytes.indices.map { bytes[$0 ^ (width - 1)] } }
      switch self {
      case .unsignedByte: return Tensor(bytes: bytes, shape: shape, dtype: .uint8)
      case .signedByte: return Tensor(bytes.map { Int32(Int8(bitPattern: $0)) }, shape: shape)
      case .short:
        let shorts = stride(from: 0, to: bytes.count, by: 2).map {
          Int32(Int16(bitPattern: UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])))
        }
        return Tensor(shorts, shape: shape)
      case .int: return Tensor(bytes: swapped(), shape: shape, dtype: .int32)
      case .float: return Tensor(bytes: swapped(), shape: shape, dtype: .float32)
      case .double: return Tensor(bytes: swapped(), shape: shape, dtype: .float64)
      }
    }
  }
}
