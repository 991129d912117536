import AdjointNotebook
import Testing

@Suite("Ticks")
struct TicksTests {
  @Test(
    "Ticks are nice numbers with the decimals they need",
    arguments: [
      (0.0, 1.0, 5, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
      (0.89, 1.0, 5, ["0.900", "0.925", "0.950", "0.975", "1.000"]),
      (-7.6, 262.6, 8, ["0", "50", "100", "150", "200", "250"]),
      (0, 60_000, 4, ["0", "20,000", "40,000", "60,000"]),
      (-1, 1, 4, ["−1.0", "−0.5", "0.0", "0.5", "1.0"]),
      (0, 5e8, 5, ["0", "1e8", "2e8", "3e8", "4e8", "5e8"]),
      (0, 5e-5, 2, ["0", "2.5e−5", "5e−5"]),
    ])
  func labels(_ low: Double, _ high: Double, _ limit: Int, _ expected: [String]) {
    #expect(Ticks(from: low, to: high, limit: limit).labels == expected)
  }

  @Test(
    "Logarithmic ticks are powers of ten, with few of them also between",
    arguments: [
      (0.0, 3.0, 8, ["1", "3", "10", "30", "100", "300", "1000"]),
      (-2, 6, 8, ["0.01", "0.1", "1", "10", "100", "1000", "10,000", "100,000", "1,000,000"]),
      (0, 1, 8, ["1", "2", "5", "10"]),
      (0, 20, 5, ["1", "10,000", "1e8", "1e12", "1e16", "1e20"]),
    ])
  func logarithmic(_ low: Double, _ high: Double, _ limit: Int, _ expected: [String]) {
    #expect(Ticks(fromPower: low, toPower: high, limit: limit).labels == expected)
  }

  @Test("Whole numbers have whole ticks")
  func wholeNumbers() {
    #expect(
      Ticks(from: 0.9, to: 3.1, limit: 12, wholeNumbers: true).labels == ["1", "2", "3"])
    #expect(
      Ticks(from: 0.24, to: 20.76, limit: 12, wholeNumbers: true).labels.first == "2")
  }

  static let ranges: [(Double, Double)] = [
    (1, 1), (2, 1), (.nan, 1), (0, .infinity), (1e17, 1e17 + 32), (0, .leastNonzeroMagnitude),
    (-1.7e308, 1.7e308), (1, 1 + 2.3e-16), (12_345, 12_345.000_01),
  ]

  @Test(
    "Ranges without room for ticks do not trap",
    arguments: ranges)
  func degenerate(_ low: Double, _ high: Double) {
    let ticks = Ticks(from: low, to: high, limit: 8)
    #expect(ticks.values.count == ticks.labels.count)
    #expect(ticks.values.count < 20)
  }

  @Test("Neighbouring ticks never share a label")
  func distinct() {
    for (low, high) in [(12_345, 12_345.000_01), (1e9, 1e9 + 10), (0, 3.7e12), (-3e-9, 4e-9)] {
      let labels = Ticks(from: low, to: high, limit: 6).labels
      #expect(Set(labels).count == labels.count, "\(labels)")
    }
  }
}
