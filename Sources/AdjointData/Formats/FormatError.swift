import Foundation

/// Why a file could not be read or written: which file, which part of it, where, and both numbers.
///
/// Everything in this module that takes data from outside throws this one error.
public struct FormatError: Error, Equatable, Sendable, CustomStringConvertible, LocalizedError {
  /// What a program may want to tell apart.
  public enum Kind: Sendable {
    /// There is no such file or folder.
    case missing
    /// The system refused to read or write.
    case inaccessible
    /// The file ends before its contents do.
    case truncated
    /// The bytes break the rules of the format.
    case malformed
    /// The file is sound, but uses something that is not supported here.
    case unsupported
    /// Compressed data cannot be unpacked, or a checksum differs from the contents.
    case corrupted
    /// Parts that belong together do not fit.
    case mismatched
  }

  /// What went wrong.
  public let kind: Kind
  /// The path, or the name that the caller gave to the bytes.
  public let file: String
  /// The part of the format: "magic number", "tensor \"hidden.weight\"", ...
  public let field: String
  /// The position of the offending byte, counted in the unpacked contents of a gzip file.
  public let offset: Int?
  /// What was expected and what was found.
  public let message: String

  /// Describes what is wrong with a file.
  public init(_ kind: Kind, file: String, field: String, offset: Int? = nil, _ message: String) {
    self.kind = kind
    self.file = file
    self.field = field
    self.offset = offset
    self.message = message
  }

  /// One line: `file: field at byte offset: message`.
  public var description: String {
    let place = offset.map { " at byte \($0)" } ?? ""
    return "\(file): \(field)\(place): \(message)"
  }

  /// The same line, for callers that only know `Error`.
  public var errorDescription: String? { description }
}
