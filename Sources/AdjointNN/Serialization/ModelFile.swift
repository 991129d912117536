import Adjoint
import AdjointData
import Foundation

extension SavableLayer {
  /// Writes a whole model, its architecture and its weights, into one safetensors file.
  ///
  /// The tensors have the names and layouts of PyTorch, so that a `Sequential` can be loaded into a
  /// `torch.nn.Sequential` of the same layers; the architecture is JSON under `architecture` in the
  /// file's metadata. The file appears under its name only when it is complete.
  ///
  /// Values keep their dtypes. What belongs to the training is not in the file: what is frozen,
  /// regularizers, the optimizer (see ``CheckpointPolicy``).
  ///
  /// Throws ``/AdjointData/FormatError`` when the file cannot be written, when a layer is no ``SavableLayer``, and
  /// when a layer with parameters stands in the model twice: a file does not tell that they are shared.
  public func save(to url: URL) throws {
    let file = url.path(percentEncoded: false)
    let architecture: Data
    do {
      architecture = try encodedArchitecture()
    } catch {
      throw FormatError(.unsupported, file: file, field: "architecture", explanation(error))
    }
    let tensors = state.map { ($0.name, $0.value) }
    let metadata = ["format": "pt", "architecture": String(decoding: architecture, as: UTF8.self)]
    try SafeTensors(tensors, metadata: metadata).write(to: url)
  }

  /// Reads a whole model that `save(to:)` wrote.
  ///
  /// ```swift
  /// let model = try Sequential.load(from: url, layers: [MyLayer.self])
  /// ```
  ///
  /// Throws ``/AdjointData/FormatError`` when the file cannot be read, breaks the format, names a
  /// kind of layer that is not known, or holds weights that do not fit the architecture; the message
  /// names them.
  /// - Parameters:
  ///   - url: the file.
  ///   - layers: your own kinds of layers that occur in the model.
  public static func load(
    from url: URL, layers: [any SavableLayer.Type] = []
  ) throws -> Self {
    let file = url.path(percentEncoded: false)
    let contents = try SafeTensors.read(url)
    func failure(_ field: String, _ message: String) -> FormatError {
      FormatError(.mismatched, file: file, field: field, message)
    }
    guard let architecture = contents.metadata["architecture"] else {
      throw failure(
        "architecture",
        "the metadata has none: the file holds weights, but no whole model; make the model and call "
          + "load(stateDictionary:) with the tensors that SafeTensors.read gives")
    }
    let decoder = JSONDecoder()
    decoder.userInfo[LayerKinds.key] = LayerKinds(adding: [Self.self] + layers)
    let layer: any SavableLayer
    do {
      layer = try decoder.decode(CodedLayer.self, from: Data(architecture.utf8)).layer
    } catch {
      throw failure("architecture", explanation(error))
    }
    guard let model = layer as? Self else {
      throw failure("architecture", "the file holds a \(layer.kind), not a \(Self.self)")
    }
    do {
      let values = Dictionary(
        uniqueKeysWithValues: contents.tensors.map { ($0.name, $0.tensor) })
      // The architecture does not tell which parts of a model were converted.
      for (name, parameter) in model.namedParameters {
        if let dtype = values[name]?.dtype, dtype.isFloatingPoint { parameter.convert(to: dtype) }
      }
      for (name, buffer) in model.namedBuffers where buffer.dtype.isFloatingPoint {
        if let dtype = values[name]?.dtype, dtype.isFloatingPoint {
          buffer.substitute(buffer.value.cast(to: dtype))
        }
      }
      try model.load(stateDictionary: values)
    } catch {
      throw failure("parameters", error.description)
    }
    return model
  }
}

/// What a coder says about a failure, with the place in the structure.
func explanation(_ error: any Error) -> String {
  let context: (path: [any CodingKey], text: String)? =
    switch error {
    case EncodingError.invalidValue(_, let context): (context.codingPath, context.debugDescription)
    case DecodingError.dataCorrupted(let context): (context.codingPath, context.debugDescription)
    case DecodingError.keyNotFound(let key, let context):
      (context.codingPath, "\"\(key.stringValue)\" is missing")
    case DecodingError.typeMismatch(_, let context): (context.codingPath, context.debugDescription)
    case DecodingError.valueNotFound(_, let context): (context.codingPath, context.debugDescription)
    default: nil
    }
  guard let context else { return String(describing: error) }
  let path = context.path.map { $0.intValue.map(String.init) ?? $0.stringValue }
  return path.isEmpty ? context.text : "\(path.joined(separator: ".")): \(context.text)"
}
