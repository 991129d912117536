import Adjoint
import Foundation

extension BytePairTokenizer {
  /// What a file holds.
  private struct Contents: Codable {
    static let format = "adjoint byte pairs 1"
    /// Tells the file from others, and from later versions.
    var format = Self.format
    let merges: [[Int]]
    let specialTokens: [String]
  }

  /// A bound for files, far beyond any vocabulary in use.
  private static let byteLimit = 1 << 24

  /// Reads a file that `write(to:)` has written.
  ///
  /// Throws ``FormatError`` when it cannot be read, or is not a sound list of merges: each of two tokens
  /// that are known by then, none twice, none longer than 128 bytes.
  public static func read(_ url: URL) throws -> BytePairTokenizer {
    try decode(file: RegularFile.read(url), name: url.path(percentEncoded: false))
  }

  /// Reads the bytes of a file; `name` stands for the file in errors.
  ///
  /// Throws ``FormatError`` as `read` does.
  public static func decode(file bytes: [UInt8], name: String) throws -> BytePairTokenizer {
    func failure(_ kind: FormatError.Kind, _ field: String, _ message: String) -> FormatError {
      FormatError(kind, file: name, field: field, message)
    }
    guard bytes.count <= byteLimit else {
      throw failure(.unsupported, "file", "\(bytes.count) bytes, at most \(byteLimit) are allowed")
    }
    let contents: Contents
    do {
      contents = try JSONDecoder().decode(Contents.self, from: Data(bytes))
    } catch {
      throw failure(.malformed, "JSON", "\(error)")
    }
    guard contents.format == Contents.format else {
      throw failure(
        .unsupported, "format", "\"\(Contents.format)\" expected, found \"\(contents.format)\"")
    }
    var lengths = Array(repeating: 1, count: 256)
    var known: Set<Merge> = []
    for (rank, pair) in contents.merges.enumerated() {
      guard pair.count == 2, pair.allSatisfy(lengths.indices.contains) else {
        throw failure(
          .malformed, "merge \(rank)", "two tokens below \(256 + rank) expected, found \(pair)")
      }
      guard known.insert(Merge(pair[0], pair[1])).inserted else {
        throw failure(.malformed, "merge \(rank)", "the pair \(pair) occurs twice")
      }
      let length = lengths[pair[0]] + lengths[pair[1]]
      guard length <= BytePairPieces.limit else {
        throw failure(
          .malformed, "merge \(rank)",
          "the token has \(length) bytes, at most \(BytePairPieces.limit) can occur")
      }
      lengths.append(length)
    }
    let special = contents.specialTokens
    guard Set(special).count == special.count && !special.contains("") else {
      throw failure(.malformed, "specialTokens", "one is empty or occurs twice")
    }
    return BytePairTokenizer(
      trusted: contents.merges.map { Merge($0[0], $0[1]) }, specialTokens: special)
  }

  /// Writes a JSON file, which appears under its name only when it is complete and on the disk.
  ///
  /// Throws ``FormatError`` when the system refuses.
  public func write(to url: URL) throws {
    let contents = Contents(
      merges: merges.map { [$0.left, $0.right] }, specialTokens: specialTokens)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    try RegularFile.replace(url, with: [[UInt8](encoder.encode(contents))])
  }
}
