// %% [markdown]
// # A small GPT writes Swift
//
// A transformer that predicts the next character, trained on the Swift sources of this library
// itself. It has half a million parameters and sees the text for about a minute: enough to learn how
// code looks, not enough to learn what it means.
//
// Sources: Vaswani et al., "Attention is all you need", NeurIPS 2017; Radford et al., "Language
// models are unsupervised multitask learners" (2019).

// %% tags=["hide-input"]
import Adjoint
import AdjointData
import AdjointNN
import AdjointNotebook
import ArgumentParser
import Foundation
import NotebookOptions

struct Options: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "char-gpt",
    abstract: "Trains a transformer on this repository's sources and lets it write.")
  @OptionGroup var notebook: NotebookOptions
  @Option(help: "How many batches the model sees.")
  var steps = 800

  func validate() throws {
    if steps < 1 { throw ValidationError("--steps must be at least 1, not \(steps).") }
  }
}
let options = Options.parseOrExit()
let notebook = orExit(
  try Notebook(
    title: "A small GPT writes Swift", name: "char-gpt",
    output: options.notebook.output(of: "char-gpt")))

// %% [markdown]
// ## The text
//
// All files of the core library, one behind the other. Characters beyond ASCII, such as the Greek
// letters of formulas, become a `?`.

// %%
let sources = URL(filePath: #filePath).appending(path: "../../../Sources/Adjoint")
  .standardizedFileURL
let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)?
  .compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
  .sorted { $0.path < $1.path }
let text = String(
  orExit(try (files ?? []).map { try Corpus.text($0) }).joined(separator: "\n").unicodeScalars
    .map { $0.isASCII ? Character($0) : "?" })
let tokenizer = CharacterTokenizer(vocabularyOf: text)
let tokens = Tensor(orExit(try tokenizer.encode(text)))
print(
  files?.count ?? 0, "files,", tokens.shape[0], "characters,", tokenizer.vocabularySize,
  "of them different")

// %% [markdown]
// The last twentieth is kept apart to see whether the model has learned to write or only to repeat.

// %%
let context = 64
let split = tokens.shape[0] * 19 / 20
let (training, validation) = (tokens[..<split], tokens[split...])

// %% [markdown]
// ## A baseline: pairs
//
// How well can the next character be guessed from the present one alone? Counting pairs gives the
// best such guess.

// %%
let vocabulary = tokenizer.vocabularySize
let pairs = (training[..<(split - 1)] * Tensor(Double(vocabulary), dtype: .int64) + training[1...])
let counts = pairs.binCount(minimumCount: vocabulary * vocabulary)
  .reshaped(vocabulary, vocabulary).cast(to: .float32)
let pairLogits = log(counts + 0.1)
let pairLoss = softmaxCrossEntropy(
  logits: pairLogits.gathering(validation[..<(validation.shape[0] - 1)]), labels: validation[1...]
).scalar
print(String(format: "bigram model: %.3f nats per character", pairLoss))

// %% [markdown]
// ## The model
//
// Embeddings of characters and of places, three causal transformer blocks, and a layer of logits.

// %%
final class LanguageModel: Module {
  let embedding: Embedding
  let positions = LearnedPositionalEncoding(maximumLength: context, size: 128)
  let blocks = TransformerEncoder(
    layers: 3, embeddingSize: 128, heads: 4, feedforwardSize: 384, dropoutRate: 0.05,
    activation: .gelu, normFirst: true)
  let output: Dense

  init(vocabulary: Int) {
    embedding = Embedding(count: vocabulary, size: 128)
    output = Dense(inputSize: 128, outputSize: vocabulary)
  }

  /// Logits [n, steps, characters] for the characters after those of [n, steps].
  func callAsFunction(_ tokens: Tensor) -> Tensor {
    output(blocks(positions(embedding(tokens)), mask: .causal))
  }

  /// More characters, one by one; a cache keeps keys and values of those that are done.
  func continued(_ prompt: [Int], count: Int, sampler: TokenSampler) -> [Int] {
    var (all, new) = (prompt, Tensor(prompt).reshaped(1, -1))
    var caches: [KeyValueCache] = []
    for _ in 0..<min(count, context - prompt.count) {
      let x = positions(embedding(new), offset: all.count - new.shape[1])
      new = sampler(output(blocks(x, caches: &caches))[.all, -1]).reshaped(1, 1)
      all.append(Int(new[0, 0].scalar))
    }
    return all
  }
}
let model = withGenerator(seed: options.notebook.seed) { LanguageModel(vocabulary: vocabulary) }
print(model.parameterCount, "parameters")

// %% [markdown]
// ## Training
//
// Batches of 32 random pieces of 64 characters; AdamW with a warm-up and a cosine.

// %%
let windows = TextWindows(training, length: context, stride: 1)
let schedule = Schedule.cosine(from: 0.003, to: 0.0002, steps: options.steps)
let optimizer = AdamW(weightDecay: 0.05)
optimizer.clipping = .globalNorm(1)
var losses: [Double] = []
withGenerator(seed: options.notebook.seed + 1) {
  withMode(.training) {
    for step in 0..<options.steps {
      let warmUp = min(1, Double(step + 1) / 50)
      optimizer.learningRate = warmUp * schedule(step)
      let starts = Tensor.uniform([32]) * Tensor(Double(windows.count))
      let batch = windows.batch(at: starts.scalars(as: Double.self).map { Int($0) })
      let (loss, gradients) = valueWithGradients(of: model) {
        let logits = model(batch[0]).reshaped(-1, vocabulary)
        return softmaxCrossEntropy(logits: logits, labels: batch[1].reshaped(-1))
      }
      optimizer.update(model, gradients)
      losses.append(loss.scalar)
      if (step + 1).isMultiple(of: max(options.steps / 8, 1)) {
        print("step \(step + 1): loss", String(format: "%.3f", loss.scalar))
      }
    }
  }
}
try notebook.show(
  .chart(
    [
      Series("transformer", y: losses),
      Series(
        "bigram model", x: [1, Double(losses.count)], y: [pairLoss, pairLoss], isDashed: true),
    ], title: "Training loss", xLabel: "step", yLabel: "nats per character"), name: "loss")

// %% [markdown]
// ## How good is it?
//
// On the text it has not seen, in pieces of 64 characters. e to the loss is the perplexity: among how
// many characters the model is, on average, undecided.

// %%
let held = TextWindows(validation, length: context, stride: context)
let batch = held.batch(at: Array(0..<min(held.count, 200)))
let heldLoss = withoutRecording {
  softmaxCrossEntropy(
    logits: model(batch[0]).reshaped(-1, vocabulary), labels: batch[1].reshaped(-1))
}.scalar
print(
  String(
    format: "transformer: %.3f nats per character, perplexity %.2f; bigram %.3f, %.2f", heldLoss,
    exp(heldLoss), pairLoss, exp(pairLoss)))
notebook.expect(heldLoss < pairLoss - 0.4, "unseen text costs 0.4 nats less than with pairs")

// %% [markdown]
// ## Let it write
//
// The temperature says how daring it is: near 0 always the most likely character, at 1 as the model
// believes. `topK` leaves only the likeliest to choose from.

// %%
withGenerator(seed: options.notebook.seed) {
  withoutRecording {
    for temperature in [0.2, 0.7, 1.0] {
      print("temperature \(temperature)")
      let sampler = TokenSampler(temperature: temperature, topK: 20)
      for prompt in ["public func ", "/// The ", "  let "] {
        guard let start = try? tokenizer.encode(prompt) else { continue }
        let written = model.continued(start, count: context, sampler: sampler)
        print("  " + tokenizer.decode(written).replacingOccurrences(of: "\n", with: "\n  "))
      }
    }
  }
}
orExit(try notebook.finish())
