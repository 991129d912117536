import Adjoint
import Foundation

/// The gradient of a chain of layers tanh(x W), width 64 and batches of 512, against their number.
///
/// In the second one segments of about sqrt(n) layers are checkpoints; the third has width 16 and one
/// row, so that it measures the cost of an operation beside its work.
let chainCurves: [Curve] = [
  Curve("depth", [1, 3, 10, 30, 100, 300, 1000]) { depth in
    chain(depth, width: 64, batch: 512, segment: nil)
  },
  Curve("depth-checkpoint", [1, 3, 10, 30, 100, 300, 1000]) { depth in
    chain(depth, width: 64, batch: 512, segment: max(Int(Double(depth).squareRoot()), 1))
  },
  Curve("depth-small", [1, 3, 10, 30, 100, 300, 1000]) { depth in
    chain(depth, width: 16, batch: 1, segment: nil)
  },
  // Operations on one number, recorded, and back through all of them.
  Curve("tape", halfDecades(100, 1_000_000)) { count in
    let x = Tensor(0.5).tracked()
    let plain = Tensor(0.5)
    func line(_ start: Tensor) -> Tensor {
      var y = start
      let (a, b) = (Tensor(0.999), Tensor(0.001))
      for _ in 0..<count / 2 { y = y * a + b }
      return y
    }
    var measurement = Measurement { compute(gradients(of: line(x), withRespectTo: [x])) }
    measurement.parts = [
      ("recorded", { compute([line(x)]) }), ("unrecorded", { compute([line(plain)]) }),
    ]
    return measurement
  },
]

private func chain(_ depth: Int, width: Int, batch: Int, segment: Int?) -> Measurement {
  let scale = 1 / Double(width).squareRoot()
  let weights = (0..<depth).map { _ in
    let weight = Tensor.normal([width, width]) * scale
    compute([weight])
    return weight.tracked()
  }
  let x = random([batch, width])
  func layers(_ range: Range<Int>, _ x: Tensor) -> Tensor {
    weights[range].reduce(x) { tanh(matmul($0, $1)) }
  }
  func result() -> Tensor {
    guard let segment else { return layers(0..<depth, x).sum() }
    let starts = stride(from: 0, to: depth, by: segment)
    return starts.reduce(x) { x, start in
      checkpoint(x) { layers(start..<min(start + segment, depth), $0) }
    }.sum()
  }
  var measurement = Measurement {
    compute(gradients(of: result(), withRespectTo: weights))
  }
  measurement.parts = [("forward", { compute([result()]) })]
  return measurement
}
