import Adjoint

/// The weight of a layer that another layer computes: it stays hidden, and has a value only while
/// the layer runs.
struct OwnWeight {
  let layer: any Layer
  private let weight: Parameter
  /// What else the layer holds, by name.
  let others: [(label: String?, value: Any)]

  /// Nil if the layer has no parameter called `weight`.
  init?(of layer: any Layer) {
    let members = members(of: layer)
    let found = members.lazy.compactMap { name, member -> Parameter? in
      if case .parameter(let parameter) = member, name == "weight" { parameter } else { nil }
    }.first
    guard let found else { return nil }
    (self.layer, weight) = (layer, found)
    others = members.filter { $0.name != "weight" }.map { name, member in
      switch member {
      case .parameter(let parameter): (name, parameter)
      case .buffer(let buffer): (name, buffer)
      case .module(let module): (name, module)
      }
    }
  }

  /// The weight the layer was made with.
  var initial: Tensor { weight.value.detached }
  var shape: Shape { weight.shape }
  var dtype: DType { weight.dtype }

  /// The layer's result for `x` with the given weight.
  func forward(_ x: Tensor, weight value: Tensor) -> Tensor {
    let own = weight.value
    weight.substitute(value)
    defer { weight.substitute(own) }
    return layer.forward(x)
  }

  /// Says why a layer has no weight of its own that could be computed.
  static func missing(_ layer: any Layer) -> String {
    "a \(layer.kind) has no parameter called weight"
  }

  /// Why the axis does not count rows of the weight; nil if it does.
  func problem(axis: Int) -> String? {
    unless(shape.indices.contains(axis), "the weight \(shape) has no axis \(axis)")
  }
}

/// What layers that compute the weight of another are made from.
struct ReparametrizationSettings: Codable {
  let layer: CodedLayer
  let axis: Int
  /// Of spectral norms only.
  var iterations: Int?

  /// The layer's weight, if it has one with this axis; else it throws.
  func ownWeight(_ decoder: any Decoder) throws -> OwnWeight {
    let own = OwnWeight(of: layer.layer)
    guard let own, own.problem(axis: axis) == nil else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription: own?.problem(axis: axis) ?? OwnWeight.missing(layer.layer)))
    }
    return own
  }
}
