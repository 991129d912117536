import Adjoint
import AdjointNN
import AdjointNotebook
import Testing

/// What losses give at their edges, how they train, and what they say about wrong inputs.
struct LossConventionsTests {
  private func derivative(_ loss: Loss, _ prediction: [Double], _ target: [Double]) -> [Double] {
    valueWithGradient(at: Tensor(prediction, dtype: .float64)) {
      loss.reduced(.sum)($0, Tensor(target, dtype: .float64))
    }.gradient.scalars
  }

  private func values(_ loss: Loss, _ prediction: [Double], _ target: [Double]) -> [Double] {
    loss.reduced(.none)(
      Tensor(prediction, dtype: .float64), Tensor(target, dtype: .float64)
    ).scalars
  }

  @Test func `Kinks have the derivative of least size`() {
    #expect(derivative(.meanAbsoluteError, [2], [2]) == [0])
    #expect(derivative(.hingeEmbedding(), [1], [-1]) == [0])
    #expect(derivative(.squaredHinge, [1], [1]) == [0])
    #expect(derivative(.huber(), [1, -1], [0, 0]) == [1, -1])
  }

  @Test func `Losses of large inputs neither overflow nor lose their derivative`() {
    #expect(values(.binaryCrossEntropyWithLogits(), [1000, -1000], [0, 1]) == [1000, 1000])
    #expect(values(.binaryCrossEntropyWithLogits(), [1000, -1000], [1, 0]) == [0, 0])
    #expect(derivative(.binaryCrossEntropyWithLogits(), [1000, -1000], [0, 1]) == [1, -1])
    #expect(values(.softMargin, [1000, -1000], [1, 1]) == [0, 1000])
    #expect(derivative(.logCosh, [1000, -1000], [0, 0]) == [1, -1])
    let large = values(.logCosh, [1000, -1000], [0, 0])
    #expect(large.allSatisfy { abs($0 - 999.3068528194401) < 1e-9 })
  }

  @Test func `Logarithms in the binary cross-entropy end at -100`() {
    #expect(values(.binaryCrossEntropy, [0, 0, 1, 1], [0, 1, 0, 1]) == [0, 100, 100, 0])
    #expect(derivative(.binaryCrossEntropy, [0, 0, 1, 1], [0, 1, 0, 1]) == [1, 0, 0, -1])
    #expect(values(.binaryCrossEntropy, [.nan], [1]).allSatisfy { $0.isNaN })
  }

  @Test func `The divergence from a target of 0 adds nothing`() {
    #expect(values(.klDivergence, [-3, 0], [0, 1]) == [0])
    #expect(derivative(.klDivergence, [-3, 0], [0, 1]) == [0, -1])
  }

  @Test func `If all labels are ignored the mean is NaN and the sum 0`() {
    let loss = Loss.negativeLogLikelihood(ignoredLabel: -100)
    let labels = Tensor([-100, -100] as [Int])
    #expect(loss(random([2, 3]), labels).scalar.isNaN)
    #expect(loss.reduced(.sum)(random([2, 3]), labels).scalar == 0)
  }

  @Test func `A weight that is a number takes the dtype of the logits`() {
    for dtype in [DType.float32, .float64] {
      let logits = Tensor([0.0, 0.0], dtype: dtype)
      let loss = Loss.binaryCrossEntropyWithLogits(positiveWeight: 3).reduced(.none)
      let ratio = loss(logits, Tensor([1.0, 0.0], dtype: dtype)).scalars
      #expect(abs(ratio[0] / ratio[1] - 3) < 1e-6)
    }
  }

  @Test func `A loss of one's own can be reduced`() {
    let loss = Loss("absolute error") { prediction, target in abs(prediction - target) }
    let (prediction, target) = (Tensor([1.0, 5]), Tensor([2.0, 2]))
    #expect(loss(prediction, target).scalar == 2)
    #expect(loss.reduced(.sum)(prediction, target).scalar == 4)
    #expect(loss.reduced(.none)(prediction, target).scalars == [1, 3])
  }

  @Test func `A cross-entropy of probabilities is summed from logits, too`() {
    let model = Sequential { Softmax() }
    let found = model.evaluate(
      Tensor([[1000.0, 0], [0, 1000]]), Tensor([1, 0] as [Int]),
      loss: .categoricalCrossEntropy.reduced(.sum), verbose: .silent)
    #expect(found.loss == 2000)
  }

  @Test func `A model is trained with a loss of this kind`() {
    withGenerator(seed: 3) {
      let model = Sequential { Dense(inputSize: 1, outputSize: 1) }
      let x = Tensor([-1.0, 0, 1, 2]).reshaped(4, 1)
      let history = model.fit(
        x, 2 * x, batchSize: 4, epochs: 30, loss: .huber(), optimizer: SGD(learningRate: 0.2),
        verbose: .silent)
      let losses = history["loss"]
      #expect((losses.last ?? .infinity) < 0.1 * (losses.first ?? 0))
    }
  }

  @Test func `Losses do not broadcast`() async {
    let pair = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss.huber()(Tensor.zeros([4, 1]), Tensor.zeros([4]))
    }
    #expect(
      errors(pair).contains(
        "huber: the prediction is float32 [4, 1], the target float32 [4]; they must be alike"))
    let triple = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor.zeros([4, 2])
      _ = tripletMarginLoss(anchor: x, positive: x, negative: Tensor.zeros([4, 1]))
    }
    #expect(
      errors(triple).contains("tripletMarginLoss: the anchor is float32 [4, 2], the positive"))
    #expect(errors(triple).contains("the negative float32 [4, 1]; they must be alike"))
    let cosine = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor.zeros([4, 2])
      _ = cosineEmbeddingLoss(x, x, target: Tensor.ones([4, 1]))
    }
    #expect(errors(cosine).contains("the target must be float32 [4] for vectors [4, 2]"))
  }

  @Test func `Labels and weights that do not fit are named`() async {
    let label = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss.negativeLogLikelihood()(Tensor.zeros([2, 3]), Tensor([0, 3] as [Int]))
    }
    #expect(errors(label).contains("negativeLogLikelihood: a label is not in 0 ..< 3"))
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss.crossEntropy()(Tensor.zeros([2, 3]), Tensor([[0], [1]] as [[Int]]))
    }
    #expect(errors(shape).contains("predictions [2, 3] and labels int64 [2, 1] do not fit"))
    let weights = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss.crossEntropy(classWeights: Tensor([1.0, 2]))(
        Tensor.zeros([2, 3]), Tensor([0, 1] as [Int]))
    }
    #expect(errors(weights).contains("class weights must be float32 [3] for predictions [2, 3]"))
    let sign = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss.softMargin(Tensor.zeros([2]), Tensor([0.0, 1]))
    }
    #expect(errors(sign).contains("softMargin: targets must be 1 or -1; make them of 0 and 1 by"))
    let integers = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss.meanAbsoluteError(Tensor([1] as [Int]), Tensor([1] as [Int]))
    }
    #expect(errors(integers).contains("the prediction must be floating, not int64 [1]"))
  }

  @Test func `Settings without meaning are refused where they are written`() async {
    let delta = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss.huber(delta: 0)
    }
    #expect(errors(delta).contains("huber: delta must be positive and finite, not 0.0"))
    let smoothing = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss.crossEntropy(labelSmoothing: 2)
    }
    #expect(errors(smoothing).contains("labelSmoothing must be in 0 ... 1, not 2.0"))
    let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor.zeros([2, 1])
      _ = Sequential { ReLU() }.evaluate(x, x, loss: .meanSquaredError.reduced(.none))
    }
    #expect(errors(none).contains("meanSquaredError: training needs a single number"))
  }
}
