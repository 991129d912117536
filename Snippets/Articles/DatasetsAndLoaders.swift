// The code of the article DatasetsAndLoaders; the comments are what it prints.
// MARK: Data that is there

import Adjoint
import AdjointData
import Foundation

let iris = try Iris.load()
print(iris.features.shape, iris.labels.dtype, iris.classNames[0])  // [150, 4] int64 setosa

let mnist = try MNIST.load()
print(mnist.trainImages.shape, mnist.trainImages.dtype)  // [60000, 28, 28] uint8

let moons = withGenerator(seed: 1) { Synthetic.moons(count: 200, noise: 0.1) }
print(moons.x.shape, moons.y.shape)  // [200, 2] [200]

let table = """
  length,width,kind
  5.1,3.5,a
  4.9,,b
  """
let csv = try CSV.decode(Array(table.utf8), name: "table", missing: .nan)
print(try csv.matrix(of: ["length", "width"]).shape, csv["kind"]?.texts ?? [])
// [2, 2] ["a", "b"]

// MARK: Batches of tensors

for batch in Batches(of: [iris.features, iris.labels], size: 64) {
  print(batch[0].shape, batch[1].shape)
}
// [64, 4] [64]
// [64, 4] [64]
// [22, 4] [22]

// MARK: Datasets

struct Squares: Dataset {
  let count = 10
  subscript(index: Int) -> [Tensor] {
    [Tensor(Double(index)), Tensor(Double(index * index))]
  }
}

let squares = Squares()
print(squares[3].map(\.scalar), try squares.batch(at: [1, 2])[1].scalars)  // [3.0, 9.0] [1.0, 4.0]

let examples = TensorDataset(iris.features, iris.labels)
let (training, validation) = examples.split(validationFraction: 0.2, stratifiedBy: iris.labels)
print(training.count, validation.count)  // 120 30
print(examples.folds(5, stratifiedBy: iris.labels).map(\.validation.count))  // [30, 30, 30, 30, 30]
print(ConcatenatedDataset([squares, squares]).count)  // 20
let scaled = examples.mapped { [$0[0] / 10, $0[1]] }
print(try scaled[0][0].scalars == (iris.features[0] / 10).scalars)  // true

// MARK: Loaders

let loader = Loader(
  training, batchSize: 32, sampler: .shuffled, seed: 1, workers: 2,
  transform: { batch in [batch[0] - 3, batch[1]] })
print(loader.count)  // 4
for batch in loader.epoch(0) { print(batch[0].shape[0]) }
// 32
// 32
// 32
// 24

let all = loader.epoch(3).map { $0[0].scalars }
let rest = loader.epoch(3, from: 2).map { $0[0].scalars }
print(Array(all[2...]) == rest)  // true

let alone = Loader(
  training, batchSize: 32, sampler: .shuffled, seed: 1, transform: { [$0[0] - 3, $0[1]] })
print(alone.epoch(3).map { $0[0].scalars } == all)  // true

// MARK: Examples of different lengths

struct Words: Dataset {
  let lengths = [2, 3, 1]
  var count: Int { lengths.count }
  subscript(index: Int) -> [Tensor] { [Tensor.arange(lengths[index]) + 1] }
}

let padded = Loader(
  Words(), batchSize: 3,
  collate: { examples in
    let longest = examples.map { $0[0].shape[0] }.max() ?? 0
    let rows = examples.map { $0[0].padded([(0, longest - $0[0].shape[0])]) }
    return [stacked(rows), Tensor(examples.map { $0[0].shape[0] })]
  })
for batch in padded.epoch(0) { print(batch.map { $0.scalars(as: Int.self) }) }
// [[1, 2, 0, 1, 2, 3, 1, 0, 0], [2, 3, 1]]

// MARK: Augmentation

let augmentation = Augmentation {
  RandomShift(maximum: 2)
  RandomHorizontalFlip()
  Normalize(mean: [0.5], standardDeviation: [0.25])
}
let digits = Loader(
  TensorDataset(mnist.trainImages[..<100], mnist.trainLabels[..<100]), batchSize: 50,
  sampler: .shuffled, seed: 1,
  transform: { batch in
    let images = batch[0].expandingDimension(at: 1).cast(to: .float32) / 255
    return [augmentation(images), batch[1]]
  })
print(digits.epoch(0).map(\.[0].shape))  // [[50, 1, 28, 28], [50, 1, 28, 28]]

// MARK: Text

let tokenizer = ByteTokenizer()
print(tokenizer.encode("Hi!"), tokenizer.decode([72, 105]))  // [72, 105, 33] Hi
