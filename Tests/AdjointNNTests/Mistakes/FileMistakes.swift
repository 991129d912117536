import Adjoint
import AdjointData
import AdjointNN
import AdjointNotebook
import Foundation
import Testing

/// The section "Data and files" of docs/mistakes.md: the code and the texts are those of the page.
///
/// Files are in `folder`, which the page leaves out of the texts.
struct FileMistakes {
  @Test func `A file that is not there`() throws {
    expectThrow { folder in
      _ = try CSV.read(folder.appending(path: "house.csv"))
    }
    try rightly { folder in
      try Data("area,price\n80,250000\n".utf8).write(to: folder.appending(path: "houses.csv"))
      _ = try CSV.read(folder.appending(path: "houses.csv"))
    }
  }

  @Test func `A column that is not in the CSV file`() throws {
    expectThrow { _ in
      let table = try CSV.decode(Array("area,rooms,price\n80,3,250000\n".utf8), name: "houses.csv")
      _ = try table.matrix(of: ["area", "Price"])
    }
    try rightly {
      let table = try CSV.decode(Array("area,rooms,price\n80,3,250000\n".utf8), name: "houses.csv")
      _ = try table.matrix(of: ["area", "price"])
    }
  }

  @Test func `Texts in a column of numbers`() throws {
    expectThrow { _ in
      let table = try CSV.decode(Array("area,price\n80,sold\n".utf8), name: "houses.csv")
      _ = try table.matrix()
    }
    try rightly {
      let table = try CSV.decode(Array("area,price\n80,sold\n".utf8), name: "houses.csv")
      _ = try table.matrix(of: ["area"])
      print(table["price"]?.texts ?? [])
    }
  }

  @Test func `A value missing in a CSV file`() throws {
    expectThrow { _ in
      _ = try CSV.decode(Array("area,price\n80,250000\n,199000\n".utf8), name: "houses.csv")
    }
    try rightly {
      let bytes = Array("area,price\n80,250000\n,199000\n".utf8)
      let table = try CSV.decode(bytes, name: "houses.csv", missing: .nan)
      _ = try table.matrix()
    }
  }

  @Test func `A row of a CSV file with too many cells`() throws {
    expectThrow { _ in
      _ = try CSV.decode(Array("area,price\n80,250,000\n".utf8), name: "houses.csv")
    }
    try rightly {
      _ = try CSV.decode(Array("area,price\n80,\"250000\"\n".utf8), name: "houses.csv")
    }
  }

  @Test func `A picture that is not PNG`() throws {
    expectThrow { folder in
      let file = folder.appending(path: "cat.png")
      try Data([0xFF, 0xD8, 0xFF, 0xE0]).write(to: file)  // a JPEG under another name
      _ = try PNG.read(file)
    }
    try rightly { folder in
      let file = folder.appending(path: "cat.png")
      try PNG.write(Tensor.zeros([2, 2], dtype: .uint8), to: file)
      _ = try PNG.read(file)
    }
  }

  @Test func `Arrays that are not npz`() throws {
    expectThrow { folder in
      let file = folder.appending(path: "arrays.npz")
      try NPY.write(Tensor([1, 2, 3]), to: file)
      _ = try NPZ.read(file)
    }
    try rightly { folder in
      let file = folder.appending(path: "array.npy")
      try NPY.write(Tensor([1, 2, 3]), to: file)
      _ = try NPY.read(file)
    }
  }

  @Test func `Weights that are not safetensors`() throws {
    expectThrow { folder in
      let file = folder.appending(path: "model.pt")
      try Data("PK\u{3}\u{4} and so on".utf8).write(to: file)  // what torch.save writes
      _ = try SafeTensors.read(file)
    }
    try rightly { folder in
      let file = folder.appending(path: "model.safetensors")
      try Sequential { Dense(inputSize: 2, outputSize: 1) }.save(to: file)
      _ = try SafeTensors.read(file)
    }
  }

  @Test func `MNIST in another folder`() throws {
    expectThrow { folder in
      _ = try MNIST.load(directory: folder.appending(path: "mnist"))
    }
    try rightly {
      _ = try MNIST.load()  // the files that come with the package
    }
  }

  @Test func `The weights of another architecture`() throws {
    expectThrow { _ in
      let saved = Sequential {
        Dense(inputSize: 4, outputSize: 8)
        Dense(inputSize: 8, outputSize: 2)
      }
      let model = Sequential {
        Dense(inputSize: 4, outputSize: 16)
        ReLU()
        Dense(inputSize: 16, outputSize: 2)
      }
      try model.load(stateDictionary: saved.stateDictionary)
    }
    try rightly {
      let saved = Sequential {
        Dense(inputSize: 4, outputSize: 8)
        Dense(inputSize: 8, outputSize: 2)
      }
      let model = Sequential {
        Dense(inputSize: 4, outputSize: 8)
        Dense(inputSize: 8, outputSize: 2)
      }
      try model.load(stateDictionary: saved.stateDictionary)
    }
  }

  @Test func `Weights where a whole model is expected`() throws {
    expectThrow { folder in
      let file = folder.appending(path: "weights.safetensors")
      let model = Sequential { Dense(inputSize: 2, outputSize: 1) }
      try SafeTensors(model.stateDictionary.map { ($0, $1) }).write(to: file)
      _ = try Sequential.load(from: file)
    }
    try rightly { folder in
      let file = folder.appending(path: "model.safetensors")
      let model = Sequential { Dense(inputSize: 2, outputSize: 1) }
      try model.save(to: file)
      _ = try Sequential.load(from: file)
    }
  }

  @Test func `A layer of one's own in a model file`() throws {
    expectThrow { folder in
      final class Doubling: SavableLayer {
        func forward(_ x: Tensor) -> Tensor { 2 * x }
      }
      let file = folder.appending(path: "model.safetensors")
      try Sequential { Doubling() }.save(to: file)
      _ = try Sequential.load(from: file)
    }
    try rightly { folder in
      final class Doubling: SavableLayer {
        func forward(_ x: Tensor) -> Tensor { 2 * x }
      }
      let file = folder.appending(path: "model.safetensors")
      try Sequential { Doubling() }.save(to: file)
      _ = try Sequential.load(from: file, layers: [Doubling.self])
    }
  }

  @Test func `Going on from a checkpoint with another optimizer`() throws {
    expectThrow { folder in
      let policy = CheckpointPolicy(folder.appending(path: "run.safetensors"))
      let model = Sequential { Dense(inputSize: 2, outputSize: 1) }
      let (x, y) = (Tensor.ones([8, 2]), Tensor.ones([8, 1]))
      try model.fit(
        x, y, loss: .meanSquaredError, optimizer: SGD(), checkpoint: policy, verbose: .silent)
      try model.fit(
        x, y, epochs: 2, loss: .meanSquaredError, optimizer: Adam(), checkpoint: policy,
        verbose: .silent)
    }
    try rightly { folder in
      let policy = CheckpointPolicy(folder.appending(path: "run.safetensors"))
      let model = Sequential { Dense(inputSize: 2, outputSize: 1) }
      let (x, y) = (Tensor.ones([8, 2]), Tensor.ones([8, 1]))
      try model.fit(
        x, y, loss: .meanSquaredError, optimizer: SGD(), checkpoint: policy, verbose: .silent)
      try model.fit(
        x, y, epochs: 2, loss: .meanSquaredError, optimizer: SGD(), checkpoint: policy,
        verbose: .silent)
    }
  }

  @Test func `A character that the tokenizer has not seen`() throws {
    expectThrow { _ in
      let tokenizer = CharacterTokenizer(vocabularyOf: "to be or not to be")
      _ = try tokenizer.encode("to see")
    }
    try rightly {
      let tokenizer = CharacterTokenizer(vocabularyOf: "to be or not to be", unknown: .skipped)
      _ = try tokenizer.encode("to see")
    }
  }
}
