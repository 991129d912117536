import Adjoint
import Testing

@Suite("Attention in tiles", .serialized)
struct BlockwiseAttentionTests {
  /// Operands of two heads whose sizes fill no tile.
  private static func operands(_ n: Int, _ m: Int, dtype: DType = .float64) -> [Tensor] {
    var generator = Generator(seed: 5)
    return [[2, n, 24], [2, m, 24], [2, m, 40]].map { shape in
      Tensor.normal(shape, dtype: dtype, using: &generator)
    }
  }

  private static func attention(
    _ x: [Tensor], _ mask: AttentionMask, dropoutRate: Double = 0
  ) -> Tensor {
    var generator = Generator(seed: 9)
    return scaledDotProductAttention(
      query: x[0], key: x[1], value: x[2], mask: mask, dropoutRate: dropoutRate,
      using: &generator)
  }

  @Test("the gradient exists for eight axes, too")
  func manyAxes() {
    let x = Self.operands(256, 256, dtype: .float64).map { $0[0...1, 0..., 0..<8] }
    let wide = x.map { $0.reshaped([1, 1, 1, 1, 1, 2, 256, 8]).tracked() }
    let flat = x.map { $0.tracked() }
    let found = gradients(of: Self.attention(wide, .none).sum(), withRespectTo: wide)
    let expected = gradients(of: Self.attention(flat, .none).sum(), withRespectTo: flat)
    for (a, b) in zip(found, expected) { expectClose(a.reshaped(b.shape), b, absolute: 1e-14) }
  }

  @Test("scores that are all -infinity are NaN, as a softmax of them is")
  func nothingButInfinity() {
    let query = Tensor([[1, 1], [1, 0]], dtype: .float64)
    let key = Tensor([[0, -Double.infinity], [0, -Double.infinity]], dtype: .float64)
    let result = Self.attention([query[0..<1], key, query], .none)
    #expect(result.scalars.allSatisfy { $0.isNaN })
  }

  @Test("dropout draws the same numbers in tiles as over all weights at once")
  func dropoutInTiles() {
    let x = Self.operands(150, 1100).map { $0.tracked() }
    var generator = Generator(seed: 9)
    let kept = dropout(Tensor.ones([2, 150, 1100], dtype: .float64), rate: 0.3, using: &generator)
    let scores = matmul(x[0], x[1].transposed()) / sqrt(Tensor(24, dtype: .float64))
    let expected = matmul(softmax(scores) * kept, x[2])
    let found = Self.attention(x, .none, dropoutRate: 0.3)
    expectClose(found, expected, absolute: 1e-12)
    let g = Tensor.normal(found.shape, dtype: .float64, using: &generator)
    let wanted = gradients(of: expected, withRespectTo: x, cotangent: g)
    for (a, b) in zip(gradients(of: found, withRespectTo: x, cotangent: g), wanted) {
      expectClose(a, b, absolute: 1e-10)
    }
  }

  @Test("any number of threads gives the same bits")
  func threads() {
    let before = Adjoint.threads
    defer { Adjoint.threads = before }
    var results: [[Float]] = []
    for count in [1, 2, 3] {
      Adjoint.threads = count
      let x = Self.operands(700, 700, dtype: .float32).map { $0.tracked() }
      let y = Self.attention(x, .causal, dropoutRate: 0.1)
      let all = [y] + gradients(of: square(y).sum(), withRespectTo: x)
      results.append(all.flatMap { $0.scalars(as: Float.self) })
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }

  @Test("heads that were transposed give a result that is transposed back without a copy")
  func layout() {
    let x = Self.operands(70, 70)
    let heads = stacked(x[..<2].map { $0 }).permuted(1, 2, 0, 3)
    let y = scaledDotProductAttention(
      query: heads.permuted(0, 2, 1, 3), key: heads.permuted(0, 2, 1, 3),
      value: heads.permuted(0, 2, 1, 3), mask: .causal)
    let plain = heads.permuted(0, 2, 1, 3) + 0
    let expected = scaledDotProductAttention(query: plain, key: plain, value: plain, mask: .causal)
    #expect(y.scalars == expected.scalars)
  }

  @Test(
    "8,192 queries and keys, forward and backward, take a fraction of the memory of their scores")
  func memory() async {
    await #expect(processExitsWith: .success) {
      let x = (0..<3).map { seed in
        withGenerator(seed: UInt64(seed)) { Tensor.normal([1, 8192, 64]) }.tracked()
      }
      let y = scaledDotProductAttention(query: x[0], key: x[1], value: x[2], mask: .causal)
      for gradient in gradients(of: y.sum(), withRespectTo: x) {
        precondition(gradient[0, 8191, 0].scalar.isFinite)
      }
      // The scores alone would be 256 MiB, and their gradients as many.
      let peak = MemoryStatistics.current.peakBytes
      precondition(peak < 120 << 20, "\(peak >> 20) MiB")
    }
  }
}
