import Adjoint
import Foundation

/// Named tensors and text metadata in the safetensors format, which can hold data but no code.
///
/// BOOL, U8, I32, I64, F32 and F64 are read and written as they are. Reading turns other types into
/// the smallest dtype that has all their values:
///
/// | stored | tensor |
/// |--------|--------|
/// | I8, I16, U16 | int32 |
/// | U32 | int64 |
/// | U64 | int64; values from 2^63 on are refused |
/// | F16, BF16 | float32 |
/// | F8_E4M3, F8_E5M2, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ | float32 |
///
/// Complex numbers (C64) and floats of less than a byte (F4, F6_E2M3, F6_E3M2) are refused, with the
/// tensor's name. Reading demands everything that the format's text demands, also where the reference reader is
/// lenient: unique names, a header that starts with `{`, data without holes, overlaps or a rest.
///
/// Source: <https://github.com/huggingface/safetensors>.
public struct SafeTensors: Sendable {
  /// The tensors; reading gives them in the order of their data.
  public var tensors: [(name: String, tensor: Tensor)]
  /// Free text, `"format": "pt"` for instance.
  public var metadata: [String: String]

  /// Tensors and metadata to be written.
  public init(_ tensors: [(name: String, tensor: Tensor)] = [], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The tensor of this name, nil when there is none.
  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name }?.tensor }

  /// Reads a file.
  ///
  /// Throws ``FormatError`` when the file cannot be read or breaks any rule of the format.
  public static func read(_ url: URL) throws -> SafeTensors {
    try decode(RegularFile.read(url), name: url.path(percentEncoded: false))
  }

  /// Reads the bytes of a file; `name` stands for the file in errors.
  ///
  /// Throws ``FormatError`` when the bytes break any rule of the format.
  public static func decode(_ bytes: [UInt8], name: String) throws -> SafeTensors {
    let header = try SafeTensorsHeader(parsing: bytes, fileSize: bytes.count, file: name)
    return SafeTensors(
      try header.entries.map { ($0.name, try $0.tensor(of: bytes[$0.data], file: name)) },
      metadata: header.metadata)
  }

  /// The bytes of a file; equal contents give equal bytes, in whatever order the tensors are listed.
  ///
  /// Throws ``FormatError`` when a name occurs twice or is the reserved `__metadata__`.
  public func encode() throws -> [UInt8] {
    try pieces(file: "safetensors").reduce(into: []) { $0 += $1 }
  }

  /// Writes a file, which appears under its name only when it is complete and on the disk.
  ///
  /// Throws ``FormatError`` as ``encode()`` does, and when the system refuses; an older file of that
  /// name then stays as it was.
  public func write(to url: URL) throws {
    try RegularFile.replace(url, with: pieces(file: url.path(percentEncoded: false)))
  }

  /// The header, then the data of one tensor after another, so that writing holds one at a time.
  private func pieces(file: String) throws -> some Sequence<[UInt8]> {
    var names: Set = ["__metadata__"]
    for (name, _) in tensors where !names.insert(name).inserted {
      throw FormatError(
        .malformed, file: file, field: "tensor \"\(name)\"",
        name == "__metadata__" ? "this name is reserved" : "this name occurs twice")
    }
    // The reference writer's order: alignment descending, then the bytes of the name.
    let ordered = tensors.sorted {
      let (left, right) = (StoredType($0.tensor.dtype), StoredType($1.tensor.dtype))
      return left == right
        ? $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) : left > right
    }
    let header = try SafeTensorsHeader.encode(ordered, metadata: metadata, file: file)
    return (0...ordered.count).lazy.map { $0 == 0 ? header : ordered[$0 - 1].tensor.bytes() }
  }
}
