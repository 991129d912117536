import Adjoint
import Foundation

/// A safetensors file whose tensors are read when they are asked for.
///
/// ```swift
/// let file = try SafeTensorsFile(url)
/// let weight = try file["embedding.weight"]
/// ```
///
/// The file is mapped into memory. A tensor whose stored type is a dtype, and whose data are aligned
/// in the file, is the file's own memory: nothing is copied, and the system reads only the pages
/// that are used. Other tensors, and those of truth values, which are checked, are copied. The file
/// stays mapped as long as one of its tensors lives; the tensors can be used like any others, and
/// the file is never changed.
///
/// The file must not be cut short or overwritten meanwhile: a process that looks at a page that is
/// gone is ended by the system (SIGBUS). Replacing the file, as ``SafeTensors/write(to:)`` does, is
/// harmless. Read files that others may change with ``SafeTensors/read(_:)``.
///
/// What ``SafeTensors`` accepts is accepted, with the same checks.
public struct SafeTensorsFile: Sendable {
  private let mapping: FileMapping
  private let entries: [String: SafeTensorsHeader.Entry]
  private let file: String

  /// The names of the tensors, in the order of their data.
  public let names: [String]
  /// Free text, `"format": "pt"` for instance.
  public let metadata: [String: String]

  /// Opens a file and reads its header.
  ///
  /// Throws ``FormatError`` when the file cannot be read or its header breaks any rule of the format.
  public init(_ url: URL) throws {
    file = url.path(percentEncoded: false)
    guard let mapping = try RegularFile.map(url) else {
      throw FormatError(
        .truncated, file: file, field: "header length", offset: 0,
        "8 bytes expected, the file holds 0")
    }
    let size = mapping.byteCount
    let length = try SafeTensorsHeader.length(
      of: mapping.bytes(0..<min(8, size)), fileSize: size, file: file)
    let header = try SafeTensorsHeader(
      parsing: mapping.bytes(0..<8 + length), fileSize: size, file: file)
    self.mapping = mapping
    names = header.entries.map(\.name)
    metadata = header.metadata
    entries = Dictionary(uniqueKeysWithValues: header.entries.map { ($0.name, $0) })
  }

  /// The shape of a tensor, nil when there is none of this name.
  public func shape(of name: String) -> Shape? { entries[name]?.shape }

  /// The dtype that a tensor will have, nil when there is none of this name.
  public func dtype(of name: String) -> DType? { entries[name]?.dtype.dtype }

  /// The tensor of this name, nil when there is none.
  ///
  /// Throws ``FormatError`` for a value that the dtype does not have.
  public subscript(name: String) -> Tensor? {
    get throws {
      guard let entry = entries[name] else { return nil }
      let start = entry.data.lowerBound
      if entry.dtype.isOwn && entry.dtype != .bool && start % entry.dtype.byteCount == 0 {
        return mapping.tensor(at: start, shape: entry.shape, dtype: entry.dtype.dtype)
      }
      return try entry.tensor(of: mapping.bytes(entry.data)[...], file: file)
    }
  }
}
