import Adjoint
import AdjointData
import AdjointNN
import Foundation
import Testing

/// A model trained by PyTorch for ten steps; see Fixtures/make_generative.py.
struct GenerativeReference {
  let data: Tensor
  /// One draw for each step.
  let noise: Tensor
  let losses: [Double]
  /// The weights before and after training, by the names of PyTorch's state dict.
  private(set) var start: [String: Tensor] = [:]
  private(set) var end: [String: Tensor] = [:]

  init(_ name: String, file: String = #filePath) throws {
    let folder = URL(filePath: file).deletingLastPathComponent().path(percentEncoded: false)
    let contents = try SafeTensors.read(fixture(name, file: folder))
    data = try #require(contents["data"])
    noise = try #require(contents["noise"])
    losses = try #require(contents["losses"]).scalars
    for (name, tensor) in contents.tensors {
      if name.hasPrefix("start.") { start[String(name.dropFirst(6))] = tensor }
      if name.hasPrefix("end.") { end[String(name.dropFirst(4))] = tensor }
    }
  }

  /// Asserts that a model has PyTorch's names and shapes, and the weights of the end.
  func expectEnd(of model: some Module) throws {
    #expect(model.stateDictionary.keys.sorted() == end.keys.sorted())
    for (name, parameter) in model.namedParameters {
      let expected = try #require(end[name])
      try expectClose(
        parameter.value, expected.scalars, shape: expected.shape, tolerance: 1e-9)
    }
    try writeForPyTorch(model, String(describing: type(of: model)))
  }
}
