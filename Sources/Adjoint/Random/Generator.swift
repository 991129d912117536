import CAdjoint
import Synchronization

/// A generator of random numbers: Philox4x32-10, counter-based and the same on every machine.
///
/// A generator is a value: a seed and how much of the stream is used up. A copy continues as the
/// original would. Every draw of a tensor is a pure function of the seed, the position and the
/// element's index, so it does not depend on the number of threads.
///
/// Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11.
public struct Generator: Sendable, RandomNumberGenerator {
  /// The seed.
  public let seed: UInt64
  /// The number of 128-bit blocks used up.
  public private(set) var position: UInt64

  /// A generator at the start of the stream that belongs to `seed`, or further on.
  public init(seed: UInt64, position: UInt64 = 0) {
    self.seed = seed
    self.position = position
  }

  /// Sets `count` blocks aside and returns the position of the first.
  mutating func reserve(_ count: Int) -> UInt64 {
    defer { position &+= UInt64(count) }
    return position
  }

  /// The next 64 bits, for Swift's own `shuffle(using:)` and `random(in:using:)`.
  public mutating func next() -> UInt64 { adj_philox_word(reserve(1), seed) }

  /// A generator with a stream of its own; this one has moved on.
  ///
  /// For parts that draw unequal amounts: none of them changes what the others get.
  public mutating func split() -> Generator { Generator(seed: next()) }

  /// A generator with a stream of its own, split from that of `withGenerator(seed:)`.
  public static func split() -> Generator { current.draw { $0.split() } }

  /// Where the generator of the innermost `withGenerator(seed:)`, or the process's own, is now.
  ///
  /// Assigning makes everything random in that scope go on from another place: an interrupted
  /// training continues with the draws that it would have made.
  public static var scoped: Generator {
    get { current.draw { $0 } }
    set { current.draw { $0 = newValue } }
  }

  /// The generator of the innermost `withGenerator(seed:)`, or the process's own, which has seed 0.
  static var current: GeneratorBox { GeneratorBox.scoped ?? GeneratorBox.root }
}

/// The Philox4x32-10 function: four random words from four counter words and two key words.
///
/// Tests compare it with the published known answers.
package func philox(
  counter: [UInt32], key: [UInt32], file: StaticString = #fileID, line: UInt = #line
) -> (UInt32, UInt32, UInt32, UInt32) {
  if counter.count != 4 || key.count != 2 {
    programmingError(
      "philox", "needs 4 counter words and 2 key words, not \(counter.count) and \(key.count)",
      file: file, line: line)
  }
  var words = counter
  adj_philox(&words, key)
  return (words[0], words[1], words[2], words[3])
}

/// A generator that several places draw from in turn.
final class GeneratorBox: Sendable {
  private let generator: Mutex<Generator>
  @TaskLocal static var scoped: GeneratorBox?
  static let root = GeneratorBox(Generator(seed: 0))

  init(_ generator: Generator) { self.generator = Mutex(generator) }

  func draw<Result: Sendable>(_ body: (inout Generator) -> Result) -> Result {
    generator.withLock { body(&$0) }
  }
}

/// Runs `body` with a fresh generator as the default of everything random in it.
///
/// Initialisers, dropout, shuffling and `Tensor.normal(_:)` without `using:` draw from it. Outside
/// any scope they share one generator of the process that starts from seed 0: a program without
/// threads of its own then still gives the same numbers each time, but a scope says so.
public func withGenerator<Result>(seed: UInt64, _ body: () throws -> Result) rethrows -> Result {
  try GeneratorBox.$scoped.withValue(GeneratorBox(Generator(seed: seed)), operation: body)
}
