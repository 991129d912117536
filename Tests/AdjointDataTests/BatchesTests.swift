import Adjoint
import AdjointData
import Testing

@Suite("Batches")
struct BatchesTests {
  /// Rows that tell their number: [0, 100], [1, 101], ...
  private func rows(_ count: Int) -> Tensor {
    let elements: [Float] = (0..<count).flatMap { [Float($0), Float($0 + 100)] }
    return Tensor(elements, shape: [count, 2])
  }

  private func labels(_ count: Int) -> Tensor { Tensor((0..<count).map { UInt8($0) }) }

  @Test("Unshuffled batches hold all rows in order, the last one is short")
  func inOrder() {
    let batches = Batches(of: [rows(10), labels(10)], size: 4)
    #expect(batches.count == 3 && batches.rowCount == 10)
    let all = Array(batches)
    #expect(all.map { $0[0].shape } == [[4, 2], [4, 2], [2, 2]])
    #expect(all.map { $0[1].shape } == [[4], [4], [2]])
    #expect(all.flatMap { $0[1].bytes() } == Array(0..<10))
    #expect(all[2][0].scalars(as: Float.self) == [8, 108, 9, 109])
  }

  @Test("The short batch can be dropped, and is not made when the rows fit")
  func short() {
    #expect(Array(Batches(of: [labels(10)], size: 4, dropsLast: true)).count == 2)
    #expect(Batches(of: [labels(10)], size: 4, dropsLast: true).count == 2)
    #expect(Array(Batches(of: [labels(8)], size: 4)).count == 2)
    #expect(Array(Batches(of: [labels(3)], size: .max)).map { $0[0].shape } == [[3]])
    #expect(Array(Batches(of: [labels(3)], size: 4, dropsLast: true)).isEmpty)
    #expect(Array(Batches(of: [labels(0)], size: 4)).isEmpty)
  }

  @Test("Shuffled batches hold every row once, with the same rows of each tensor together")
  func shuffled() {
    var generator = Generator(seed: 7)
    let batches = Batches(of: [rows(50), labels(50)], size: 16, shuffledBy: &generator)
    #expect(batches.count == 4)
    let all = Array(batches)
    #expect(all.map { $0[0].shape[0] } == [16, 16, 16, 2])
    let order = all.flatMap { $0[1].bytes() }
    #expect(order != Array(0..<50) && order.sorted() == Array(0..<50))
    for batch in all {
      let expected = batch[1].bytes().flatMap { [Float($0), Float($0) + 100] }
      #expect(batch[0].scalars(as: Float.self) == expected)
    }
  }

  @Test("Equal generators give equal orders, the next epoch gives another")
  func deterministic() {
    func order(_ generator: inout Generator) -> [UInt8] {
      Batches(of: [labels(50)], size: 16, shuffledBy: &generator).flatMap { $0[0].bytes() }
    }
    var (one, same, other) = (Generator(seed: 1), Generator(seed: 1), Generator(seed: 2))
    let first = order(&one)
    #expect(first == order(&same))
    #expect(first != order(&other))
    #expect(first != order(&one))
    func scopedOrder() -> [UInt8] {
      withGenerator(seed: 1) {
        Batches(of: [labels(50)], size: 16, shuffled: true).flatMap { $0[0].bytes() }
      }
    }
    #expect(scopedOrder() == scopedOrder() && scopedOrder() != Array(0..<50))
  }

  @Test("The same value can be gone through again")
  func again() {
    var generator = Generator(seed: 3)
    let batches = Batches(of: [labels(20)], size: 8, shuffledBy: &generator)
    #expect(batches.map { $0[0].bytes() } == batches.map { $0[0].bytes() })
  }

  @Test("Different numbers of rows stop the program with both shapes")
  func mismatch() async throws {
    let result = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Batches(of: [Tensor([1, 2, 3] as [Float]), Tensor([1, 2] as [Float])], size: 2)
    }
    let text = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(
      text.contains(
        "Batches: equal numbers of rows expected, tensor 0 has the shape [3], tensor 1 has [2]"))
    #expect(text.contains("BatchesTests.swift:"))
  }

  @Test("A size of zero, no tensor and a tensor without rows stop the program")
  func misuse() async throws {
    await #expect(processExitsWith: .failure) { _ = Batches(of: [Tensor([1] as [Float])], size: 0) }
    await #expect(processExitsWith: .failure) { _ = Batches(of: [], size: 1) }
    await #expect(processExitsWith: .failure) {
      _ = Batches(of: [Tensor([1] as [Float], shape: [])], size: 1)
    }
  }
}
