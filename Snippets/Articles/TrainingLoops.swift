// The code of the article TrainingLoops; the comments are what it prints.
import Adjoint
import AdjointData
import AdjointNN
import Foundation

let (points, classes) = withGenerator(seed: 1) { Synthetic.moons(count: 400, noise: 0.1) }
let (training, validation) = TensorDataset(points, classes)
  .split(validationFraction: 0.25, stratifiedBy: classes)

func makeModel() -> Sequential {
  withGenerator(seed: 1) {
    Sequential {
      Dense(inputSize: 2, outputSize: 32, activation: .gelu)
      Dense(inputSize: 32, outputSize: 2)
    }
  }
}
print(training.count, validation.count)  // 300 100

// MARK: fit

let model = makeModel()
let history = model.fit(
  points, classes, batchSize: 32, epochs: 40, loss: .softmaxCrossEntropy,
  optimizer: Adam(learningRate: 0.01), metrics: [.accuracy], validationSplit: 0.25,
  verbose: .silent, seed: 1)
print(history["loss"].count, history["val_accuracy"][39] > 0.9)  // 40 true

let found = model.evaluate(
  points, classes, loss: .softmaxCrossEntropy, metrics: [.accuracy], verbose: .silent)
print(found.accuracy > 0.9, model.predict(points[..<5]).shape)  // true [5, 2]

let loader = Loader(training, batchSize: 32, sampler: .shuffled, seed: 1)
let held = Loader(validation, batchSize: 100)
let loaded = try makeModel().fit(
  BatchSource(loader), epochs: 2, loss: .softmaxCrossEntropy, optimizer: Adam(),
  validation: BatchSource(held), verbose: .silent, seed: 1)
print(loaded["val_loss"].count)  // 2

// MARK: The open loop

let second = makeModel()
let optimizer = AdamW(weightDecay: 0.01)
optimizer.clipping = .globalNorm(1)
let loop = Training(
  second, optimizer: optimizer, epochs: 20, metrics: [.accuracy],
  callbacks: [EarlyStopping(monitor: "val_loss", patience: 5, restoresBestWeights: true)],
  options: TrainingOptions(schedule: .cosine(from: 0.01, steps: 20 * loader.count)),
  verbose: .silent)
for epoch in loop {
  for batch in epoch.batches(BatchSource(loader)) {
    epoch.step { softmaxCrossEntropy(logits: second(batch[0]), labels: batch[1]) }
  }
  epoch.validation(BatchSource(held)) { batch in
    let logits = second(batch[0])
    epoch.record("loss", softmaxCrossEntropy(logits: logits, labels: batch[1]))
    epoch.measure(logits, batch[1])
  }
}
print(try loop.finish()["val_accuracy"].last ?? 0 > 0.9)  // true

// MARK: The bare loop

let third = makeModel()
let adam = Adam(learningRate: 0.01)
let schedule = Schedule.sequential(
  [.linear(from: 0, to: 0.01, steps: 20), .cosine(from: 0.01, steps: 80)], milestones: [20])
var step = 0
withGenerator(seed: 1) {
  for _ in 1...10 {
    for batch in Batches(of: [points, classes], size: 40, shuffled: true) {
      adam.learningRate = schedule(step)
      let (_, gradients) = withMode(.training) {
        valueWithGradients(of: third) {
          softmaxCrossEntropy(logits: third(batch[0]), labels: batch[1])
        }
      }
      adam.update(third, gradients)
      step += 1
    }
  }
}
print(step, adam.learningRate < 0.001)  // 100 true

// MARK: Larger batches than memory holds

let whole = valueWithGradients(of: third) {
  softmaxCrossEntropy(logits: third(points[..<60]), labels: classes[..<60])
}.gradients
let parts = [0..<40, 40..<60].map { rows in
  valueWithGradients(of: third) {
    softmaxCrossEntropy(logits: third(points[rows]), labels: classes[rows])
  }.gradients * (Double(rows.count) / 60)
}
let sum = parts[0] + parts[1]
print(third.parameters.allSatisfy { allClose(sum[$0]!, whole[$0]!, absolute: 1e-6) })  // true

// MARK: Callbacks

var seen: [Int] = []
let watch = LambdaCallback(epochEnds: { training in
  seen.append(training.epoch)
  if seen.count == 3 { training.shouldStop = true }
})
try makeModel().fit(
  points, classes, epochs: 10, loss: .softmaxCrossEntropy, optimizer: SGD(), callbacks: [watch],
  verbose: .silent, seed: 1)
print(seen)  // [0, 1, 2]

// MARK: Going on after a kill

let file = FileManager.default.temporaryDirectory.appending(path: "guides-training.checkpoint")
func train(epochs: Int, checkpoint: CheckpointPolicy?) throws -> [Double] {
  let model = makeModel()
  try model.fit(
    points, classes, epochs: epochs, loss: .softmaxCrossEntropy, optimizer: Adam(),
    checkpoint: checkpoint, verbose: .silent, seed: 1)
  return model.parameters.flatMap(\.value.scalars)
}
let unbroken = try train(epochs: 4, checkpoint: nil)
_ = try train(epochs: 2, checkpoint: CheckpointPolicy(file))  // as if killed after two epochs
print(try train(epochs: 4, checkpoint: CheckpointPolicy(file)) == unbroken)  // true
try FileManager.default.removeItem(at: file)
