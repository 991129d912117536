// The code of the article SavingAndLoading; the comments are what it prints.
import Adjoint
import AdjointData
import AdjointNN
import Foundation

let folder = FileManager.default.temporaryDirectory.appending(path: "guides-saving")
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(at: folder) }

// MARK: A whole model

let model = withGenerator(seed: 1) {
  Sequential {
    Dense(inputSize: 4, outputSize: 8, activation: .relu)
    BatchNorm1d(channels: 8)
    Dense(inputSize: 8, outputSize: 3)
  }
}
let file = folder.appending(path: "model.safetensors")
try model.save(to: file)

let loaded = try Sequential.load(from: file)
let x = Tensor([[1, 2, 3, 4]])
print(loaded(x).scalars == model(x).scalars)  // true

final class Scale: SavableLayer {
  let gain: Parameter

  init(size: Int) { gain = Parameter(Tensor.ones([size])) }

  func forward(_ x: Tensor) -> Tensor { x * gain.value }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(gain.shape[0])
  }

  convenience init(from decoder: any Decoder) throws {
    let size = try decoder.singleValueContainer().decode(Int.self)
    guard (1...100_000).contains(size) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "there is no size \(size)"))
    }
    self.init(size: size)
  }
}

let mixed = Sequential([Scale(size: 4), Dense(inputSize: 4, outputSize: 1)])
try mixed.save(to: file)
print(try Sequential.load(from: file, layers: [Scale.self]).layers.count)  // 2

do {
  _ = try Sequential.load(from: file)
} catch let error as FormatError {
  print(error.kind, error.field)  // mismatched architecture
}

// MARK: Weights

let state = model.stateDictionary
print(state.keys.sorted().prefix(3))  // ["0.bias", "0.weight", "1.bias"]
try model.saveWeights(to: file)

let other = withGenerator(seed: 2) {
  Sequential {
    Dense(inputSize: 4, outputSize: 8, activation: .relu)
    BatchNorm1d(channels: 8)
    Dense(inputSize: 8, outputSize: 3)
  }
}
try other.loadWeights(from: file)
print(other(x).scalars == model(x).scalars)  // true

let first = state.filter { $0.key.hasPrefix("0.") }
try other.load(stateDictionary: other.stateDictionary.merging(first) { $1 })

// MARK: PyTorch

let mapped = try SafeTensorsFile(file)
print(mapped.names.count == state.count, mapped.shape(of: "0.weight") ?? [])  // true [8, 4]

// MARK: NumPy

let array = folder.appending(path: "x.npy")
try NPY.write(x, to: array)
print(try NPY.read(array).scalars)  // [1.0, 2.0, 3.0, 4.0]

let arrays = folder.appending(path: "arrays.npz")
try NPZ([(name: "x", tensor: x), (name: "labels", tensor: Tensor([1, 2] as [Int]))])
  .write(to: arrays, compressed: true)
print(try NPZ.read(arrays)["labels"]?.dtype ?? .bool)  // int64

// MARK: Training

let adam = Adam()
adam.update(model, valueWithGradients(of: model) { square(model(x)).sum() }.gradients)
let kept = adam.stateDictionary(for: model)
let again = Adam()
try again.load(stateDictionary: kept, for: model)
print(kept.keys.filter { $0.hasPrefix("0.weight") }.sorted())
// ["0.weight.m", "0.weight.step", "0.weight.v"]
