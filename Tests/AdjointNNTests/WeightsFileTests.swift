import Adjoint
import AdjointData
import AdjointNN
import Foundation
import Testing

private final class Net: Module {
  let hidden: Dense
  let norm = BatchNorm1d(channels: 4)

  init(size: Int = 4) { hidden = Dense(inputSize: 3, outputSize: size) }
}

@Suite("Weights in a file")
struct WeightsFileTests {
  private static func withFile(_ body: (URL) throws -> Void) rethrows {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    try body(file)
  }

  @Test("a model of one's own gets back its parameters and buffers")
  func roundTrip() throws {
    try Self.withFile { file in
      let net = withGenerator(seed: 1) { Net() }
      withMode(.training) { _ = net.norm(Tensor([[1, 2, 3, 4], [5, 7, 9, 8]])) }
      try net.saveWeights(to: file)
      let other = withGenerator(seed: 2) { Net() }
      try other.loadWeights(from: file)
      #expect(other.stateDictionary.keys.sorted() == net.stateDictionary.keys.sorted())
      for (name, value) in net.stateDictionary {
        #expect(other.stateDictionary[name]?.scalars == value.scalars)
      }
      #expect(try SafeTensors.read(file).metadata["format"] == "pt")
    }
  }

  @Test("weights of another model change nothing and say what differs")
  func mismatch() throws {
    try Self.withFile { file in
      try Net(size: 5).saveWeights(to: file)
      let net = Net()
      let before = net.hidden.weight.value.scalars
      let error = try #require(throws: StateMismatch.self) { try net.loadWeights(from: file) }
      #expect(error.differences.map(\.name).sorted() == ["hidden.bias", "hidden.weight"])
      #expect(net.hidden.weight.value.scalars == before)
    }
  }

  @Test("a file that is not there or holds something else throws")
  func wrongFiles() throws {
    try Self.withFile { file in
      #expect(throws: FormatError.self) { try Net().loadWeights(from: file) }
      try Data("no tensors".utf8).write(to: file)
      #expect(throws: FormatError.self) { try Net().loadWeights(from: file) }
    }
  }
}
