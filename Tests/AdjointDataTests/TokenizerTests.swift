import Adjoint
import AdjointData
import Foundation
import Testing

struct TokenizerTests {
  @Test func `Bytes are their own tokens`() {
    let tokenizer = ByteTokenizer()
    #expect(tokenizer.vocabularySize == 256)
    #expect(tokenizer.encode("aé") == [97, 0xc3, 0xa9])
    #expect(tokenizer.decode([97, 0xc3, 0xa9]) == "aé")
    #expect(tokenizer.decode([0xc3, 97]) == "\u{fffd}a")
    #expect(tokenizer.bytes(of: [0xc3, 97]) == [0xc3, 97])
    #expect(tokenizer.bytes(of: 256) == nil && tokenizer.bytes(of: -1) == nil)
  }

  @Test func `Characters are numbered by code point`() throws {
    let tokenizer = CharacterTokenizer(vocabularyOf: "hello, wörld\r\n")
    #expect(String(String.UnicodeScalarView(tokenizer.vocabulary)) == "\n\r ,dehlorwö")
    let tokens = try tokenizer.encode("hö\r\n")
    #expect(tokens == [6, 11, 1, 0])
    #expect(tokenizer.decode(tokens) == "hö\r\n")
    #expect(tokenizer.vocabularySize == 12)
    #expect(try tokenizer.encode("") == [])
  }

  @Test func `Unknown characters are refused, skipped or replaced`() throws {
    let refusing = CharacterTokenizer(vocabularyOf: "abc")
    let error = try formatError { _ = try refusing.encode("ab🙂") }
    #expect(error?.kind == .unsupported)
    #expect(
      error?.description
        == "text: character 2: U+1F642 is none of the 3 characters of the vocabulary: \"\u{1F642}\""
    )
    let skipping = CharacterTokenizer(vocabularyOf: "abc", unknown: .skipped)
    #expect(try skipping.encode("xaybz") == [0, 1])
    let replacing = CharacterTokenizer(vocabularyOf: "abc", unknown: .replaced(by: "?"))
    #expect(replacing.vocabularySize == 4)
    #expect(replacing.decode(try replacing.encode("axb")) == "a?b")
    let known = CharacterTokenizer(vocabulary: ["c", "a"], unknown: .replaced(by: "a"))
    #expect(try known.encode("cx") == [0, 1])
  }

  @Test func `What is no token and a vocabulary with a repetition stop the program`() async {
    let token = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = CharacterTokenizer(vocabularyOf: "abc").decode([0, 3])
    }
    #expect(stopMessage(token).contains("decode: 3 is none of the 3 tokens"))
    #expect(stopMessage(token).contains("TokenizerTests.swift:"))
    let twice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = CharacterTokenizer(vocabulary: ["a", "b", "a"])
    }
    #expect(stopMessage(twice).contains("characters 0 and 2 of the vocabulary are the same"))
  }

  @Test func `A corpus is UTF-8 text or plain bytes`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "text")
      try Data("Größe\n日本".utf8).write(to: url)
      #expect(try Corpus.text(url) == "Größe\n日本")
      let bytes = try Corpus.bytes(url)
      #expect(bytes.dtype == .uint8 && bytes.bytes() == Array("Größe\n日本".utf8))
      try Data("Größe".utf8 + [0xc3, 0x28] + "x".utf8).write(to: url)
      let error = try formatError { _ = try Corpus.text(url) }
      #expect(error?.kind == .malformed && error?.offset == 7)
      #expect(try Corpus.bytes(url).shape == [10])
      try Data().write(to: url)
      #expect(try Corpus.text(url) == "" && Corpus.bytes(url).shape == [0])
      let missing = folder.appending(path: "missing")
      #expect(failure { _ = try Corpus.text(missing) }?.kind == .missing)
    }
  }

  @Test func `Windows are tokens and what follows them`() throws {
    let windows = TextWindows(Tensor(Array(0..<11)), length: 3)
    // Token 10 has nothing after it.
    #expect(windows.count == 3)
    #expect(windows[2].map { $0.scalars(as: Int.self) } == [[6, 7, 8], [7, 8, 9]])
    let batch = windows.batch(at: [2, 0])
    #expect(batch.map(\.shape) == [[2, 3], [2, 3]])
    #expect(batch[0].scalars == [6, 7, 8, 0, 1, 2] && batch[1].scalars == [7, 8, 9, 1, 2, 3])
    let overlapping = TextWindows(Tensor((0..<11).map { UInt8($0) }), length: 3, stride: 2)
    #expect(overlapping.count == 4)
    #expect(overlapping[3][1].scalars == [7, 8, 9] && overlapping[3][1].dtype == .uint8)
    #expect(TextWindows(Tensor(Array(0..<4)), length: 3).count == 1)
    #expect(TextWindows(Tensor(Array(0..<3)), length: 3).count == 0)
    #expect(TextWindows(Tensor([Int]()), length: 3).count == 0)
    let loader = Loader(overlapping, batchSize: 3, sampler: .shuffled)
    #expect(loader.epoch(0).map { $0[0].shape } == [[3, 3], [1, 3]])
  }

  @Test func `Windows of something else are refused`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = TextWindows(Tensor([1, 2, 3]), length: 0)
    }
    #expect(
      stopMessage(result).contains(
        "TextWindows: needs integer tokens [m], a length and a stride of at least 1, not float32 [3]"
      ))
  }
}
