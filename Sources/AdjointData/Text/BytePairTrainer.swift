import Adjoint

extension BytePairTokenizer {
  /// A tokenizer that has learned the most frequent pairs of a text, one after the other.
  ///
  /// Of equally frequent pairs the one of smaller tokens is taken, first by the left one, then by the
  /// right one, so equal texts give equal tokenizers. Learning ends early when no pair occurs twice.
  /// - Parameters:
  ///   - text: what to learn from.
  ///   - vocabularySize: the number of tokens, the 256 bytes and the special ones among them.
  ///   - specialTokens: texts that are one token each; they are not looked for in the text.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  public static func trained(
    on text: String, vocabularySize: Int, specialTokens: [String] = [],
    file: StaticString = #fileID, line: UInt = #line
  ) -> BytePairTokenizer {
    let room = vocabularySize - 256 - specialTokens.count
    if room < 0 || Set(specialTokens).count < specialTokens.count || specialTokens.contains("") {
      programmingError(
        "BytePairTokenizer",
        "256 bytes and the special tokens \(specialTokens), which must be different and not empty,"
          + " do not fit into a vocabulary of \(vocabularySize)", file: file, line: line)
    }
    var trainer = BytePairTrainer(Array(text.utf8))
    var merges: [Merge] = []
    while merges.count < room, let pair = trainer.next(token: 256 + merges.count) {
      merges.append(pair)
    }
    return BytePairTokenizer(trusted: merges, specialTokens: specialTokens)
  }
}

/// Finds one merge after the other, with counts that are only ever corrected, never taken again.
private struct BytePairTrainer {
  typealias Pair = BytePairTokenizer.Merge

  /// The different words of the text, and how often each occurs.
  private var words: [(tokens: [Int], count: Int)] = []
  private var counts: [Pair: Int] = [:]
  /// Words in which a pair occurs, or has occurred; a word may be listed several times.
  private var places: [Pair: [Int]] = [:]
  /// Pairs with the counts that they once had; what is out of date is dropped when it comes up.
  private var candidates = CandidateHeap()

  init(_ text: [UInt8]) {
    var wordCounts: [ArraySlice<UInt8>: Int] = [:]
    for piece in BytePairPieces(text[...]) { wordCounts[piece, default: 0] += 1 }
    for (word, count) in wordCounts where word.count > 1 {
      let tokens = word.map(Int.init)
      for pair in zip(tokens, tokens.dropFirst()).map(Pair.init) {
        counts[pair, default: 0] += count
        places[pair, default: []].append(words.count)
      }
      words.append((tokens, count))
    }
    for (pair, count) in counts { candidates.insert((count, pair)) }
  }

  /// The most frequent pair, which becomes a token.
  mutating func next(token: Int) -> Pair? {
    while let (count, pair) = candidates.removeFirst(), count > 1 {
      if counts[pair] == count {
        join(pair, as: token)
        return pair
      }
    }
    return nil
  }

  private mutating func join(_ pair: Pair, as token: Int) {
    var changes: [Pair: Int] = [:]
    for word in Set(places.removeValue(forKey: pair) ?? []) {
      let (before, count) = words[word]
      // In place: the array must not be shared while it changes.
      words[word].tokens.join(pair, as: token)
      let after = words[word].tokens
      if after.count == before.count { continue }
      for old in zip(before, before.dropFirst()).map(Pair.init) {
        changes[old, default: 0] -= count
      }
      for new in zip(after, after.dropFirst()).map(Pair.init) {
        changes[new, default: 0] += count
        if new.left == token || new.right == token { places[new, default: []].append(word) }
      }
    }
    counts[pair] = nil
    for (changed, difference) in changes where difference != 0 && changed != pair {
      let count = counts[changed, default: 0] + difference
      counts[changed] = count > 0 ? count : nil
      if count > 1 { candidates.insert((count, changed)) }
    }
  }
}

/// A binary heap with the most frequent pair on top; the smaller one of two that are equally so.
private struct CandidateHeap {
  typealias Candidate = (count: Int, pair: BytePairTokenizer.Merge)
  private var heap: [Candidate] = []

  private static func precedes(_ a: Candidate, _ b: Candidate) -> Bool {
    (b.count, a.pair.left, a.pair.right) < (a.count, b.pair.left, b.pair.right)
  }

  mutating func insert(_ candidate: Candidate) {
    heap.append(candidate)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard Self.precedes(heap[child], heap[parent]) else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  mutating func removeFirst() -> Candidate? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    if heap.isEmpty { return first }
    heap[0] = last
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count && Self.precedes(heap[child + 1], heap[child]) { child += 1 }
      guard Self.precedes(heap[child], heap[parent]) else { break }
      heap.swapAt(child, parent)
      parent = child
    }
    return first
  }
}
