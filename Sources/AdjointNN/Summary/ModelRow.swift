import Adjoint

/// What a table or a picture says about one part of a model.
struct ModelRow {
  let name: String
  let kind: String
  let details: [String]
  /// How deeply the part is nested.
  let level: Int
  /// The shapes that pass through, nil for the batch axis; nil if nothing passed.
  let inputShape: [Int?]?
  let outputShape: [Int?]?
  let parameterCount: Int
  /// The turn in which data came through; nil if nothing passed.
  let turn: Int?
}

/// The parts of a model, in the order of declaration.
///
/// Shapes are found by running the model: whatever its `forward` does, that is what is shown.
func rows(of module: any Module, shapes: ShapeObserver?, expandsNested: Bool) -> [ModelRow] {
  var found: [ModelRow] = []
  var seen: Set<ObjectIdentifier> = []
  func add(_ parent: any Module, level: Int) {
    for (name, member) in members(of: parent) {
      // A layer's own weights belong to its row; only those of the model itself have none.
      func addOwn(_ kind: String, _ shape: Shape) {
        guard level == 0, seen.insert(member.identity).inserted else { return }
        found.append(
          ModelRow(
            name: name, kind: kind, details: [], level: 0, inputShape: nil,
            outputShape: Array(shape), parameterCount: shape.elementCount, turn: nil))
      }
      switch member {
      case .parameter(let parameter): addOwn("Parameter", parameter.shape)
      case .buffer(let buffer): addOwn("Buffer", buffer.shape)
      case .module(let part):
        guard seen.insert(member.identity).inserted else { continue }
        let passed = shapes?.found(part)
        found.append(
          ModelRow(
            name: name, kind: part.kind, details: part.details, level: level,
            inputShape: passed?.input, outputShape: passed?.output,
            parameterCount: part.stateCount, turn: passed?.turn))
        if expandsNested { add(part, level: level + 1) }
      }
    }
  }
  add(module, level: 0)
  return found
}

extension Module {
  /// The number of scalars in parameters and buffers, which is what Keras calls params.
  fileprivate var stateCount: Int {
    namedBuffers.reduce(parameterCount) { $0 + $1.buffer.shape.elementCount }
  }
}
