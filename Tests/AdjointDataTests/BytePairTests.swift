import Adjoint
import AdjointData
import Foundation
import Testing

struct BytePairTests {
  typealias Merge = BytePairTokenizer.Merge

  private func text(_ name: String) throws -> String {
    String(decoding: try reference(name).bytes(), as: UTF8.self)
  }

  @Test func `Merges and tokens are those of the simplest implementation`() throws {
    let text = try text("pairs.text")
    let tokenizer = BytePairTokenizer.trained(on: text, vocabularySize: 400)
    let expected = try reference("pairs.merges").scalars(as: Int.self)
    #expect(tokenizer.merges.flatMap { [$0.left, $0.right] } == expected)
    #expect(tokenizer.vocabularySize == 400)
    #expect(tokenizer.encode(text) == (try reference("pairs.tokens")).scalars(as: Int.self))
    let other = try self.text("pairs.other")
    #expect(tokenizer.encode(other) == (try reference("pairs.otherTokens")).scalars(as: Int.self))
  }

  @Test func `Any bytes come back as they were`() throws {
    let text = try text("pairs.text")
    let tokenizer = BytePairTokenizer.trained(on: text, vocabularySize: 350)
    var generator = Generator(seed: 1)
    for length in Array(0..<300) + [5000] {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      #expect(tokenizer.bytes(of: tokenizer.encode(bytes)) == bytes)
      // Mostly white space and letters, where the pieces are decided.
      let dense = (0..<length).map { _ in Array(" \n\tab1.é".utf8).randomElement(using: &generator)!
      }
      #expect(tokenizer.bytes(of: tokenizer.encode(dense)) == dense)
    }
    #expect(tokenizer.decode(tokenizer.encode(text)) == text)
    #expect(tokenizer.encode("") == [])
  }

  @Test
  func
    `Of equally frequent pairs the smaller one is first, and nothing is learned from single ones`()
  {
    let tokenizer = BytePairTokenizer.trained(on: "ab cd\nab cd", vocabularySize: 300)
    // " c", "ab", "cd" occur twice; then " c" with "d".
    #expect(
      tokenizer.merges == [Merge(32, 99), Merge(97, 98), Merge(256, 100)])
    #expect(BytePairTokenizer.trained(on: "abcdef", vocabularySize: 300).merges == [])
    #expect(BytePairTokenizer.trained(on: "", vocabularySize: 256).vocabularySize == 256)
  }

  @Test func `Runs of one byte are counted as often as they can be joined`() {
    let tokenizer = BytePairTokenizer.trained(on: "aaaaaaa aaaaaaa", vocabularySize: 259)
    #expect(tokenizer.decode(tokenizer.encode("aaaaa aa a")) == "aaaaa aa a")
    #expect(tokenizer.merges.first == Merge(97, 97))
  }

  @Test func `A long piece takes linear time and comes back`() {
    let tokenizer = BytePairTokenizer.trained(on: "aa aa aaaa aaaa", vocabularySize: 300)
    let long = String(repeating: "a", count: 300_000)
    #expect(tokenizer.decode(tokenizer.encode(long)) == long)
    let learned = BytePairTokenizer.trained(on: long, vocabularySize: 1000)
    #expect(learned.decode(learned.encode(long)) == long)
    #expect(learned.encode(long).count < 3000)
  }

  @Test func `Special tokens are recognised only when asked for`() {
    let tokenizer = BytePairTokenizer.trained(
      on: "text text text", vocabularySize: 262, specialTokens: ["<|end|>", "<|end|>x"])
    let end = tokenizer.vocabularySize - 2
    #expect(tokenizer.specialToken("<|end|>") == end && tokenizer.specialToken("<|e|>") == nil)
    let text = "text<|end|>text<|end|>x<|end"
    let plain = tokenizer.encode(text)
    #expect(!plain.contains { $0 >= end } && tokenizer.decode(plain) == text)
    let special = tokenizer.encodeWithSpecialTokens(text)
    #expect(special.filter { $0 >= end } == [end, end + 1])
    #expect(tokenizer.decode(special) == text)
    #expect(tokenizer.encodeWithSpecialTokens("<|end|>") == [end])
    #expect(tokenizer.encodeWithSpecialTokens("") == [])
  }

  @Test func `A file brings back the same tokenizer`() throws {
    let text = try text("pairs.text")
    let tokenizer = BytePairTokenizer.trained(
      on: text, vocabularySize: 400, specialTokens: ["<|end|>", "\"é\\"])
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "tokens.json")
      try tokenizer.write(to: url)
      let read = try BytePairTokenizer.read(url)
      #expect(read.merges == tokenizer.merges && read.specialTokens == tokenizer.specialTokens)
      #expect(read.encode(text) == tokenizer.encode(text))
      let bytes = [UInt8](try Data(contentsOf: url))
      for length in stride(from: 0, to: bytes.count, by: 7) {
        let error = try formatError {
          _ = try BytePairTokenizer.decode(file: Array(bytes[..<length]), name: "cut")
        }
        #expect(error?.kind == .malformed && error?.file == "cut")
      }
      let missing = folder.appending(path: "missing")
      #expect(failure { _ = try BytePairTokenizer.read(missing) }?.kind == .missing)
    }
  }

  private static func file(
    _ merges: String, special: String = "[]", format: String = "adjoint byte pairs 1"
  ) -> String {
    "{\"format\":\"\(format)\",\"merges\":\(merges),\"specialTokens\":\(special)}"
  }

  /// Each token twice the one before: 2^60 bytes in the end.
  private static let bomb =
    "[[97,97]" + (0..<60).map { ",[\(256 + $0),\(256 + $0)]" }.joined() + "]"

  @Test(
    "Hostile files are refused",
    arguments: [
      (file("[[97,256]]"), "merge 0: two tokens below 256 expected, found [97, 256]"),
      (file("[[97,98],[257,1]]"), "merge 1: two tokens below 257 expected, found [257, 1]"),
      (file("[[-1,98]]"), "merge 0: two tokens below 256 expected, found [-1, 98]"),
      (file("[[9223372036854775807,98]]"), "found [9223372036854775807, 98]"),
      (file("[[9223372036854775808,98]]"), "JSON: "),
      (file("[[97.5,98]]"), "JSON: "),
      (file("[[97]]"), "found [97]"),
      (file("[[97,98],[97,98]]"), "merge 1: the pair [97, 98] occurs twice"),
      (file(bomb), "merge 7: the token has 256 bytes, at most 128 can occur"),
      (file("[]", special: "[\"a\",\"a\"]"), "specialTokens: one is empty or occurs twice"),
      (file("[]", special: "[\"\"]"), "specialTokens: one is empty or occurs twice"),
      (file("[]", format: "adjoint byte pairs 2"), "format: \"adjoint byte pairs 1\" expected"),
      (file("null"), "JSON: "),
      ("{\"merges\":[],\"specialTokens\":[]}", "JSON: "),
      ("[]", "JSON: "), ("", "JSON: "), ("\u{0}", "JSON: "),
      (String(repeating: "[", count: 100_000), "JSON: "),
      (file(String(repeating: "[", count: 100_000)), "JSON: "),
      (
        file(String(repeating: "[", count: 50_000) + String(repeating: "]", count: 50_000)),
        "JSON: "
      ),
    ])
  func hostile(text: String, message: String) throws {
    let error = try formatError {
      _ = try BytePairTokenizer.decode(file: Array(text.utf8), name: "hostile")
    }
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    #expect((error?.description.count ?? 0) < 2000)
  }

  @Test func `Files with wrong bytes are refused or read, whatever they say`() throws {
    let sound = Array(Self.file("[[97,98],[256,99],[32,257]]", special: "[\"<|end|>\"]").utf8)
    #expect(try BytePairTokenizer.decode(file: sound, name: "sound").vocabularySize == 260)
    var generator = Generator(seed: 8)
    let signs = Array("0123456789[],{}\"\\e.-".utf8)
    for _ in 0..<3000 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        let isSign = Bool.random(using: &generator)
        let any = UInt8.random(in: 0...255, using: &generator)
        bytes[place] = isSign ? signs[Int(any) % signs.count] : any
      }
      // Anything but a typed error would end the test.
      do {
        let tokenizer = try BytePairTokenizer.decode(file: bytes, name: "changed")
        #expect(tokenizer.bytes(of: tokenizer.encode(sound)) == sound)
      } catch let error as FormatError {
        #expect(error.file == "changed")
      }
    }
  }

  @Test func `A vocabulary without room stops the program`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BytePairTokenizer.trained(on: "a", vocabularySize: 256, specialTokens: ["<|end|>"])
    }
    #expect(stopMessage(result).contains("do not fit into a vocabulary of 256"))
    #expect(stopMessage(result).contains("BytePairTests.swift:"))
  }
}
