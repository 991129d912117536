import Adjoint
import AdjointNN
import Testing

/// A model with a residual block, an optional head, shared weights and dropout.
private final class Residual: Layer {
  final class Block: Layer {
    let inner = Dense(inputSize: 4, outputSize: 4)
    let scale = Parameter(Tensor([0.7]))
    func forward(_ x: Tensor) -> Tensor { x + scale.value * tanh(inner(x)) }
  }

  let input = Dense(inputSize: 3, outputSize: 4)
  let blocks: [Block]
  let head: Dense? = Dense(inputSize: 4, outputSize: 2, useBias: false)
  let dropout = Dropout(rate: 0.3)

  init() {
    let shared = Block()
    blocks = [shared, Block(), shared]
  }

  func forward(_ x: Tensor) -> Tensor {
    var y = input(x)
    for block in blocks { y = dropout(block(y)) }
    return head.map { $0(y) } ?? y
  }
}

struct GradientCheckTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let shape: Shape
    let make: @Sendable () -> any Layer
  }

  /// Every layer, with the shapes that it treats differently.
  static let table: [Row] = [
    Row(testDescription: "Dense", shape: [3, 4]) { Dense(inputSize: 4, outputSize: 2) },
    Row(testDescription: "Dense on a vector", shape: [4]) { Dense(inputSize: 4, outputSize: 2) },
    Row(testDescription: "Dense on sequences", shape: [2, 3, 4]) {
      Dense(inputSize: 4, outputSize: 2)
    },
    Row(testDescription: "Dense of one feature", shape: [3, 1]) {
      Dense(inputSize: 1, outputSize: 1)
    },
    Row(testDescription: "Dense without bias", shape: [3, 4]) {
      Dense(inputSize: 4, outputSize: 2, useBias: false)
    },
    Row(testDescription: "ReLU", shape: [5, 4]) { ReLU() },
    Row(testDescription: "Softmax", shape: [3, 4]) { Softmax() },
    Row(testDescription: "Softmax over axis 0", shape: [3, 4]) { Softmax(axis: 0) },
    Row(testDescription: "Dropout", shape: [5, 4]) { Dropout(rate: 0.4) },
    Row(testDescription: "Flatten", shape: [2, 3, 2]) { Flatten() },
    Row(testDescription: "Sequential", shape: [3, 4]) {
      Sequential {
        Dense(inputSize: 4, outputSize: 5)
        ReLU()
        Dropout(rate: 0.2)
        Dense(inputSize: 5, outputSize: 3)
        Softmax()
      }
    },
    Row(testDescription: "a model of one's own", shape: [2, 3]) { Residual() },
  ]

  @Test(arguments: table)
  func `The derivatives of a layer agree with differences, in order 1 and 2`(_ row: Row) {
    withGenerator(seed: 11) {
      let layer = row.make()
      for mode in [Mode.training, .inference] {
        let report = withMode(mode) { check(layer, random(row.shape, seed: 3)) }
        #expect(report.passed, "\(report)")
        #expect(layer.parameters.allSatisfy { $0.dtype == .float32 })
      }
    }
  }

  private func check(_ layer: some Layer, _ x: Tensor) -> GradientReport {
    checkGradients(of: layer, input: x)
  }

  private static let classes = Tensor([2, 0, 3] as [Int])
  private static let rows = softmax(random([3, 4], seed: 9))
  private static let losses: [(String, Loss, Tensor, @Sendable (Tensor) -> Tensor)] = [
    ("softmaxCrossEntropy", .softmaxCrossEntropy, classes, { $0 }),
    ("softmaxCrossEntropy of rows", .softmaxCrossEntropy, rows, { $0 }),
    ("categoricalCrossEntropy", .categoricalCrossEntropy, classes, { softmax($0) }),
    ("categoricalCrossEntropy of rows", .categoricalCrossEntropy, rows, { softmax($0) }),
    ("meanSquaredError", .meanSquaredError, rows, { $0 }),
  ]

  @Test(arguments: losses)
  func `The derivatives of a loss agree with differences, in order 1 and 2`(
    _ name: String, _ loss: Loss, _ target: Tensor, _ domain: @Sendable (Tensor) -> Tensor
  ) {
    let report = Adjoint.checkGradients(
      of: { loss(domain($0[0]), target) }, at: [random([3, 4], seed: 5)])
    #expect(report.passed, "\(report)")
  }

  @Test func `A whole model with its loss passes, and is float32 with its values afterwards`() {
    let model = withGenerator(seed: 4) { Residual() }
    let before = model.stateDictionary.mapValues(\.scalars)
    let report = withMode(.training) {
      checkGradients(of: model, inputs: [random([2, 3], dtype: .float32)]) {
        softmaxCrossEntropy(logits: model($0[0]), labels: Tensor([1, 0] as [Int]))
      }
    }
    #expect(report.passed, "\(report)")
    #expect(model.stateDictionary.mapValues(\.scalars) == before)
    #expect(model.parameters.allSatisfy { $0.dtype == .float32 })
  }

  @Test func `A wrong derivative is found and its parameter named`() throws {
    final class Wrong: Layer {
      let scale = Parameter(Tensor([1.5, 0.5]))
      let right = Parameter(Tensor([1.0, 2.0]))
      func forward(_ x: Tensor) -> Tensor { x * scale.value * scale.value.detached + right.value }
    }
    let report = checkGradients(of: Wrong(), input: random([3, 2]), orders: 1...1)
    #expect(!report.passed)
    #expect(try #require(report.worst).input == "scale")
  }

  @Test func `Integer inputs stay integers and have no derivative`() {
    let embedding = withGenerator(seed: 3) { Embedding(count: 4, size: 2) }
    let report = checkGradients(
      of: embedding, inputs: [Tensor([3, 0, 3] as [Int]), random([3, 2])]
    ) { $0[1] * embedding($0[0]) }
    #expect(report.passed && report.count > 0, "\(report)")
  }
}
