import Adjoint

/// What stands before the data of a safetensors file: the length of the header, and the header.
struct SafeTensorsHeader {
  struct Entry {
    let name: String
    let dtype: StoredType
    let shape: Shape
    /// Positions in the file.
    let data: Range<Int>

    /// The tensor of these bytes, which are the entry's.
    func tensor(of bytes: ArraySlice<UInt8>, file: String) throws -> Tensor {
      do {
        return try dtype.tensor(bytes, shape: shape)
      } catch {
        throw FormatError(
          dtype == .bool ? .malformed : .unsupported, file: file, field: "tensor \"\(name)\"",
          offset: data.lowerBound + error.index * dtype.byteCount, error.message)
      }
    }
  }

  /// In the order of their data, which they cover without a hole, an overlap or a rest.
  private(set) var entries: [Entry] = []
  private(set) var metadata: [String: String] = [:]

  private static let lengthLimit = 100_000_000
  private static let metadataName = "__metadata__"

  /// - Parameters:
  ///   - bytes: the file's, at least up to the end of the header.
  ///   - fileSize: how many bytes the whole file has.
  init(parsing bytes: [UInt8], fileSize: Int, file: String) throws {
    let length = try Self.length(of: bytes, fileSize: fileSize, file: file)
    let start = 8 + length
    guard length > 0 && bytes[8] == UInt8(ascii: "{") else {
      throw FormatError(
        .malformed, file: file, field: "header", offset: 8, "a header starts with '{'")
    }
    var scanner = HeaderScanner(bytes[8..<start], file: file)
    var metadata: [String: String] = [:]
    var entries: [Entry] = []
    try scanner.object { scanner, name in
      if name == Self.metadataName {
        try scanner.object { scanner, key in metadata[key] = try scanner.string() }
      } else {
        entries.append(try Entry(scanning: &scanner, name: name, dataStart: start, file: file))
      }
    }
    try scanner.finish()
    // Empty tensors share their position with the next one, so the end decides then.
    entries.sort {
      ($0.data.lowerBound, $0.data.upperBound) < ($1.data.lowerBound, $1.data.upperBound)
    }
    try Self.checkCoverage(of: entries, from: start, to: fileSize, file: file)
    (self.entries, self.metadata) = (entries, metadata)
  }

  /// The length of the header, which stands in the first 8 bytes.
  static func length(of bytes: [UInt8], fileSize: Int, file: String) throws -> Int {
    guard bytes.count >= 8 else {
      throw FormatError(
        .truncated, file: file, field: "header length", offset: 0,
        "8 bytes expected, the file holds \(fileSize)")
    }
    if bytes.starts(with: [0x50, 0x4b, 3, 4]) {
      throw FormatError(
        .malformed, file: file, field: "header length", offset: 0,
        "the file is a zip archive, as torch.save writes it; write safetensors in Python with "
          + "safetensors.torch.save_file(model.state_dict(), ...)")
    }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= lengthLimit else {
      throw FormatError(
        .malformed, file: file, field: "header length", offset: 0,
        "\(length) bytes announced, at most \(lengthLimit) are allowed")
    }
    guard length <= fileSize - 8 else {
      throw FormatError(
        .truncated, file: file, field: "header", offset: 8,
        "\(length) bytes expected, the file holds \(fileSize - 8) more")
    }
    return Int(length)
  }

  private static func checkCoverage(
    of entries: [Entry], from start: Int, to end: Int, file: String
  ) throws {
    var position = start
    for entry in entries {
      guard entry.data.lowerBound == position else {
        throw FormatError(
          .malformed, file: file, field: "tensor \"\(entry.name)\"", offset: entry.data.lowerBound,
          "its data begin at \(entry.data.lowerBound - start) of the data section,"
            + " those before it end at \(position - start)")
      }
      position = entry.data.upperBound
    }
    guard position == end else {
      throw FormatError(
        position < end ? .malformed : .truncated, file: file, field: "data section",
        offset: min(position, end),
        "the tensors take \(position - start) bytes, the file holds \(end - start)")
    }
  }
}

extension SafeTensorsHeader.Entry {
  fileprivate init(
    scanning scanner: inout HeaderScanner, name: String, dataStart: Int, file: String
  ) throws {
    let start = scanner.offset
    func failure(_ kind: FormatError.Kind, _ message: String) -> FormatError {
      FormatError(kind, file: file, field: "tensor \"\(name)\"", offset: start, message)
    }

    var dtypeName: String?
    var dimensions: [Int]?
    var offsets: [Int]?
    try scanner.object { scanner, key in
      switch key {
      case "dtype": dtypeName = try scanner.string()
      case "shape": dimensions = try scanner.integers(atMost: 8)
      case "data_offsets": offsets = try scanner.integers(atMost: 2)
      default: throw failure(.unsupported, "unknown property \"\(key)\"")
      }
    }
    guard let dtypeName, let dimensions, let offsets, offsets.count == 2 else {
      throw failure(.malformed, "dtype, shape and two data_offsets expected")
    }
    guard let dtype = StoredType.allCases.first(where: { $0.safeTensorsName == dtypeName }) else {
      let names = StoredType.allCases.map(\.safeTensorsName).joined(separator: ", ")
      throw failure(.unsupported, "dtype \(dtypeName) is none of \(names)")
    }
    guard let shape = Shape(exactly: dimensions) else {
      throw failure(.malformed, "the shape \(dimensions) has more elements than can be addressed")
    }
    let (count, overflow) = shape.elementCount.multipliedReportingOverflow(by: dtype.byteCount)
    let (length, underflow) = offsets[1].subtractingReportingOverflow(offsets[0])
    guard !overflow && !underflow && length == count else {
      throw failure(
        .malformed,
        "\(dtypeName) \(shape) takes \(overflow ? "too many" : "\(count)") bytes,"
          + " its data_offsets \(offsets) span \(length)")
    }
    let (end, beyond) = offsets[1].addingReportingOverflow(dataStart)
    guard !beyond else {
      throw failure(.malformed, "its data_offsets \(offsets) are beyond any file")
    }
    self.init(name: name, dtype: dtype, shape: shape, data: end - length..<end)
  }
}

extension SafeTensorsHeader {
  /// The header and its length for tensors whose data follow in this order.
  ///
  /// Written exactly as the reference writer does: no white space, padded to a multiple of 8 so that
  /// the data are aligned.
  static func encode(
    _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String], file: String
  ) throws -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map {
        "\(quoted($0.key)):\(quoted($0.value))"
      }
      members.append("\(quoted(metadataName)):{\(texts.joined(separator: ","))}")
    }
    var position = 0
    for (name, tensor) in tensors {
      let dtype = StoredType(tensor.dtype)
      let dimensions = tensor.shape.map(String.init).joined(separator: ",")
      let end = position + tensor.elementCount * dtype.byteCount
      members.append(
        "\(quoted(name)):{\"dtype\":\"\(dtype.safeTensorsName)\",\"shape\":[\(dimensions)],"
          + "\"data_offsets\":[\(position),\(end)]}")
      position = end
    }
    var text = Array("{\(members.joined(separator: ","))}".utf8)
    text += Array(repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    guard text.count <= lengthLimit else {
      throw FormatError(
        .unsupported, file: file, field: "header",
        "names and metadata take \(text.count) bytes, at most \(lengthLimit) are allowed")
    }
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{8}": result += "\\b"
      case "\u{c}": result += "\\f"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension StoredType {
  fileprivate var safeTensorsName: String {
    switch self {
    case .f8e5m2: "F8_E5M2"
    case .f8e4m3: "F8_E4M3"
    case .f8e8m0: "F8_E8M0"
    case .f8e4m3fnuz: "F8_E4M3FNUZ"
    case .f8e5m2fnuz: "F8_E5M2FNUZ"
    default: "\(self)".uppercased()
    }
  }
}
