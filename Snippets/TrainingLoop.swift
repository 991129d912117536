// A training loop of one's own, with a loader, callbacks and checkpoints; `fit` is the same loop.
import Adjoint
import AdjointData
import AdjointNN
import Foundation

let (points, classes) = withGenerator(seed: 1) { Synthetic.moons(count: 400, noise: 0.1) }
let (training, validation) = TensorDataset(points, classes)
  .split(validationFraction: 0.25, stratifiedBy: classes)
let loader = Loader(training, batchSize: 32, sampler: .shuffled, seed: 1)
let held = Loader(validation, batchSize: 100)

let model = withGenerator(seed: 1) {
  Sequential {
    Dense(inputSize: 2, outputSize: 32, activation: .gelu)
    Dense(inputSize: 32, outputSize: 2)
  }
}
let optimizer = AdamW(weightDecay: 0.01)
optimizer.clipping = .globalNorm(1)

// By hand: batches, progress, history and callbacks are those of `fit`.
let loop = Training(
  model, optimizer: optimizer, epochs: 20, metrics: [.accuracy],
  callbacks: [EarlyStopping(monitor: "val_loss", patience: 5, restoresBestWeights: true)],
  options: TrainingOptions(schedule: .cosine(from: 0.01, steps: 20 * loader.count)),
  verbose: .line)
for epoch in loop {
  for batch in epoch.batches(BatchSource(loader)) {
    epoch.step { softmaxCrossEntropy(logits: model(batch[0]), labels: batch[1]) }
  }
  epoch.validation(BatchSource(held)) { batch in
    let logits = model(batch[0])
    epoch.record("loss", softmaxCrossEntropy(logits: logits, labels: batch[1]))
    epoch.measure(logits, batch[1])
  }
}
let history = try loop.finish()
print(history["val_accuracy"].last ?? 0)

// The same by `fit`, with a checkpoint: run again after a kill, it goes on where it was.
let file = FileManager.default.temporaryDirectory.appending(path: "moons.checkpoint")
defer { try? FileManager.default.removeItem(at: file) }
try model.fit(
  BatchSource(loader), epochs: 5, loss: .softmaxCrossEntropy, optimizer: optimizer,
  metrics: [.accuracy], validation: BatchSource(held),
  checkpoint: CheckpointPolicy(file, everySteps: 5), verbose: .line)
