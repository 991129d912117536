import Adjoint

/// The characters of a text as tokens, in the order of their code points.
///
/// Characters are Unicode scalars, as in Python: a letter and an accent that is written as a mark of its
/// own are two.
public struct CharacterTokenizer: Tokenizer {
  /// What becomes of a character that is not in the vocabulary.
  public enum UnknownPolicy: Sendable, Equatable {
    /// `encode` throws.
    case refused
    /// It is left out.
    case skipped
    /// This character, which joins the vocabulary, takes its place.
    case replaced(by: Unicode.Scalar)
  }

  /// The characters by token.
  public let vocabulary: [Unicode.Scalar]
  /// What becomes of a character that is not in the vocabulary.
  public let unknown: UnknownPolicy
  private let tokens: [Unicode.Scalar: Int]

  /// The characters that occur in a text.
  public init(vocabularyOf text: String, unknown: UnknownPolicy = .refused) {
    self.init(vocabulary: Set(text.unicodeScalars).sorted(), unknown: unknown)
  }

  /// The given characters, numbered in this order; twice the same stops the program.
  public init(
    vocabulary: [Unicode.Scalar], unknown: UnknownPolicy = .refused,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    var vocabulary = vocabulary
    if case .replaced(let scalar) = unknown, !vocabulary.contains(scalar) {
      vocabulary.append(scalar)
    }
    tokens = Dictionary(
      zip(vocabulary, vocabulary.indices),
      uniquingKeysWith: { first, second in
        programmingError(
          "CharacterTokenizer", "characters \(first) and \(second) of the vocabulary are the same",
          file: file, line: line)
      })
    (self.vocabulary, self.unknown) = (vocabulary, unknown)
  }

  /// The number of characters.
  public var vocabularySize: Int { vocabulary.count }

  /// The tokens of a text.
  ///
  /// Throws ``FormatError`` for a character that is not in the vocabulary, if that is the policy.
  public func encode(_ text: String) throws -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if let token = tokens[scalar] {
        result.append(token)
      } else if case .replaced(let scalar) = unknown {
        result.append(tokens[scalar]!)
      } else if unknown == .refused {
        let code = String(scalar.value, radix: 16, uppercase: true)
        throw FormatError(
          .unsupported, file: "text", field: "character \(result.count)",
          "U+\(code) is none of the \(vocabularySize) characters of the vocabulary: \"\(scalar)\"")
      }
    }
    return result
  }

  /// The character in UTF-8.
  public func bytes(of token: Int) -> [UInt8]? {
    vocabulary.indices.contains(token) ? Array(UTF8.encode(vocabulary[token])!) : nil
  }
}
