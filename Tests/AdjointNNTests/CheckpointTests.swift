import Adjoint
import AdjointNN
import Testing

@Suite("Checkpoints and gradients of models")
struct CheckpointTests {
  @Test("a segment of layers has the same gradients and the same dropout, also outside the mode")
  func layers() {
    let model = withGenerator(seed: 1) {
      Sequential {
        Dense(inputSize: 6, outputSize: 8)
        ReLU()
        Dropout(rate: 0.5)
        Dense(inputSize: 8, outputSize: 3)
      }
    }
    let x = withGenerator(seed: 2) { Tensor.normal([5, 6]) }
    func run(_ forward: () -> Tensor) -> (value: Tensor, gradients: Gradients) {
      // The sweep runs in inference mode: the second run of the segment must not.
      valueWithGradients(of: model) {
        withGenerator(seed: 3) { withMode(.training) { square(forward()).sum() } }
      }
    }
    let plain = run { model(x) }
    let segmented = run { checkpoint(x) { model($0) } }
    #expect(plain.value.scalar == segmented.value.scalar)
    #expect(plain.value.scalar != run { withMode(.inference) { model(x) } }.value.scalar)
    for parameter in model.parameters {
      #expect(plain.gradients[parameter]?.bytes() == segmented.gradients[parameter]?.bytes())
    }
  }

  @Test("gradients of micro-batches add up to those of the batch")
  func microBatches() {
    let model = withGenerator(seed: 1) { Dense(inputSize: 4, outputSize: 3) }
    let x = withGenerator(seed: 2) { Tensor.normal([10, 4]) }
    let labels = Tensor([0, 1, 2, 0, 1, 2, 0, 1, 2, 0] as [Int])
    func part(_ rows: Range<Int>) -> Gradients {
      let share = Double(rows.count) / 10
      return valueWithGradients(of: model) {
        softmaxCrossEntropy(logits: model(x[rows]), labels: labels[rows]) * share
      }.gradients
    }
    let whole = part(0..<10)
    let sum = part(0..<4) + part(4..<8) + part(8..<10)
    for parameter in model.parameters {
      let difference = abs(sum[parameter]! - whole[parameter]!).max().scalar
      #expect(difference < 1e-6 && abs(whole[parameter]!).max().scalar > 0.01)
    }
  }
}
