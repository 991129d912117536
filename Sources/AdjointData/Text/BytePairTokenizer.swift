import Adjoint
import Foundation

/// Byte-pair encoding: frequent sequences of bytes are tokens, and any text can be encoded.
///
/// ```swift
/// let tokenizer = BytePairTokenizer.trained(on: text, vocabularySize: 1000)
/// let tokens = tokenizer.encode("hello")
/// try tokenizer.write(to: URL(filePath: "tokens.json"))
/// ```
///
/// Tokens 0 to 255 are the bytes. Token 256 + r is the concatenation of the two tokens of merge r; the
/// special tokens come last. Encoding cuts the text into words, numbers, punctuation and white space,
/// and in each of these joins the pair of the earliest merge, again and again.
///
/// Source: Sennrich, Haddow and Birch, "Neural machine translation of rare words with subword units",
/// ACL 2016; on bytes: Radford et al., "Language models are unsupervised multitask learners", 2019.
public struct BytePairTokenizer: Tokenizer {
  /// Two tokens that become one.
  public struct Merge: Sendable, Hashable {
    /// The first token.
    public let left: Int
    /// The token after it.
    public let right: Int

    /// A pair of tokens.
    public init(_ left: Int, _ right: Int) { (self.left, self.right) = (left, right) }
  }

  /// The merges: number r makes token 256 + r.
  public let merges: [Merge]
  /// Texts that are one token each, such as `<|endoftext|>`.
  public let specialTokens: [String]

  private let ranks: [Merge: Int]
  private let contents: [[UInt8]]

  /// A tokenizer of these merges, which trusted code has made.
  init(trusted merges: [Merge], specialTokens: [String]) {
    (self.merges, self.specialTokens) = (merges, specialTokens)
    ranks = Dictionary(uniqueKeysWithValues: zip(merges, merges.indices))
    var contents = (0...255).map { [UInt8($0)] }
    contents.reserveCapacity(256 + merges.count + specialTokens.count)
    for merge in merges { contents.append(contents[merge.left] + contents[merge.right]) }
    self.contents = contents + specialTokens.map { Array($0.utf8) }
  }

  /// The number of bytes, merges and special tokens.
  public var vocabularySize: Int { contents.count }

  /// The bytes that a token stands for.
  public func bytes(of token: Int) -> [UInt8]? {
    contents.indices.contains(token) ? contents[token] : nil
  }

  /// The token of a special text, nil when it is none.
  public func specialToken(_ text: String) -> Int? {
    specialTokens.firstIndex(of: text).map { 256 + merges.count + $0 }
  }

  /// The tokens of a text, in which special tokens are text like any other.
  public func encode(_ text: String) -> [Int] { encode(Array(text.utf8)) }

  /// The tokens of a text, in which the special ones are recognised, the longest first.
  ///
  /// For texts of one's own: what strangers write could otherwise end a conversation.
  public func encodeWithSpecialTokens(_ text: String) -> [Int] {
    let bytes = Array(text.utf8)
    let special = specialTokens.enumerated()
      .map { (bytes: Array($0.element.utf8), token: 256 + merges.count + $0.offset) }
      .sorted { $0.bytes.count > $1.bytes.count }
    let beginnings = Set(special.map { $0.bytes[0] })
    var (tokens, start, position): ([Int], Int, Int) = ([], 0, 0)
    while position < bytes.count {
      if beginnings.contains(bytes[position]),
        let found = special.first(where: { bytes[position...].starts(with: $0.bytes) })
      {
        tokens += encode(bytes[start..<position]) + [found.token]
        position += found.bytes.count
        start = position
      } else {
        position += 1
      }
    }
    return tokens + encode(bytes[start...])
  }

  /// The tokens of any bytes.
  public func encode(_ bytes: [UInt8]) -> [Int] { encode(bytes[...]) }

  private func encode(_ bytes: ArraySlice<UInt8>) -> [Int] {
    var tokens: [Int] = []
    // A few thousand words make up most of any text.
    var known: [ArraySlice<UInt8>: [Int]] = [:]
    for piece in BytePairPieces(bytes) {
      if let found = known[piece] {
        tokens += found
      } else {
        let found = joined(piece)
        if known.count < 1 << 16 { known[piece] = found }
        tokens += found
      }
    }
    return tokens
  }

  /// The tokens of one piece.
  private func joined(_ piece: ArraySlice<UInt8>) -> [Int] {
    var tokens = piece.map(Int.init)
    while tokens.count > 1 {
      var best: Int?
      for (left, right) in zip(tokens, tokens.dropFirst()) {
        if let rank = ranks[Merge(left, right)], rank < best ?? .max { best = rank }
      }
      guard let best else { break }
      tokens.join(merges[best], as: 256 + best)
    }
    return tokens
  }
}

extension [Int] {
  /// Replaces every occurrence of a pair, from the left, by one token.
  mutating func join(_ pair: BytePairTokenizer.Merge, as token: Int) {
    var (source, target) = (0, 0)
    while source < count {
      if self[source] == pair.left && source + 1 < count && self[source + 1] == pair.right {
        self[target] = token
        source += 2
      } else {
        self[target] = self[source]
        source += 1
      }
      target += 1
    }
    removeLast(count - target)
  }
}
