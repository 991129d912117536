import Adjoint
import Testing

/// The number of threads belongs to the whole process, so these tests run one after another.
@Suite("Threads", .serialized)
struct ThreadPoolTests {
  /// What `body` gives with 1, 2 and 4 threads, as bytes.
  private func results(_ body: () -> [Tensor]) -> [[[UInt8]]] {
    let before = threads
    defer { threads = before }
    return [1, 2, 4].map { count in
      threads = count
      return body().map { $0.bytes() }
    }
  }

  private func expectSame(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () -> [Tensor]
  ) {
    let found = results(body)
    for (index, first) in found[0].enumerated() {
      #expect(found[1][index] == first, "result \(index)", sourceLocation: sourceLocation)
      #expect(found[2][index] == first, "result \(index)", sourceLocation: sourceLocation)
    }
  }

  @Test("random draws do not depend on their number", arguments: [DType.float32, .float64])
  func draws(_ dtype: DType) {
    expectSame {
      var generator = Generator(seed: 3)
      let x = Tensor.normal([300_001], dtype: dtype, using: &generator)
      return [
        x, Tensor.uniform([70_003], dtype: dtype, using: &generator),
        Tensor.bernoulli([100_000], probability: 0.3, using: &generator),
        dropout(x, rate: 0.5, using: &generator), Tensor.permutation(1000, using: &generator),
      ]
    }
  }

  @Test("reductions do not depend on their number", arguments: [DType.float32, .float64])
  func reductions(_ dtype: DType) {
    var generator = Generator(seed: 4)
    let long = Tensor.normal([1_000_003], dtype: dtype, using: &generator)
    let matrix = Tensor.normal([517, 1031], dtype: dtype, using: &generator)
    expectSame {
      [
        long.sum(), long.mean(), long.max(), long.argMax(), long.logSumExp(),
        matrix.sum(axes: [0]), matrix.sum(axes: [1]), matrix.mean(), matrix.min(axes: [0]),
        matrix.transposed().sum(axes: [0]), softmax(matrix), softmax(matrix, axis: 0),
        logSoftmax(matrix), exp(matrix).sum(axes: [1]),
      ]
    }
  }

  @Test(
    "products and their gradients do not depend on their number",
    arguments: [DType.float32, .float64])
  func products(_ dtype: DType) {
    var generator = Generator(seed: 5)
    let a = Tensor.normal([301, 503], dtype: dtype, using: &generator)
    let b = Tensor.normal([503, 207], dtype: dtype, using: &generator)
    let batch = Tensor.normal([40, 64, 64], dtype: dtype, using: &generator)
    let indices = Tensor((0..<2000).map { ($0 * 7919) % 503 })
    expectSame {
      let (x, y) = (a.tracked(), b.tracked())
      let loss = tanh(matmul(x, y.gathering(indices)[..<503])).sum()
      return [
        matmul(a, b), matmul(b.transposed(), a.transposed()), matmul(batch, batch.transposed()),
        matmul(batch, batch[0]), loss,
      ] + gradients(of: loss, withRespectTo: [x, y])
    }
  }

  @Test("a setting of threads is read back, and 0 is refused")
  func setting() async {
    let before = threads
    defer { threads = before }
    threads = 3
    #expect(threads == 3)
    await #expect(processExitsWith: .failure) { threads = 0 }
  }
}
