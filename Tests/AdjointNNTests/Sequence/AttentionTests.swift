import Adjoint
import AdjointNN
import Foundation
import Testing

struct AttentionTests {
  static let keep = Tensor([[true, true, false], [true, true, true]] as [[Bool]])
  static let allowed = Tensor(
    [[true, false, true], [true, true, false], [false, true, true]] as [[Bool]])
  private static let queries: (name: String, shape: Shape) = ("query", [2, 3, 4])

  private func attention(
    useBias: Bool = true, keySize: Int? = nil, valueSize: Int? = nil
  ) -> MultiHeadAttention {
    MultiHeadAttention(
      embeddingSize: 4, heads: 2, keySize: keySize, valueSize: valueSize, useBias: useBias)
  }

  // MARK: Values

  @Test func `Self-attention has PyTorch's keys, results, weights and gradients`() throws {
    let layer = attention()
    try expectLikePyTorch("attention", layer, [Self.queries]) {
      let (output, weights) = layer.outputAndWeights($0[0])
      return [output, weights]
    }
    try expectLikePyTorch("attention weights", layer, [Self.queries]) {
      let (_, weights) = layer.outputAndWeights($0[0], averagesWeights: false)
      return [layer($0[0]), weights]
    }
    let bare = attention(useBias: false)
    try expectLikePyTorch("attention without bias", bare, [Self.queries]) { [bare($0[0])] }
  }

  @Test func `Masks have PyTorch's effect`() throws {
    let layer = attention()
    try expectLikePyTorch("attention causal", layer, [Self.queries]) {
      [layer($0[0], mask: .causal)]
    }
    try expectLikePyTorch("attention masked", layer, [Self.queries]) {
      let (output, weights) = layer.outputAndWeights(
        $0[0], mask: .allowed(Self.allowed), keyMask: Self.keep)
      return [output, weights]
    }
    let bias = SequenceReference.made("bias", [3, 3])
    try expectLikePyTorch("attention biased", layer, [Self.queries]) {
      [layer($0[0], mask: .added(bias), keyMask: Self.keep)]
    }
  }

  @Test func `Attention to another sequence has PyTorch's keys, results and gradients`() throws {
    let layer = attention()
    let same: [(name: String, shape: Shape)] = [("key", [2, 5, 4]), ("value", [2, 5, 4])]
    try expectLikePyTorch("attention cross", layer, [Self.queries] + same) {
      [layer($0[0], key: $0[1], value: $0[2])]
    }
    let wide = attention(keySize: 3, valueSize: 6)
    let other: [(name: String, shape: Shape)] = [("key", [2, 5, 3]), ("value", [2, 5, 6])]
    try expectLikePyTorch("attention of other sizes", wide, [Self.queries] + other) {
      [wide($0[0], key: $0[1], value: $0[2])]
    }
  }

  @Test func `Heads that share keys and values have PyTorch's results`() throws {
    let layer = MultiHeadAttention(embeddingSize: 8, heads: 4, keyValueHeads: 2)
    try expectLikePyTorch("attention grouped", layer, [("query", [2, 3, 8])]) {
      [layer($0[0], mask: .causal)]
    }
  }

  @Test func `A query that may look at nothing gets the output's bias`() {
    let layer = attention()
    layer.fillByName()
    let nobody = Tensor.zeros([2, 3], dtype: .bool)
    let x = random([2, 3, 4]).tracked()
    let y = layer(x, keyMask: nobody)
    let bias = layer.outputProjection.bias?.value.scalars ?? []
    #expect(y[1, 2].scalars == bias)
    #expect(gradients(of: y.sum(), withRespectTo: [x])[0].scalars.allSatisfy { $0 == 0 })
    let added = layer(x, mask: .added(Tensor.zeros([3, 3], dtype: .float64)), keyMask: nobody)
    #expect(added.scalars.allSatisfy { $0.isNaN })
  }

  @Test func `Derivatives of both orders agree with differences`() {
    let rotary = RotaryEncoding(size: 2, pairing: .interleaved)
    let layer = MultiHeadAttention(
      embeddingSize: 4, heads: 2, keyValueHeads: 1, rotary: rotary)
    let report = checkGradients(of: layer, inputs: [random([1, 3, 4])]) {
      layer($0[0], mask: .causal)
    }
    #expect(report.passed, "\(report)")
    let cross = attention(keySize: 3)
    let other = checkGradients(of: cross, inputs: [random([1, 2, 4]), random([1, 3, 3])]) {
      cross($0[0], key: $0[1], value: random([1, 3, 4], seed: 7))
    }
    #expect(other.passed, "\(other)")
  }

  @Test func `Dropout acts on the weights, in training only`() {
    let layer = MultiHeadAttention(embeddingSize: 4, heads: 2, dropoutRate: 0.5)
    let x = random([2, 3, 4], dtype: .float32)
    let trained = { (seed: UInt64) in
      withMode(.training) { withGenerator(seed: seed) { layer(x).scalars } }
    }
    #expect(trained(1) == trained(1))
    #expect(trained(1) != trained(2))
    #expect(layer(x).scalars == layer(x).scalars)
  }

  // MARK: Generation

  @Test(arguments: [nil, 1] as [Int?])
  func `A cache filled step by step gives what all steps at once give`(_ shared: Int?) {
    let layer = MultiHeadAttention(
      embeddingSize: 8, heads: 2, keyValueHeads: shared, rotary: RotaryEncoding(size: 4),
      dtype: .float64)
    layer.fillByName()
    let x = random([2, 6, 8])
    let all = layer(x, mask: .causal)
    var cache = KeyValueCache()
    var parts: [Tensor] = []
    for range in [0..<1, 1..<2, 2..<5, 5..<6] {
      parts.append(layer(x[0..., range], cache: &cache))
    }
    #expect(cache.count == 6)
    #expect(allClose(concatenated(parts, axis: 1), all, absolute: 1e-12))
  }

  @Test func `Copies of a cache go their own ways`() {
    let layer = attention()
    var cache = KeyValueCache()
    _ = layer(random([1, 2, 4], dtype: .float32), cache: &cache)
    let before = cache
    _ = layer(random([1, 1, 4], seed: 2, dtype: .float32), cache: &cache)
    #expect(before.count == 2)
    #expect(cache.count == 3)
  }

  // MARK: Positions

  @Test func `Rotary positions are those of the complex numbers and of half turns`() throws {
    let nothing = Nothing()
    for pairing in [RotaryEncoding.Pairing.halves, .interleaved] {
      let rotary = RotaryEncoding(size: 6, pairing: pairing)
      try expectLikePyTorch("rotary \(pairing)", nothing, [("x", [2, 3, 6])]) {
        [rotary($0[0], offset: 5)]
      }
    }
  }

  @Test func `Scores of rotated vectors depend on distances only`() {
    let rotary = RotaryEncoding(size: 8)
    let (q, k) = (random([1, 8]), random([1, 8], seed: 2))
    let near = dot(rotary(q, offset: 7)[0], rotary(k, offset: 4)[0])
    let far = dot(rotary(q, offset: 107)[0], rotary(k, offset: 104)[0])
    #expect(abs(near.scalar - far.scalar) < 1e-12)
  }

  @Test func `Sinusoids are those of the paper and go on at an offset`() throws {
    let encoding = SinusoidalEncoding()
    try expectLikePyTorch("sinusoids", encoding, [("x", [2, 3, 5])]) { [encoding($0[0])] }
    let x = Tensor.zeros([7, 4], dtype: .float64)
    #expect(encoding(x)[5...].scalars == encoding(x[5...], offset: 5).scalars)
  }

  @Test func `Learned positions are added, go on at an offset and have gradients`() {
    let encoding = LearnedPositionalEncoding(maximumLength: 4, size: 2)
    #expect(encoding.stateShapes == ["weight": [4, 2]])
    let x = random([3, 2, 2], dtype: .float32)
    let moved = encoding(x, offset: 1)
    #expect(allClose(moved, x + encoding.weight.value[1..<3], absolute: 1e-6))
    let report = checkGradients(of: encoding, input: random([1, 3, 2]))
    #expect(report.passed, "\(report)")
  }

  @Test func `Linear biases have the slopes of the paper and hide what is behind`() throws {
    let outputs = try #require(try SequenceReference.shared.get().cases["slopes"]).outputs
    for expected in outputs {
      let heads = expected.values.count
      let biases = linearAttentionBiases(heads: heads, queries: 2, keys: 3, dtype: .float64)
      #expect(biases.shape == [heads, 2, 3])
      try expectClose(-biases[0..., 1, 1], expected.values)
      #expect(biases[0..., 0, 2].scalars.allSatisfy { $0 == -.infinity })
      #expect(biases[0..., 1, 2].scalars.allSatisfy { $0 == 0 })
    }
  }

  // MARK: Mistakes

  @Test func `Wrong settings are told`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MultiHeadAttention(embeddingSize: 10, heads: 4)
    }
    #expect(
      errors(result).contains(
        "MultiHeadAttention: 10 features cannot be cut into 4 equal heads"))
  }

  @Test func `Wrong inputs are told with what was expected`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let layer = MultiHeadAttention(embeddingSize: 4, heads: 2, keySize: 3)
      _ = layer(Tensor.zeros([2, 3, 4]), key: Tensor.zeros([2, 5, 4]))
    }
    #expect(errors(result).contains("AttentionTests.swift:"))
    #expect(
      errors(result).contains(
        "needs float32 queries [n, t, 4], keys [n, m, 3] and values [n, m, 4], not float32 "
          + "[2, 3, 4], float32 [2, 5, 4] and float32 [2, 5, 4]"))
  }

  @Test func `A wrong mask of keys is told`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let layer = MultiHeadAttention(embeddingSize: 4, heads: 2)
      _ = layer(Tensor.zeros([2, 3, 4]), keyMask: Tensor.ones([3, 2], dtype: .bool))
    }
    #expect(
      errors(result).contains("the keyMask must be bool [2, 3] for keys [2, 3, 4], not bool [3, 2]")
    )
  }

  @Test func `A mask that does not fit is told at the line of the call`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let layer = MultiHeadAttention(embeddingSize: 4, heads: 2)
      _ = layer(Tensor.zeros([2, 3, 4]), mask: .allowed(Tensor.ones([4, 4], dtype: .bool)))
    }
    #expect(errors(result).contains("AttentionTests.swift:"))
    #expect(
      errors(result).contains(
        "the mask must be bool and broadcast to [2, 2, 3, 3], not bool [4, 4]"))
  }

  @Test func `A cache of another batch is told`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let layer = MultiHeadAttention(embeddingSize: 4, heads: 2)
      var cache = KeyValueCache()
      _ = layer(Tensor.zeros([2, 3, 4]), cache: &cache)
      _ = layer(Tensor.zeros([1, 1, 4]), cache: &cache)
    }
    #expect(errors(result).contains("the cache is of 2 sequences, the input of 1: [1, 1, 4]"))
  }

  @Test func `A sequence longer than the learned positions is told`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LearnedPositionalEncoding(maximumLength: 4, size: 2)(Tensor.zeros([1, 5, 2]))
    }
    #expect(errors(result).contains("an input of shape [1, 5, 2] ends at place 5; there are 4"))
  }
}

/// A module without parameters.
final class Nothing: Module {}
