import Adjoint
import Foundation
import Testing

@Suite("Immediate evaluation")
struct ImmediateEvaluationTests {
  /// Values and gradients of an expression with shared parts, broadcasting and random numbers.
  private func results(count: Int, dtype: DType) -> [[UInt8]] {
    withGenerator(seed: 5) {
      let x = Tensor.normal([count], dtype: dtype).tracked()
      let scale = Tensor.uniform([1], in: 0.5...1.5, dtype: dtype).tracked()
      let inner = tanh(0.8 * (x + 0.04 * x * x * x))
      let y = dropout(scale * x * (1 + inner) / (2 + exp(-inner)), rate: 0.3)
      let clipped = maximum(relu(y), sigmoid(x) * inner)
      let g = Tensor.normal([count], dtype: dtype)
      let found = gradients(of: clipped, withRespectTo: [x, scale], cotangent: g)
      return [clipped.bytes(), found[0].bytes(), found[1].bytes(), clipped.sum().bytes()]
    }
  }

  @Test("gives the same bits as deferred evaluation", arguments: [DType.float32, .float64])
  func sameBits(dtype: DType) {
    for count in [1, 33, 1_000, 100_003] {
      let deferred = results(count: count, dtype: dtype)
      let immediate = withImmediateEvaluation { results(count: count, dtype: dtype) }
      #expect(deferred == immediate, "\(count) elements")
    }
  }

  @Test("ends with its scope, also when an error is thrown")
  func scope() {
    struct Failure: Error {}
    #expect(throws: Failure.self) {
      try withImmediateEvaluation { throw Failure() }
    }
    // A result that waits takes no memory. Other tests take some, but not a quarter of this.
    let before = MemoryStatistics.current.bytesInUse
    let pending = Tensor.ones([1 << 26]) + Tensor.zeros([1 << 26])
    let isSwitchedOff = ProcessInfo.processInfo.environment["ADJOINT_IMMEDIATE"] == "1"
    #expect((MemoryStatistics.current.bytesInUse - before > 1 << 26) == isSwitchedOff)
    #expect(pending.shape == [1 << 26])
  }
}
