import Adjoint
import AdjointNN
import Testing

/// A language model of characters: causal blocks over embeddings with learned positions.
private final class CharTransformer: Layer {
  let embedding = Embedding(count: 11, size: 8)
  let positions = LearnedPositionalEncoding(maximumLength: 6, size: 8)
  let encoder = TransformerEncoder(
    layers: 2, embeddingSize: 8, heads: 2, feedforwardSize: 16, dropoutRate: 0, activation: .gelu,
    normFirst: true)
  let output = Dense(inputSize: 8, outputSize: 11)

  func forward(_ tokens: Tensor) -> Tensor {
    output(encoder(positions(embedding(tokens)), mask: .causal))
  }

  /// The tokens with `count` more, drawn one by one.
  func generate(_ tokens: Tensor, count: Int, sampler: TokenSampler) -> Tensor {
    var (all, new) = (tokens, tokens)
    var caches: [KeyValueCache] = []
    for _ in 0..<count {
      let x = positions(embedding(new), offset: all.shape[1] - new.shape[1])
      let logits = output(encoder(x, caches: &caches))
      new = sampler(logits[0..., -1]).expandingDimension(at: 1)
      all = concatenated([all, new], axis: 1)
    }
    return all
  }
}

struct CharTransformerTests {
  @Test func `Ten steps of training have PyTorch's losses and weights`() throws {
    let text = integers(4, 7) { ($1 * $1 + 3 * $0) % 11 }
    let labels = text[0..., 1...].reshaped([24])
    try expectTrainedLikePyTorch(
      CharTransformer(), CharTransformer(), Adam(learningRate: 0.01)
    ) { model in
      softmaxCrossEntropy(logits: model(text[0..., ..<6]).reshaped([24, 11]), labels: labels)
    }
  }

  @Test func `Generation with caches takes what the whole sequence says`() {
    let model = CharTransformer()
    model.fillByName()
    var tokens = Tensor([[1, 2], [7, 3]] as [[Int]])
    let found = model.generate(tokens, count: 4, sampler: .greedy)
    for _ in 0..<4 {
      let next = model(tokens)[0..., -1].argMax(axis: -1).expandingDimension(at: 1)
      tokens = concatenated([tokens, next], axis: 1)
    }
    #expect(found.scalars == tokens.scalars)
    #expect(found.shape == [2, 6])
  }
}
