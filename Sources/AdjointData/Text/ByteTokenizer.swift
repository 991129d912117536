/// The 256 bytes as tokens: any text, any language, nothing to learn.
public struct ByteTokenizer: Tokenizer {
  /// A tokenizer of bytes.
  public init() {}

  /// Always 256.
  public var vocabularySize: Int { 256 }

  /// The bytes of the text in UTF-8.
  public func encode(_ text: String) -> [Int] { text.utf8.map(Int.init) }

  /// The byte itself.
  public func bytes(of token: Int) -> [UInt8]? { UInt8(exactly: token).map { [$0] } }
}
