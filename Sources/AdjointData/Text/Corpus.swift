import Adjoint
import Foundation

/// Text files as they are.
public enum Corpus {
  /// The text of a UTF-8 file.
  ///
  /// Throws ``FormatError`` when the file cannot be read or holds anything else, with the place of the
  /// first wrong byte.
  public static func text(_ url: URL) throws -> String {
    let bytes = try RegularFile.read(url)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      var decoder = UTF8()
      var iterator = bytes.makeIterator()
      var offset = 0
      while case .scalarValue(let scalar) = decoder.decode(&iterator) {
        offset += UTF8.width(scalar)
      }
      throw FormatError(
        .malformed, file: url.path(percentEncoded: false), field: "text", offset: offset,
        "this is not UTF-8")
    }
    return text
  }

  /// The bytes of a file, whatever they are: uint8 [count].
  ///
  /// Throws ``FormatError`` when the file cannot be read.
  public static func bytes(_ url: URL) throws -> Tensor {
    let bytes = try RegularFile.read(url)
    return Tensor(bytes: bytes, shape: [bytes.count], dtype: .uint8)
  }
}
