import Adjoint
import AdjointNN
import AdjointNotebook
import Testing

@Suite("Determinism")
struct DeterminismTests {
  /// The bytes of all parameters after some epochs of training.
  private func trained() -> [[UInt8]] {
    withGenerator(seed: 3) {
      let x = Tensor.normal([300, 20])
      let y = (Tensor.uniform([300]) * 4).cast(to: .int64)
      let model = Sequential {
        Dense(inputSize: 20, outputSize: 64)
        ReLU()
        Dropout(rate: 0.2)
        Dense(inputSize: 64, outputSize: 4)
      }
      model.fit(
        x, y, batchSize: 128, epochs: 5, loss: .softmaxCrossEntropy, optimizer: Adam(),
        verbose: .silent, seed: 1)
      return model.parameters.map { $0.value.bytes() }
    }
  }

  @Test("Training gives the same bits again, and with immediate evaluation")
  func sameBits() {
    let first = trained()
    #expect(first == trained())
    #expect(first == withImmediateEvaluation { trained() })
  }
}
