import Adjoint
import AdjointNN
import AdjointNotebook
import Foundation

/// Points around three centres.
func blobs(_ count: Int = 120, seed: UInt64 = 1) -> (x: Tensor, y: Tensor) {
  let labels = Tensor((0..<count).map { $0 % 3 })
  let centres = Tensor([[2.0, 0.0], [-2.0, 1.0], [0.0, -3.0]])
  return (centres.gathering(labels) + random([count, 2], seed: seed, dtype: .float32), labels)
}

/// Keeps a running mean of its inputs, which training changes and inference uses.
final class Centering: Layer {
  let mean = Buffer(Tensor.zeros([8]))

  func forward(_ x: Tensor) -> Tensor {
    if Mode.current == .training {
      mean.value = 0.9 * mean.value + 0.1 * x.detached.mean(axes: [0])
    }
    return x - mean.value
  }
}

/// A classifier with everything that a checkpoint must hold: parameters, buffers, draws.
func classifier(seed: UInt64 = 1) -> Sequential {
  withGenerator(seed: seed) {
    Sequential {
      Dense(inputSize: 2, outputSize: 8)
      Centering()
      ReLU()
      Dropout(rate: 0.2)
      Dense(inputSize: 8, outputSize: 3)
      Softmax()
    }
  }
}

/// All parameters and buffers, bit by bit.
func bits(_ model: some Module) -> [String: [UInt8]] {
  model.stateDictionary.mapValues { $0.bytes() }
}

/// What the process that runs `body` prints, line by line from the first epoch or the first match.
func lines(_ output: [UInt8], from start: String = "Epoch") -> [String] {
  // In an exit test standard output may begin with words of the test library.
  String(decoding: output, as: UTF8.self).split(separator: "\n").drop { !$0.hasPrefix(start) }
    .map(String.init)
}
