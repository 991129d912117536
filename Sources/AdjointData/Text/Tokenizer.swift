import Adjoint

/// Turns text into numbers and back.
///
/// `Tensor(try tokenizer.encode(text))` is what a model takes.
public protocol Tokenizer: Sendable {
  /// The number of tokens: they are `0 ..< vocabularySize`.
  var vocabularySize: Int { get }

  /// The tokens of a text.
  func encode(_ text: String) throws -> [Int]

  /// The bytes that a token stands for, as UTF-8 has them; nil for what is no token.
  func bytes(of token: Int) -> [UInt8]?
}

extension Tokenizer {
  /// The text of tokens; bytes that are not UTF-8 become U+FFFD, the replacement character.
  ///
  /// A number that is no token stops the program.
  public func decode(
    _ tokens: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> String { String(decoding: bytes(of: tokens, file: file, line: line), as: UTF8.self) }

  /// The bytes that tokens stand for, one after the other.
  ///
  /// A number that is no token stops the program.
  public func bytes(
    of tokens: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> [UInt8] {
    var all: [UInt8] = []
    for token in tokens {
      guard let bytes = bytes(of: token) else {
        programmingError(
          "decode", "\(token) is none of the \(vocabularySize) tokens", file: file, line: line)
      }
      all += bytes
    }
    return all
  }
}
