import Adjoint
import Foundation

extension SavableLayer {
  /// A model of the same architecture and the same values, which shares nothing with this one.
  ///
  /// The architecture is made anew from what a file would hold of it, so whatever cannot be saved
  /// stops the program here with the reason.
  /// - Parameter layers: your own kinds of layers that occur in the model.
  public func copy(
    layers: [any SavableLayer.Type] = [], file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    do {
      let decoder = JSONDecoder()
      decoder.userInfo[LayerKinds.key] = LayerKinds(adding: [Self.self] + layers)
      let coded = try decoder.decode(CodedLayer.self, from: encodedArchitecture())
      guard let twin = coded.layer as? Self else {
        programmingError(
          "copy", "a \(kind) came back as a \(coded.layer.kind)", file: file, line: line)
      }
      for (mine, other) in zip(parameters, twin.parameters) {
        other.convert(to: mine.dtype)
        other.isFrozen = mine.isFrozen
        other.regularizer = mine.regularizer
      }
      for (mine, other) in zip(namedBuffers, twin.namedBuffers) {
        other.buffer.substitute(other.buffer.value.cast(to: mine.buffer.dtype))
      }
      try twin.load(from: self)
      return twin
    } catch {
      programmingError(
        "copy", "\(kind) cannot be copied: \(explanation(error))", file: file, line: line)
    }
  }
}
