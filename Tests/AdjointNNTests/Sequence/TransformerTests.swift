import Adjoint
import AdjointNN
import AdjointNotebook
import Foundation
import Testing

struct TransformerTests {
  private static let sequence: (name: String, shape: Shape) = ("x", [2, 3, 4])
  private static let both: [(name: String, shape: Shape)] = [sequence, ("memory", [2, 5, 4])]

  private func encoder(layers: Int = 2, finalNorm: Bool? = nil) -> TransformerEncoder {
    TransformerEncoder(
      layers: layers, embeddingSize: 4, heads: 2, feedforwardSize: 5, dropoutRate: 0,
      activation: .gelu, epsilon: 1e-3, normFirst: true, finalNorm: finalNorm)
  }

  @Test func `Blocks of the encoder have PyTorch's keys, results and gradients`() throws {
    let block = TransformerEncoderLayer(
      embeddingSize: 4, heads: 2, feedforwardSize: 5, dropoutRate: 0)
    try expectLikePyTorch("encoder layer", block, [Self.sequence]) { [block($0[0])] }
    let first = TransformerEncoderLayer(
      embeddingSize: 4, heads: 2, feedforwardSize: 5, dropoutRate: 0, activation: .gelu,
      epsilon: 1e-3, normFirst: true)
    try expectLikePyTorch("encoder layer, norm first", first, [Self.sequence]) {
      [first($0[0], mask: .allowed(AttentionTests.allowed), keyMask: AttentionTests.keep)]
    }
  }

  @Test func `An encoder has PyTorch's keys, results and gradients`() throws {
    let encoder = encoder()
    try expectLikePyTorch("encoder", encoder, [Self.sequence]) {
      [encoder($0[0], mask: .causal)]
    }
    #expect(self.encoder(finalNorm: false).stateShapes["norm.weight"] == nil)
  }

  @Test func `Blocks of the decoder have PyTorch's keys, results and gradients`() throws {
    let block = TransformerDecoderLayer(
      embeddingSize: 4, heads: 2, feedforwardSize: 5, dropoutRate: 0)
    try expectLikePyTorch("decoder layer", block, Self.both) {
      [
        block(
          $0[0], memory: $0[1], mask: .allowed(AttentionTests.allowed),
          keyMask: AttentionTests.keep)
      ]
    }
    let first = TransformerDecoderLayer(
      embeddingSize: 4, heads: 2, feedforwardSize: 5, dropoutRate: 0, activation: .gelu,
      epsilon: 1e-3, normFirst: true)
    try expectLikePyTorch("decoder layer, norm first", first, Self.both) {
      [first($0[0], memory: $0[1])]
    }
  }

  @Test func `A transformer has PyTorch's keys, results and gradients`() throws {
    let model = Transformer(
      embeddingSize: 4, heads: 2, encoderLayers: 1, decoderLayers: 2, feedforwardSize: 5,
      dropoutRate: 0)
    let inputs: [(name: String, shape: Shape)] = [("source", [2, 3, 4]), ("target", [2, 5, 4])]
    try expectLikePyTorch("transformer", model, inputs) {
      [model(source: $0[0], target: $0[1], sourceKeyMask: AttentionTests.keep)]
    }
  }

  @Test func `Derivatives of both orders agree with differences`() {
    let block = TransformerEncoderLayer(
      embeddingSize: 2, heads: 1, feedforwardSize: 2, dropoutRate: 0.3, activation: .gelu,
      normFirst: true)
    let report = withMode(.training) {
      checkGradients(of: block, input: random([1, 2, 2]), absolute: 1e-5, relative: 1e-4)
    }
    #expect(report.passed, "\(report)")
  }

  @Test func `Caches filled step by step give what all steps at once give`() {
    let encoder = encoder()
    encoder.fillByName()
    let x = random([2, 5, 4])
    var caches: [KeyValueCache] = []
    var parts: [Tensor] = []
    for range in [0..<2, 2..<3, 3..<5] { parts.append(encoder(x[0..., range], caches: &caches)) }
    #expect(caches.map(\.count) == [5, 5])
    #expect(
      allClose(concatenated(parts, axis: 1), encoder(x, mask: .causal), absolute: 1e-12))
  }

  @Test func `Dropout acts in training only`() {
    let block = TransformerEncoderLayer(embeddingSize: 4, heads: 2, feedforwardSize: 5)
    let x = random([2, 3, 4], dtype: .float32)
    let trained = withMode(.training) { withGenerator(seed: 1) { block(x).scalars } }
    #expect(trained != block(x).scalars)
    #expect(block(x).scalars == block(x).scalars)
  }

  @Test func `An encoder is trained in a stack, saved and loaded`() throws {
    let model = Sequential {
      LearnedPositionalEncoding(maximumLength: 8, size: 4)
      SinusoidalEncoding()
      TransformerEncoderLayer(embeddingSize: 4, heads: 2, feedforwardSize: 6)
      encoder()
      Dense(inputSize: 4, outputSize: 1)
    }
    #expect(model.stateShapes["3.layers.1.self_attn.out_proj.weight"] == [4, 4])
    let x = random([4, 3, 4], dtype: .float32)
    model.fit(
      x, Tensor.ones([4, 3, 1]), epochs: 1, loss: .meanSquaredError, optimizer: Adam(),
      verbose: .silent, seed: 1)
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try model.save(to: url)
      #expect(try Sequential.load(from: url)(x).scalars == model(x).scalars)
    }
  }

  @Test func `A file with impossible settings is refused`() {
    let settings =
      #"{"embeddingSize":4,"heads":3,"feedforwardSize":5,"dropoutRate":0,"activation":{"relu":{}},"epsilon":0,"normFirst":true}"#
    let error = thrown {
      _ = try JSONDecoder().decode(
        TransformerEncoderLayer.self, from: Data((#"{"settings":"# + settings + "}").utf8))
    }
    #expect(
      error?.contains("4 features cannot be cut into 3 equal heads") == true,
      "\(error ?? "nothing")")
  }

  @Test func `Wrong inputs are told with what was expected`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let encoder = TransformerEncoder(
        layers: 1, embeddingSize: 4, heads: 2, feedforwardSize: 5)
      _ = encoder(Tensor.zeros([2, 3, 5]), mask: .causal)
    }
    #expect(errors(result).contains("TransformerTests.swift:"))
    #expect(
      errors(result).contains(
        "TransformerEncoderLayer: needs an input [n, steps, 4], not [2, 3, 5]"))
  }

  @Test func `Wrong settings are told`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Transformer(embeddingSize: 6, heads: 4)
    }
    #expect(
      errors(result).contains("Transformer: 6 features cannot be cut into 4 equal heads"))
  }

  @Test func `A file that claims an enormous transformer takes no memory for it`() throws {
    let settings =
      #"{"embeddingSize":200000000,"heads":2,"feedforwardSize":400000000,"dropoutRate":0,"activation":{"relu":{}},"epsilon":0,"normFirst":true}"#
    let text = #"{"layers":2,"finalNorm":true,"settings":"# + settings + "}"
    let encoder = try JSONDecoder().decode(TransformerEncoder.self, from: Data(text.utf8))
    #expect(encoder.parameterCount > 100_000_000_000_000)
  }
}
