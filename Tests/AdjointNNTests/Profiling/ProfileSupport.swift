import Adjoint
import AdjointNN

extension Profile {
  /// How often operations of a name ran on the scope's own thread.
  func count(_ name: String, _ phase: Phase? = nil, in module: String? = nil) -> Int {
    matching(name, phase, module).reduce(0) { $0 + $1.count }
  }

  /// The FLOPs of operations of a name; nil if they are not known.
  func flops(_ name: String, _ phase: Phase? = nil, in module: String? = nil) -> Double? {
    let found = matching(name, phase, module)
    if found.contains(where: { $0.flops == nil }) { return nil }
    return found.reduce(0) { $0 + $1.flops! }
  }

  func bytes(_ name: String, _ phase: Phase? = nil) -> Double {
    matching(name, phase, nil).reduce(0) { $0 + ($1.bytes ?? 0) }
  }

  private func matching(_ name: String, _ phase: Phase?, _ module: String?) -> [Operation] {
    operations.filter {
      $0.name == name && !$0.isOnOtherThread && $0.phase == phase ?? $0.phase
        && $0.module == module ?? $0.module
    }
  }

  /// The times of all operations of the scope's own thread.
  var sum: Duration {
    operations.filter { !$0.isOnOtherThread }.reduce(.zero) { $0 + $1.duration }
  }
}

/// A model of one's own with nested parts, one of them in an array.
final class Profiled: Layer {
  final class Block: Layer {
    let dense = Dense(inputSize: 40, outputSize: 40, useBias: false)
    func forward(_ x: Tensor) -> Tensor { x + tanh(dense(x)) }
  }

  let blocks = [Block(), Block()]
  let output = Dense(inputSize: 40, outputSize: 3)

  func forward(_ x: Tensor) -> Tensor { output(blocks.reduce(x) { $1($0) }) }
}
