import Adjoint
import Testing

@Suite("Random programs")
struct RandomProgramTests {
  private struct Slot {
    var tensor: Tensor
    var array: Naive

    init(_ array: Naive) { (tensor, self.array) = (array.tensor, array) }
    init(_ tensor: Tensor, _ array: Naive) { (self.tensor, self.array) = (tensor, array) }
  }

  /// Sizes on both sides of the limit under which results are computed at once.
  private static let shapes = [[30, 70], [70], [30, 1], [1, 70], [], [1]]

  @Test("no evaluation changes a value that somebody still holds", arguments: 0..<30)
  func values(_ seed: Int) {
    var generator = Generator(seed: UInt64(seed))
    func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }
    var slots = (0..<6).map { _ in
      Slot(Naive(randomOf: Self.shapes[pick(Self.shapes.count)], using: &generator))
    }
    var witnesses: [Slot] = []
    for _ in 0..<150 {
      let (to, a, b) = (pick(6), slots[pick(6)], slots[pick(6)])
      let (x, y) = (a.tensor, b.tensor)
      switch pick(13) {
      case 0:
        slots[to] = Slot(x + y, Naive.combined([a.array, b.array]) { $0[0] + $0[1] })
      case 1:
        slots[to] = Slot(x - y, Naive.combined([a.array, b.array]) { $0[0] - $0[1] })
      case 2:
        // Divided by itself, so that numbers stay of moderate size.
        let product = x * y
        slots[to] = Slot(
          product / (1 + abs(product)),
          Naive.combined([a.array, b.array]) { $0[0] * $0[1] / (1 + abs($0[0] * $0[1])) })
      case 3:
        // In place: `slots[to]` may be the only holder or one of many.
        let shape = Naive.common([slots[to].array.shape, a.array.shape])
        if shape == slots[to].array.shape {
          slots[to].tensor += x
          slots[to].array = Naive.combined([slots[to].array, a.array]) { $0[0] + $0[1] }
        }
      case 4:
        slots[to].tensor *= 0.5
        slots[to].array = slots[to].array.map { $0 * 0.5 }
      case 5:
        slots[to] = Slot(
          `where`(x .> y, x, -y),
          Naive.combined([a.array, b.array]) { $0[0] > $0[1] ? $0[0] : -$0[1] })
      case 6:
        slots[to] = Slot(sqrt(abs(x)), a.array.map { abs($0).squareRoot() })
      case 7 where a.array.shape.count == 2:
        slots[to] = Slot(
          (x.transposed() + 1).transposed(),
          a.array.permuted([1, 0]).map { $0 + 1 }.permuted([1, 0]))
      case 8 where a.array.shape == [30, 70]:
        let cut = 1 + pick(28)
        slots[to] = Slot(
          concatenated([x[cut...], x[..<cut]]),
          Naive(shape: [30, 70]) {
            a.array[[($0[0] + cut) % 30, $0[1]]]
          })
      case 9 where a.array.shape == [30, 70]:
        slots[to] = Slot(x.max(axes: [0], keepingDimensions: true), a.array.max(axis: 0))
      case 10:
        slots[to] = Slot(x.cast(to: .float32).cast(to: .float64), a.array.map { Double(Float($0)) })
      case 11:
        witnesses.append(a)
        slots[to] = Slot(Naive(randomOf: Self.shapes[pick(Self.shapes.count)], using: &generator))
      case 12:
        _ = x.sum().scalar  // evaluates it
      default:
        slots[to] = a
      }
    }
    for slot in slots + witnesses { expectClose(slot.tensor, slot.array.tensor) }
  }

  @Test("value semantics: changing a copy leaves the original")
  func copies() {
    for count in [3, 5000] {
      let a = Tensor.linspace(0, 1, count: count) * 2
      let before = a.scalars
      var b = a
      b += 1
      b *= 3
      let c = b
      b -= a
      b /= 2
      #expect(a.scalars == before)
      let first = before.map { (v: Double) -> Double in 3 * (v + 1) }
      let last = zip(first, before).map { (f: Double, v: Double) -> Double in (f - v) / 2 }
      expectClose(c, first, relative: 1e-6)
      expectClose(b, last, relative: 1e-6)
    }
  }

  @Test("a view keeps its value when what it was cut from is replaced")
  func views() {
    var a = Tensor.linspace(0, 1, count: 10_000).reshaped(100, 100)
    let (row, turned) = (a[3], a.transposed())
    let (rowValues, turnedValues) = (row.scalars, turned.scalars)
    a += 1
    a = a * a
    _ = a.scalars
    #expect(row.scalars == rowValues && turned.scalars == turnedValues)
  }
}
