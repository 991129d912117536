import Adjoint
import AdjointNN
import Testing

/// Modules in collections, found without being declared.
private final class Collections: Layer {
  let blocks: [any Layer]
  let heads: [String: Dense]
  let pair: (Dense, Dense)

  init() {
    blocks = (0..<2).map { _ in Dense(inputSize: 2, outputSize: 2) }
    heads = ["b": Dense(inputSize: 2, outputSize: 1), "a": Dense(inputSize: 2, outputSize: 1)]
    pair = (Dense(inputSize: 2, outputSize: 2, useBias: false), Dense(inputSize: 2, outputSize: 2))
  }

  func forward(_ x: Tensor) -> Tensor {
    let y = blocks.reduce(x) { $1($0) }
    return heads.values.reduce(pair.0(y).sum(axes: [1], keepingDimensions: true)) { $0 + $1(y) }
  }
}

struct ContainerTests {
  @Test func `Modules in arrays, dictionaries and tuples are named by place and key`() {
    let model = Collections()
    #expect(
      model.namedParameters.map(\.name) == [
        "blocks.0.weight", "blocks.0.bias", "blocks.1.weight", "blocks.1.bias", "heads.a.weight",
        "heads.a.bias", "heads.b.weight", "heads.b.bias", "pair.0.weight", "pair.1.weight",
        "pair.1.bias",
      ])
    let x = random([3, 2])
    let report = checkGradients(of: model, input: x)
    #expect(report.passed, "\(report)")
    #expect("\(model)".contains("  heads.a: Dense(2 to 1)\n"))
  }

  @Test func `Residual layers add, project and activate`() {
    let doubled = Residual(Identity())
    #expect(doubled(Tensor([1, -2])).scalars == [2, -4])
    let rectified = Residual(Identity(), projection: Lambda { $0 * 2 }, activation: .relu)
    #expect(rectified(Tensor([1, -2])).scalars == [3, 0])
    let block = Residual(projection: Dense(inputSize: 2, outputSize: 3)) {
      Dense(inputSize: 2, outputSize: 4)
      ReLU()
      Dense(inputSize: 4, outputSize: 3)
    }
    #expect(
      block.namedParameters.map(\.name) == [
        "body.0.weight", "body.0.bias", "body.2.weight", "body.2.bias", "projection.weight",
        "projection.bias",
      ])
  }

  @Test func `Parallel layers are joined in their order`() {
    let layer = Parallel([Identity(), Lambda { $0 * 10 }])
    #expect(layer(Tensor([[1.0, 2.0]])).scalars == [1, 2, 10, 20])
    let sum = Parallel([Identity(), Lambda { $0 * 10 }], joining: .sum)
    #expect(sum(Tensor([[1.0, 2.0]])).scalars == [11, 22])
    #expect("\(sum)".hasPrefix("Parallel(sum\n  0: Identity()"))
  }

  @Test func `Shapes that cannot be joined are named`() async {
    let sum = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Residual(Dense(inputSize: 2, outputSize: 3))(Tensor.zeros([5, 2]))
    }
    #expect(
      errors(sum).contains(
        "Residual: the body makes [5, 3] of an input of shape [5, 2], but is added to [5, 2]"))
    let joined = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let branches = [Dense(inputSize: 2, outputSize: 3), Flatten()] as [any Layer]
      _ = Parallel(branches, joining: .concatenation(axis: 0))(Tensor.zeros([5, 2]))
    }
    #expect(
      errors(joined).contains(
        "Parallel: the branches make [[5, 3], [5, 2]] of an input of shape [5, 2]; concatenation "
          + "along axis 0 is impossible"))
    let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Parallel([])
    }
    #expect(errors(none).contains("Parallel: needs at least one branch"))
  }
}
