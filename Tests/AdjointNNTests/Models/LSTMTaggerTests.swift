import Adjoint
import AdjointNN
import Testing

/// Tags the words of sentences: what is before and behind a word counts.
private final class LSTMTagger: Module {
  let embedding = Embedding(count: 9, size: 5)
  let lstm = LSTM(inputSize: 5, hiddenSize: 4, bidirectional: true)
  let output = Dense(inputSize: 8, outputSize: 3)

  func callAsFunction(_ words: Tensor, lengths: Tensor) -> Tensor {
    output(lstm(embedding(words), initialState: nil, lengths: lengths).output)
  }
}

struct LSTMTaggerTests {
  @Test func `Ten steps of training on padded sentences have PyTorch's losses and weights`() throws
  {
    let words = integers(3, 4) { ($1 * 5 + $0) % 9 }
    let all = integers(3, 4) { ($1 + 2 * $0) % 3 }
    let lengths = Tensor([3, 4, 1] as [Int])
    let isWord = Tensor.arange(4) .< lengths.expandingDimension(at: 1)
    let tags = `where`(isWord, all, Tensor([-100] as [Int])).reshaped([12])
    let loss = Loss.crossEntropy(ignoredLabel: -100)
    try expectTrainedLikePyTorch(
      LSTMTagger(), LSTMTagger(), SGD(learningRate: 0.2, momentum: 0.9)
    ) { model in
      loss(model(words, lengths: lengths).reshaped([12, 3]), tags)
    }
  }
}
