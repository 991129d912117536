import Adjoint
import AdjointData
import Testing

/// Example i is the numbers i and 100 + i.
func numbers(_ range: Range<Int>) -> TensorDataset {
  TensorDataset(Tensor(Array(range)), Tensor(range.map { [Float($0 + 100), Float($0 + 200)] }))
}

/// Of the first tensor, which tells examples apart.
func keys(_ batch: [Tensor]) -> [Int] { batch[0].scalars(as: Int.self) }

struct DatasetTests {
  /// Every other example has a third of its own.
  private struct Squares: Dataset {
    let count = 10
    subscript(index: Int) -> [Tensor] { [Tensor([index, index * index])] }
  }

  @Test func `A dataset of one's own stacks its examples`() throws {
    let batch = try Squares().batch(at: [3, 0, 3])
    #expect(batch.map(\.shape) == [[3, 2]])
    #expect(batch[0].scalars(as: Int.self) == [3, 9, 0, 0, 3, 9])
  }

  @Test func `Rows of tensors come as views when they follow one another, else gathered`() {
    let data = numbers(0..<10)
    #expect(data.count == 10)
    #expect(data[4][0].scalar == 4 && data[4][1].scalars == [104, 204])
    #expect(keys(data.batch(at: [2, 3, 4])) == [2, 3, 4])
    #expect(keys(data.batch(at: [4, 3, 2])) == [4, 3, 2])
    #expect(keys(data.batch(at: [2, 4])) == [2, 4])
    #expect(data.batch(at: [7, 1, 1])[1].scalars == [107, 207, 101, 201, 101, 201])
  }

  @Test func `A mapped dataset puts each example through the function`() throws {
    let data = numbers(0..<10).mapped { [$0[0] * Tensor(2, dtype: .int64), $0[1].sum()] }
    #expect(data.count == 10)
    #expect(try data[3][1].scalar == 306)
    let batch = try data.batch(at: [1, 5])
    #expect(keys(batch) == [2, 10] && batch[1].scalars == [302, 310])
  }

  @Test func `A subset may repeat and reorder`() throws {
    let part = Subset(numbers(0..<10), at: [9, 2, 2])
    #expect(part.count == 3)
    #expect(try part[0][0].scalar == 9)
    #expect(keys(try part.batch(at: [2, 0])) == [2, 9])
    #expect(Subset(numbers(0..<0), at: []).count == 0)
  }

  @Test func `Concatenated datasets answer from every part in the order of the question`() throws {
    let all = ConcatenatedDataset([
      numbers(0..<4), numbers(0..<0), numbers(4..<5), numbers(5..<12),
    ])
    #expect(all.count == 12)
    for index in 0..<12 { #expect(try all[index][0].scalar == Double(index)) }
    for order in [[11, 0, 4, 3, 5, 0], [1, 2, 3], [6, 6], [4]] {
      let batch = try all.batch(at: order)
      #expect(keys(batch) == order)
      let expected: [Double] = order.flatMap { [Double($0 + 100), Double($0 + 200)] }
      #expect(batch[1].scalars == expected)
    }
    #expect(ConcatenatedDataset([]).count == 0)
  }

  @Test func `Zipped datasets join the tensors of their examples`() throws {
    let both = ZippedDataset([numbers(0..<5), Subset(numbers(0..<5), at: [4, 3, 2, 1, 0])])
    #expect(both.count == 5)
    #expect(try both[1].map { $0.shape } == [[], [2], [], [2]])
    let batch = try both.batch(at: [0, 2])
    #expect(keys(batch) == [0, 2] && batch[2].scalars == [4, 2])
  }

  @Test func `A split divides the examples, in order, the same for the same seed`() {
    let (training, validation) = numbers(0..<50).split(validationFraction: 0.3, seed: 5)
    #expect(training.count == 35 && validation.count == 15)
    #expect((training.indices + validation.indices).sorted() == Array(0..<50))
    #expect(training.indices == training.indices.sorted())
    #expect(validation.indices == validation.indices.sorted())
    #expect(validation.indices != Array(0..<15))
    let again = numbers(0..<50).split(validationFraction: 0.3, seed: 5)
    #expect(again.validation.indices == validation.indices)
    let other = numbers(0..<50).split(validationFraction: 0.3, seed: 6)
    #expect(other.validation.indices != validation.indices)
    #expect(numbers(0..<5).split(validationFraction: 0).validation.count == 0)
    #expect(numbers(0..<5).split(validationFraction: 1).training.count == 0)
    #expect(numbers(0..<0).split(validationFraction: 0.5).training.count == 0)
  }

  /// 60 of class 7, 30 of class -1, 10 of class 3, mixed.
  private let labels = Tensor((0..<100).map { $0 % 10 < 6 ? 7 : $0 % 10 < 9 ? -1 : 3 } as [Int])

  private func classCounts(_ part: Subset) -> [Int] {
    let all = labels.scalars(as: Int.self)
    return [7, -1, 3].map { label in part.indices.count { all[$0] == label } }
  }

  @Test func `A stratified split keeps the shares of classes`() {
    for seed in 0..<10 as Range<UInt64> {
      let (training, validation) = numbers(0..<100).split(
        validationFraction: 0.2, stratifiedBy: labels, seed: seed)
      #expect(classCounts(validation) == [12, 6, 2])
      #expect(classCounts(training) == [48, 24, 8])
    }
  }

  @Test func `Folds divide the examples, each being the validation once`() {
    for count in [2, 3, 10] {
      let folds = numbers(0..<10).folds(count, seed: 1)
      #expect(folds.count == count)
      #expect(folds.flatMap { $0.validation.indices }.sorted() == Array(0..<10))
      for fold in folds {
        #expect((fold.training.indices + fold.validation.indices).sorted() == Array(0..<10))
        #expect((10 / count...(10 + count - 1) / count).contains(fold.validation.count))
      }
    }
    let first = numbers(0..<10).folds(5, seed: 1).map(\.validation.indices)
    #expect(first == numbers(0..<10).folds(5, seed: 1).map(\.validation.indices))
    #expect(first != numbers(0..<10).folds(5, seed: 2).map(\.validation.indices))
    #expect(first != [[0, 5], [1, 6], [2, 7], [3, 8], [4, 9]])
  }

  @Test func `Stratified folds have equal numbers of every class`() {
    for fold in numbers(0..<100).folds(5, stratifiedBy: labels) {
      #expect(classCounts(fold.validation) == [12, 6, 2])
    }
    for fold in numbers(0..<100).folds(7, stratifiedBy: labels) {
      let counts = classCounts(fold.validation)
      #expect((8...9).contains(counts[0]) && (4...5).contains(counts[1]))
      #expect((1...2).contains(counts[2]) && (14...15).contains(counts.reduce(0, +)))
    }
  }

  @Test func `Mistakes are named where they are made`() async {
    let rows = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = TensorDataset(Tensor.zeros([3, 2]), Tensor.zeros([2]))
    }
    #expect(
      stopMessage(rows).contains(
        "TensorDataset: equal numbers of rows expected, tensor 0 has the shape [3, 2], tensor 1 has"
          + " [2]"))
    #expect(stopMessage(rows).contains("DatasetTests.swift:"))
    let subset = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Subset(numbers(0..<3), at: [0, 3])
    }
    #expect(stopMessage(subset).contains("Subset: index 3 is out of range for 3 examples"))
    let ragged = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let ragged = numbers(0..<3).mapped { [Tensor.zeros([Int($0[0].scalar) + 1])] }
      _ = try ragged.batch(at: [0, 1])
    }
    #expect(
      stopMessage(ragged).contains(
        "the first of the batch has float32 [1], number 1 has float32 [2]; give the Loader a collate"
          + " function"))
    let zipped = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ZippedDataset([numbers(0..<3), numbers(0..<2)])
    }
    #expect(stopMessage(zipped).contains("datasets of equal length expected, got lengths [3, 2]"))
    let folds = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = numbers(0..<3).folds(4)
    }
    #expect(stopMessage(folds).contains("folds: 3 examples cannot be divided into 4 folds"))
    let labels = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = numbers(0..<3).folds(2, stratifiedBy: Tensor([1, 2, 3]))
    }
    #expect(stopMessage(labels).contains("folds: needs [3] integer labels, not float32 [3]"))
    let share = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = numbers(0..<3).split(validationFraction: 20)
    }
    #expect(stopMessage(share).contains("split: the fraction must be in 0 ... 1, not 20.0"))
  }
}
