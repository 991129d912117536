import Adjoint

/// What stands before the elements of an npy file: magic, version, and a Python dictionary.
struct NPYHeader {
  let type: StoredType
  let isBigEndian: Bool
  /// Whether the first index runs fastest.
  let isFortranOrder: Bool
  let shape: Shape

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// NumPy's own limit: the dictionary has three entries, and only structured types need more.
  private static let lengthLimit = 10_000
  private static let field = "header"

  /// Reads the header, and leaves the reader at the first element.
  init(_ reader: inout ByteCursor) throws {
    let file = reader.file
    let start = try reader.read(8, field: "magic number")
    guard start.starts(with: Self.magic) else {
      throw FormatError(
        .malformed, file: file, field: "magic number", offset: 0,
        "an npy file starts with the byte 93 (hexadecimal) and \"NUMPY\"")
    }
    let version = (start[start.startIndex + 6], start[start.startIndex + 7])
    guard (1...3).contains(version.0) && version.1 == 0 else {
      throw FormatError(
        .unsupported, file: file, field: "version", offset: 6,
        "version \(version.0).\(version.1) is none of 1.0, 2.0, 3.0")
    }
    let lengthBytes = try reader.read(version.0 == 1 ? 2 : 4, field: "header length")
    let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.lengthLimit else {
      throw FormatError(
        .unsupported, file: file, field: "header length", offset: 8,
        "\(length) bytes announced, at most \(Self.lengthLimit) are allowed")
    }
    let text = try reader.read(length, field: Self.field)
    var scanner = LiteralScanner(
      text, origin: text.startIndex - reader.position + length, file: file)
    var (descr, order, dimensions): (String?, Bool?, [Int]?) = (nil, nil, nil)
    var offsets: [String: Int] = [:]
    try scanner.dictionary { scanner, key in
      offsets[key] = scanner.offset
      switch key {
      case "descr": descr = try scanner.elementType()
      case "fortran_order": order = try scanner.truthValue()
      case "shape": dimensions = try scanner.tuple()
      default:
        throw FormatError(
          .malformed, file: file, field: Self.field, offset: scanner.offset,
          "unknown key '\(key)'")
      }
    }
    try scanner.finish()
    guard let descr, let order, let dimensions else {
      throw FormatError(
        .malformed, file: file, field: Self.field, offset: reader.position - length,
        "the keys 'descr', 'fortran_order' and 'shape' expected")
    }
    (type, isBigEndian) = try Self.elementType(descr, file: file, offset: offsets["descr"])
    guard let shape = Shape(exactly: dimensions) else {
      throw FormatError(
        .unsupported, file: file, field: Self.field, offset: offsets["shape"],
        "the shape \(dimensions) has more than 8 axes or more elements than can be addressed")
    }
    (isFortranOrder, self.shape) = (order, shape)
  }

  private static let types: [String: StoredType] = [
    "b1": .bool, "u1": .u8, "i1": .i8, "i2": .i16, "u2": .u16, "f2": .f16, "i4": .i32, "u4": .u32,
    "f4": .f32, "f8": .f64, "i8": .i64, "u8": .u64,
  ]

  private static func elementType(
    _ descr: String, file: String, offset: Int?
  ) throws -> (StoredType, isBigEndian: Bool) {
    func failure(_ kind: FormatError.Kind, _ message: String) -> FormatError {
      FormatError(kind, file: file, field: Self.field, offset: offset, message)
    }
    let (order, kind) = (descr.first, String(descr.dropFirst()))
    guard let type = types[kind] else {
      let reason =
        switch kind.first {
        case "O": "Python objects can hold code, so they are never read"
        case "c": "there are no complex tensors; save the real and the imaginary part"
        default: "bool, integers up to 64 bits and floats of 16, 32 and 64 bits are read"
        }
      throw failure(.unsupported, "the element type '\(descr)' is not supported: \(reason)")
    }
    switch order {
    case "<" where type.byteCount > 1, "|" where type.byteCount == 1: return (type, false)
    case ">" where type.byteCount > 1: return (type, true)
    default:
      throw failure(.malformed, "the element type '\(descr)' has no byte order of '<', '>' or '|'")
    }
  }

  /// Version 1.0, as NumPy writes it: padded so that the elements start at a multiple of 64.
  static func encode(_ tensor: Tensor) -> [UInt8] {
    let descr =
      switch tensor.dtype {
      case .bool: "|b1"
      case .uint8: "|u1"
      case .int32: "<i4"
      case .int64: "<i8"
      case .float32: "<f4"
      case .float64: "<f8"
      }
    let sizes = tensor.shape.map(String.init)
    let tuple = sizes.count == 1 ? "(\(sizes[0]),)" : "(\(sizes.joined(separator: ", ")))"
    var text = Array("{'descr': '\(descr)', 'fortran_order': False, 'shape': \(tuple), }".utf8)
    let rest = (magic.count + 4 + text.count + 1) % 64
    text += Array(repeating: UInt8(ascii: " "), count: (64 - rest) % 64) + [UInt8(ascii: "\n")]
    let length = [
      UInt8(truncatingIfNeeded: text.count), UInt8(truncatingIfNeeded: text.count >> 8),
    ]
    return magic + [1, 0] + length + text
  }
}
