import Adjoint
import AdjointData
import AdjointNN
import Foundation
import Testing

/// What PyTorch's models do in ten steps; see Fixtures/make_models.py.
struct ModelReference: Decodable, Sendable {
  /// The shapes of PyTorch's state dictionary.
  let state: [String: [Int]]
  /// The loss before each step.
  let losses: [Double]
  /// What the trained model makes of its training data at inference.
  let outputs: [Double]

  static func named(_ name: String) throws -> ModelReference {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().path
    let data = try Data(contentsOf: fixture("models.json", file: tests))
    let all = try JSONDecoder().decode([String: ModelReference].self, from: data)
    return try #require(all[name])
  }

  /// Gives a model the weights that PyTorch's starts from, and the same names and shapes.
  func start(_ model: some Module) throws {
    #expect(model.stateDictionary.mapValues { Array($0.shape) } == state)
    model.convert(to: .float64)
    let named = model.namedParameters.sorted { $0.name < $1.name }
    for (index, entry) in named.enumerated() {
      let (values, shape) = (wave(entry.parameter.shape, seed: index), entry.parameter.shape)
      if shape.count > 1 {
        let inputs = Double(shape.dropFirst().reduce(1, *))
        entry.parameter.value = values / inputs.squareRoot()
      } else if entry.name.hasSuffix("bias") {
        entry.parameter.value = values * 0.1
      } else {
        entry.parameter.value = values * 0.1 + 1
      }
    }
  }

  /// Trains for ten steps and compares the losses and the results at inference.
  func compare(_ model: some Layer, _ optimizer: SGD, _ x: Tensor, _ y: Tensor) throws {
    var losses: [Double] = []
    for _ in 0..<10 {
      let (loss, gradients) = withMode(.training) {
        valueWithGradients(of: model) { softmaxCrossEntropy(logits: model(x), labels: y) }
      }
      optimizer.update(model, gradients)
      losses.append(loss.scalar)
    }
    try expectClose(Tensor(losses, shape: [10]), self.losses, tolerance: 1e-9)
    try expectDigest(model(x), outputs, tolerance: 1e-8)
  }

  /// Exchanges the model with PyTorch through the folder that Tests/Interchange/check_models.py
  /// names.
  func exchange(_ model: some Module, _ name: String, _ x: Tensor, _ run: (Tensor) -> Tensor) throws
  {
    guard let folder = try writeForPyTorch(model, name) else { return }
    let returned = folder.appending(path: "\(name)-from-torch.safetensors")
    guard FileManager.default.fileExists(atPath: returned.path) else { return }
    let contents = try SafeTensors.read(returned).tensors.map { ($0.name, $0.tensor) }
    try model.load(stateDictionary: Dictionary(uniqueKeysWithValues: contents))
    try expectDigest(run(x), outputs, tolerance: 1e-8)
  }
}

/// Writes a trained model into the folder that Tests/Interchange/check_models.py reads, if there is
/// one.
@discardableResult
func writeForPyTorch(_ model: some Module, _ name: String) throws -> URL? {
  guard let folder = ProcessInfo.processInfo.environment["ADJOINT_MODELS"] else { return nil }
  let url = URL(filePath: folder)
  let tensors = model.stateDictionary.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  try SafeTensors(tensors, metadata: ["format": "pt"])
    .write(to: url.appending(path: "\(name).safetensors"))
  return url
}
