import Adjoint
import Synchronization

/// Notes the shapes that pass through layers while it is the current one.
final class ShapeObserver: Sendable {
  @TaskLocal static var current: ShapeObserver?

  /// The batch of a trial run: an axis of this size in front is the batch.
  private static let batch = 1

  private let noted = Mutex<[ObjectIdentifier: (input: Shape, output: Shape, turn: Int)]>([:])

  /// What passes when a batch of zeros of the given shape goes through the model.
  init(running model: any Layer, inputShape: Shape, dtype: DType?, file: StaticString, line: UInt) {
    let dtype = dtype ?? model.parameters.first?.dtype ?? .float32
    let x = Tensor.zeros(Shape([Self.batch] + inputShape), dtype: dtype)
    Self.$current.withValue(self) {
      withMode(.inference) { withoutRecording { _ = model(x, file: file, line: line) } }
    }
  }

  func note(_ layer: any Layer, input: Shape, output: Shape) {
    noted.withLock { noted in
      // A layer that is used again shows its first use.
      if noted[ObjectIdentifier(layer)] == nil {
        noted[ObjectIdentifier(layer)] = (input, output, noted.count)
      }
    }
  }

  func found(_ module: any Module) -> (input: [Int?], output: [Int?], turn: Int)? {
    guard let found = noted.withLock({ $0[ObjectIdentifier(module)] }) else { return nil }
    func withoutBatch(_ shape: Shape) -> [Int?] {
      shape.enumerated().map { $0.offset == 0 && $0.element == Self.batch ? nil : $0.element }
    }
    return (withoutBatch(found.input), withoutBatch(found.output), found.turn)
  }
}
