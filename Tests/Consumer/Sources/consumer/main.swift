// Trains a model that the library knows nothing of: the position and width of a bump, and a small
// network with a residual connection, both found by gradient descent from data made here.
import Adjoint
import AdjointNN

/// exp(-(x - center)² / width²) with two numbers to learn.
final class Bump: Layer {
  let center = Parameter(Tensor(0.2))
  let width = Parameter(Tensor(1))

  func forward(_ x: Tensor) -> Tensor {
    let distance = (x - center.value) / width.value
    return exp(-distance * distance)
  }
}

/// A hidden layer around which the input is carried past.
final class Residual: Layer {
  let inner = Dense(inputSize: 16, outputSize: 16)

  func forward(_ x: Tensor) -> Tensor { x + tanh(inner(x)) }
}

func expect(_ condition: Bool, _ what: String) {
  if !condition { fatalError("expected \(what)") }
  print("ok: \(what)")
}

withGenerator(seed: 7) {
  let x = Tensor.uniform([256, 1], in: -2...2)
  let y = exp(-((x - 0.7) * (x - 0.7)) / 0.25)

  let bump = Bump()
  let optimizer = Adam(learningRate: 0.02)
  for _ in 0..<400 {
    let (_, gradients) = valueWithGradients(of: bump) {
      square(bump(x) - y).mean()
    }
    optimizer.update(bump, gradients)
  }
  expect(Swift.abs(bump.center.value.scalar - 0.7) < 1e-3, "the center is found")
  expect(Swift.abs(Swift.abs(bump.width.value.scalar) - 0.5) < 1e-3, "the width is found")

  let network = Sequential {
    Dense(inputSize: 1, outputSize: 16)
    Residual()
    Dense(inputSize: 16, outputSize: 1)
  }
  let history = network.fit(
    x, y, batchSize: 32, epochs: 60, loss: .meanSquaredError, optimizer: Adam(learningRate: 0.01),
    verbose: .silent)
  expect(history["loss"].last! < 2e-3, "the network fits the bump")

  let report = checkGradients(of: network, inputs: [x[0..<4]]) { square(network($0[0])).mean() }
  expect(report.passed, "derivatives agree with differences: \(report)")
}
