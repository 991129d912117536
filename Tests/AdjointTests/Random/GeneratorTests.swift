import Adjoint
import Testing

@Suite("Generators")
struct GeneratorTests {
  @Test("Philox4x32-10 gives the published known answers")
  func knownAnswers() {
    // Random123's kat_vectors.
    #expect(
      philox(counter: [0, 0, 0, 0], key: [0, 0])
        == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = UInt32.max
    #expect(
      philox(counter: [ones, ones, ones, ones], key: [ones, ones])
        == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      philox(
        counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
        key: [0xa409_3822, 0x299f_31d0])
        == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test("a tensor's numbers are the stream's: 24 or 53 bits of Philox words")
  func stream() {
    var generator = Generator(seed: 0x0000_0007_0000_0005, position: 9)
    let floats = Tensor.uniform([10], using: &generator).scalars
    for (index, value) in floats.enumerated() {
      let words = philox(counter: [UInt32(9 + index / 4), 0, 0, 0], key: [5, 7])
      let word = [words.0, words.1, words.2, words.3][index % 4]
      #expect(value == Double(word >> 8) / 0x1p24)
    }
    #expect(generator.position == 12)
  }

  @Test("the same seed gives the same numbers, another seed others")
  func seeds() {
    func draw(_ seed: UInt64) -> [Double] {
      var generator = Generator(seed: seed)
      return Tensor.normal([1000], using: &generator).scalars
    }
    #expect(draw(1) == draw(1) && draw(1) != draw(2) && draw(1) != draw(1 << 32))
  }

  @Test("copies continue alike and separately")
  func copies() {
    var a = Generator(seed: 3)
    _ = Tensor.uniform([7], using: &a)
    var b = a
    let (first, second) = (Tensor.normal([5], using: &a), Tensor.normal([5], using: &b))
    expectIdentical(first, second)
    #expect(a.position == b.position && a.seed == b.seed)
    expectIdentical(Tensor.uniform([3], using: &a), Tensor.uniform([3], using: &b))
    #expect(a.next() == b.next())
  }

  @Test("draws one after another do not overlap")
  func consecutive() {
    var generator = Generator(seed: 4)
    var seen: Set<Double> = []
    for count in [1, 3, 4, 5, 64, 65, 1000] {
      seen.formUnion(Tensor.uniform([count], dtype: .float64, using: &generator).scalars)
    }
    #expect(seen.count == 1142)
  }

  @Test("scopes nest, restore and belong to their task")
  func scopes() async {
    func draw() -> [Double] { Tensor.uniform([4]).scalars }
    let (first, second) = withGenerator(seed: 1) { (draw(), draw()) }
    #expect(first != second)
    withGenerator(seed: 1) {
      #expect(draw() == first)
      let inner = withGenerator(seed: 2) { draw() }
      #expect(inner != first)
      withGenerator(seed: 2) { #expect(draw() == inner) }
      #expect(draw() == second, "the inner scope did not disturb the outer one")
    }
    let others = await withTaskGroup(of: [Double].self) { group in
      for _ in 0..<8 { group.addTask { withGenerator(seed: 1) { draw() } } }
      return await group.reduce(into: Set<[Double]>()) { $0.insert($1) }
    }
    #expect(others == [first])
  }

  @Test("works with Swift's own algorithms")
  func swiftAlgorithms() {
    var (a, b) = (Generator(seed: 6), Generator(seed: 6))
    #expect((0..<50).shuffled(using: &a) == (0..<50).shuffled(using: &b))
    #expect(Int.random(in: 0..<1000, using: &a) == Int.random(in: 0..<1000, using: &b))
  }
}
