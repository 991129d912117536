import Adjoint
import AdjointData
import Testing

struct SamplerTests {
  /// One epoch's indices.
  private func order(
    _ sampler: Sampler, count: Int, seed: UInt64 = 0, epoch: Int = 0
  ) -> [Int] {
    Loader(numbers(0..<count), batchSize: 1, sampler: sampler, seed: seed).order(epoch: epoch)
  }

  private func histogram(_ order: [Int], classes: Int) -> [Int] {
    order.reduce(into: Array(repeating: 0, count: classes)) { $0[$1] += 1 }
  }

  @Test func `Sequential is first to last`() {
    #expect(order(.sequential, count: 5) == [0, 1, 2, 3, 4])
  }

  @Test func `Shuffled holds every example once, each place being equally likely`() {
    #expect(order(.shuffled, count: 100).sorted() == Array(0..<100))
    // The place of example 0 among 5 in 5,000 epochs: 1,000 each, standard deviation 28.
    let places = histogram(
      (0..<5000).map { epoch in
        order(.shuffled, count: 5, seed: 3, epoch: epoch).firstIndex(of: 0)!
      }, classes: 5)
    #expect(places.allSatisfy { (860...1140).contains($0) }, "\(places)")
  }

  @Test func `Weighted draws with replacement by the weights`() {
    let drawn = order(.weighted([1, 0, 5, 2, 2], drawnCount: 10_000), count: 5)
    let counts = histogram(drawn, classes: 5)
    #expect(counts[1] == 0)
    for (count, expected) in zip(counts, [1000, 0, 5000, 2000, 2000]) {
      #expect(abs(count - expected) <= 250, "\(counts)")
    }
    #expect(order(.weighted([1, 1, 1]), count: 3).count == 3)
  }

  @Test func `Balanced draws every class equally often`() {
    let labels = Tensor((0..<1000).map { $0 < 900 ? 5 : $0 < 990 ? 6 : 9 } as [Int])
    let drawn = order(.balanced(by: labels, drawnCount: 9000), count: 1000)
    let counts = histogram(drawn.map { $0 < 900 ? 0 : $0 < 990 ? 1 : 2 }, classes: 3)
    #expect(counts.allSatisfy { abs($0 - 3000) < 250 }, "\(counts)")
    #expect(Set(drawn).count > 500)
  }

  @Test(arguments: [10, 16, 50])
  func `Stratified gives each batch its share of every class`(size: Int) {
    let classes: [Int] = (0..<1000).map { $0 % 10 < 5 ? 0 : $0 % 10 < 8 ? 1 : 2 }
    let drawn = order(.stratified(by: Tensor(classes)), count: 1000, seed: UInt64(size))
    #expect(drawn.sorted() == Array(0..<1000))
    for start in stride(from: 0, to: 1000 - size, by: size) {
      let counts = histogram(drawn[start..<start + size].map { classes[$0] }, classes: 3)
      for (count, share) in zip(counts, [0.5, 0.3, 0.2]) {
        let expected: Double = share * Double(size)
        #expect(abs(Double(count) - expected) < 2, "\(counts)")
      }
    }
    #expect(drawn != order(.stratified(by: Tensor(classes)), count: 1000, seed: 1000))
  }

  @Test func `With classes of one size a stratified batch of one each has one of each`() {
    let classes = (0..<40).map { $0 / 10 }
    let drawn = order(.stratified(by: Tensor(classes)), count: 40)
    for start in stride(from: 0, to: 40, by: 4) {
      #expect(Set(drawn[start..<start + 4].map { classes[$0] }) == [0, 1, 2, 3])
    }
  }

  @Test func `An order of one's own may draw from the epoch's generator`() {
    let ends = Sampler(drawnCount: 2) { count, generator in
      Bool.random(using: &generator) ? [0, count - 1] : [count - 1, 0]
    }
    let loader = Loader(numbers(0..<10), batchSize: 2, sampler: ends)
    #expect(loader.count == 1)
    let orders = Set((0..<20).map { loader.order(epoch: $0) })
    #expect(orders == [[0, 9], [9, 0]])
  }

  @Test func `Nothing to draw from is no mistake`() {
    let none = Tensor([Int]())
    let samplers: [Sampler] = [
      .sequential, .shuffled, .weighted([]), .stratified(by: none), .balanced(by: none),
    ]
    for sampler in samplers { #expect(order(sampler, count: 0).isEmpty) }
  }

  @Test func `Mistakes are named where the loader is made`() async {
    let weights = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loader(numbers(0..<3), batchSize: 1, sampler: .weighted([1, 2])).order(epoch: 0)
    }
    #expect(stopMessage(weights).contains("Sampler: 2 weights for 3 examples"))
    #expect(stopMessage(weights).contains("SamplerTests.swift:"))
    let labels = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let labels = Tensor([1, 2] as [Int])
      _ = Loader(numbers(0..<3), batchSize: 1, sampler: .balanced(by: labels)).order(epoch: 0)
    }
    #expect(stopMessage(labels).contains("Sampler: needs [3] integer labels, not int64 [2]"))
    let index = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let wrong = Sampler { count, _ in Array(1...count) }
      _ = Loader(numbers(0..<3), batchSize: 1, sampler: wrong).order(epoch: 0)
    }
    #expect(stopMessage(index).contains("Sampler: gave the index 3 for a dataset of 3 examples"))
    let count = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let wrong = Sampler { _, _ in [0] }
      _ = Loader(numbers(0..<3), batchSize: 1, sampler: wrong).order(epoch: 0)
    }
    #expect(stopMessage(count).contains("Sampler: gave 1 indices where 3 were announced"))
  }
}
