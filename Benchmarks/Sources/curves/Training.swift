import Adjoint
import AdjointNN

/// Whole training steps: of the lab's model, a small convolutional network and a language model
/// against the batch, of square layers against their width and the number of parameters.
let trainingCurves: [Curve] = [
  Curve("batch", powersOfTwo(1, 4096)) { batch in
    let (x, labels) = (random([batch, 784]), randomTokens([batch], below: 10))
    return stagedStep(of: Stages.perceptron(), x, labels, Adam())
  },
  Curve("batch-lenet", [1, 4, 16, 64, 128, 256, 1024]) { batch in
    let (x, labels) = (random([batch, 1, 28, 28]), randomTokens([batch], below: 10))
    return stagedStep(of: Stages.leNet(), x, labels, Adam())
  },
  Curve("batch-gpt", powersOfTwo(1, 16)) { batch in
    let x = randomTokens([batch, 128], below: 96)
    return stagedStep(
      of: Stages.languageModel(), x, randomTokens([batch * 128], below: 96), AdamW())
  },
  Curve("width", powersOfTwo(16, 4096)) { width in
    squareLayers(3, width: width, batch: 128)
  },
  // Four square layers, batches of 32; the size is the number of weights, rounded.
  Curve("parameters", halfDecades(10_000, 100_000_000)) { count in
    squareLayers(4, width: Int((Double(count) / 4).squareRoot().rounded()), batch: 32)
  },
]

/// The lab's step, a language model and two single operations against the number of threads.
let threadCurves: [Curve] = [
  Curve("threads-mlp", powersOfTwo(1, 8)) { count in
    threads = count
    let (x, labels) = (random([128, 784]), randomTokens([128], below: 10))
    return step(of: Stages.perceptron(), x, labels, Adam())
  },
  Curve("threads-gpt", powersOfTwo(1, 8)) { count in
    threads = count
    let x = randomTokens([16, 128], below: 96)
    return step(of: Stages.languageModel(), x, randomTokens([16 * 128], below: 96), AdamW())
  },
  Curve("threads-product", powersOfTwo(1, 8)) { count in
    threads = count
    let a = random([1024, 1024])
    return Measurement { compute([matmul(a, a)]) }
  },
  Curve("threads-elements", powersOfTwo(1, 8)) { count in
    threads = count
    let x = random([8 << 20])
    return Measurement { compute([x * 1.5 + 0.5]) }
  },
]

/// A transformer block of 256 features and 4 heads against the length of one causal sequence.
let sequenceCurves = [
  Curve("sequence", powersOfTwo(64, 8192)) { length in
    let block = CausalBlock()
    let x = random([1, length, 256]).tracked()
    let variables = block.parameters.map(\.value) + [x]
    var measurement = Measurement {
      compute(gradients(of: block(x).sum(), withRespectTo: variables))
    }
    measurement.parts = [("forward", { compute([block(x).sum()]) })]
    return measurement
  }
]

private func squareLayers(_ count: Int, width: Int, batch: Int) -> Measurement {
  let layers = (0..<count).map { index in
    let dense = Dense(inputSize: width, outputSize: width)
    return index + 1 < count
      ? Sequential {
        dense; ReLU()
      } as any Layer : dense
  }
  let (x, labels) = (random([batch, width]), randomTokens([batch], below: width))
  return step(of: Stages(layers), x, labels, Adam())
}

/// A training step, its forward pass alone and its update alone.
private func step(
  of model: Stages, _ x: Tensor, _ labels: Tensor, _ optimizer: some Optimizer
) -> Measurement {
  let parameters = model.parameters
  func loss() -> Tensor { crossEntropy(model(x), labels) }
  var measurement = Measurement {
    withMode(.training) {
      let (_, gradients) = valueWithGradients(of: parameters) { loss() }
      optimizer.update(parameters, gradients)
    }
  }
  // Computed when first used: before that it would count as memory of the step.
  var found: Gradients?
  measurement.parts = [
    ("forward", { withMode(.training) { compute([loss()]) } }),
    (
      "update",
      {
        let gradients = found ?? valueWithGradients(of: parameters) { loss() }.gradients
        found = gradients
        optimizer.update(parameters, gradients)
      }
    ),
  ]
  return measurement
}

/// The same, and when the gradients of each layer are complete.
private func stagedStep(
  of model: Stages, _ x: Tensor, _ labels: Tensor, _ optimizer: some Optimizer
) -> Measurement {
  var measurement = step(of: model, x, labels, optimizer)
  measurement.readiness = {
    readiness(of: model) { crossEntropy(model(x, arrived: $0), labels) }
  }
  return measurement
}

private func crossEntropy(_ logits: Tensor, _ labels: Tensor) -> Tensor {
  let rows = logits.reshaped(-1, logits.shape[logits.rank - 1])
  return softmaxCrossEntropy(logits: rows, labels: labels)
}

/// The medians of five sweeps after one that is not counted.
private func readiness(
  of model: Stages, loss: (@escaping (Int) -> Void) -> Tensor
) -> [Readiness] {
  let values = model.parameters.map(\.value)
  let sweeps = (0..<6).map { _ in
    var moments = model.layers.map { _ in 0.0 }
    withMode(.training) {
      var start = ContinuousClock.now
      func share() -> Double { (ContinuousClock.now - start) / .seconds(1) }
      let y = loss { moments[$0] = share() }
      compute([y])
      start = ContinuousClock.now
      compute(gradients(of: y, withRespectTo: values))
      moments[0] = share()
    }
    return moments.map { $0 / moments[0] }
  }
  return model.layers.enumerated().reversed().map { index, layer in
    let median = sweeps.dropFirst().map { $0[index] }.sorted()[2]
    return Readiness(bytes: 4 * layer.parameterCount, moment: median)
  }
}
