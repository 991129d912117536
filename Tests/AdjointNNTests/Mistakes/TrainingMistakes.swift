import Adjoint
import AdjointNN
import AdjointNotebook
import Testing

/// The section "Models and training" of docs/mistakes.md: the code and the texts are those of the
/// page.
struct TrainingMistakes {
  @Test func `Numbers of classes as floating-point numbers`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let logits = Tensor.zeros([4, 3])
        let labels = Tensor([0, 2, 1, 1])
        _ = softmaxCrossEntropy(logits: logits, labels: labels)
      })
    rightly {
      let logits = Tensor.zeros([4, 3])
      let labels = Tensor([0, 2, 1, 1] as [Int])
      _ = softmaxCrossEntropy(logits: logits, labels: labels)
    }
  }

  @Test func `One-hot rows of integers`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let logits = Tensor.zeros([2, 3])
        let labels = Tensor([[1, 0, 0], [0, 0, 1]] as [[Int]])
        _ = softmaxCrossEntropy(logits: logits, labels: labels)
      })
    rightly {
      let logits = Tensor.zeros([2, 3])
      let labels = Tensor([0, 2] as [Int])  // or oneHot(labels, count: 3), which is float32
      _ = softmaxCrossEntropy(logits: logits, labels: labels)
    }
  }

  @Test func `Labels as a column`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let logits = Tensor.zeros([2, 3])
        let labels = Tensor([[0], [2]] as [[Int]])
        _ = softmaxCrossEntropy(logits: logits, labels: labels)
      })
    rightly {
      let logits = Tensor.zeros([2, 3])
      let labels = Tensor([[0], [2]] as [[Int]])
      _ = softmaxCrossEntropy(logits: logits, labels: labels.squeezed(1))
    }
  }

  @Test func `A label beyond the last class`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let logits = Tensor.zeros([3, 3])
        let labels = Tensor([1, 2, 3] as [Int])
        _ = softmaxCrossEntropy(logits: logits, labels: labels)
      })
    rightly {
      let logits = Tensor.zeros([3, 3])
      let labels = Tensor([1, 2, 3] as [Int])
      _ = softmaxCrossEntropy(logits: logits, labels: labels - 1)
    }
  }

  @Test func `A loss of probabilities for a model that gives logits`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let model = Sequential { Dense(inputSize: 4, outputSize: 3) }
        let (x, labels) = (Tensor.ones([8, 4]), Tensor.zeros([8], dtype: .int64))
        model.fit(x, labels, loss: .categoricalCrossEntropy, optimizer: Adam())
      })
    rightly {
      let model = Sequential {
        Dense(inputSize: 4, outputSize: 3)
        Softmax()
      }
      let (x, labels) = (Tensor.ones([8, 4]), Tensor.zeros([8], dtype: .int64))
      model.fit(x, labels, loss: .categoricalCrossEntropy, optimizer: Adam(), verbose: .silent)
    }
  }

  @Test func `A softmax before a loss of logits`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let model = Sequential {
          Dense(inputSize: 4, outputSize: 3)
          Softmax()
        }
        let (x, labels) = (Tensor.ones([8, 4]), Tensor.zeros([8], dtype: .int64))
        model.fit(x, labels, loss: .softmaxCrossEntropy, optimizer: Adam())
      })
    rightly {
      let model = Sequential { Dense(inputSize: 4, outputSize: 3) }
      let (x, labels) = (Tensor.ones([8, 4]), Tensor.zeros([8], dtype: .int64))
      model.fit(x, labels, loss: .softmaxCrossEntropy, optimizer: Adam(), verbose: .silent)
    }
  }

  @Test func `Logits for the binary cross-entropy`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let logits = Tensor([[2.5], [-1]])
        _ = Loss.binaryCrossEntropy(logits, Tensor([[1], [0]]))
      })
    rightly {
      let logits = Tensor([[2.5], [-1]])
      _ = Loss.binaryCrossEntropyWithLogits()(logits, Tensor([[1], [0]]))
    }
  }

  @Test func `The accuracy of a model with one output`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let model = Sequential {
          Dense(inputSize: 4, outputSize: 1)
          Activation(.sigmoid)
        }
        let (x, y) = (Tensor.ones([8, 4]), Tensor.ones([8, 1]))
        model.fit(x, y, loss: .binaryCrossEntropy, optimizer: Adam(), metrics: [.accuracy])
      })
    rightly {
      let model = Sequential {
        Dense(inputSize: 4, outputSize: 1)
        Activation(.sigmoid)
      }
      let (x, y) = (Tensor.ones([8, 4]), Tensor.ones([8, 1]))
      model.fit(
        x, y, loss: .binaryCrossEntropy, optimizer: Adam(), metrics: [.binaryAccuracy()],
        verbose: .silent)
    }
  }

  @Test func `A vector of targets for a column of predictions`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let model = Sequential { Dense(inputSize: 2, outputSize: 1) }
        let (x, y) = (Tensor.ones([8, 2]), Tensor.ones([8]))
        model.fit(x, y, loss: .meanSquaredError, optimizer: SGD(learningRate: 0.1))
      })
    rightly {
      let model = Sequential { Dense(inputSize: 2, outputSize: 1) }
      let (x, y) = (Tensor.ones([8, 2]), Tensor.ones([8]).reshaped(-1, 1))
      model.fit(
        x, y, loss: .meanSquaredError, optimizer: SGD(learningRate: 0.1), verbose: .silent)
    }
  }

  @Test func `Integer targets for a regression`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let prediction = Tensor.ones([4, 1])
        let target = Tensor([[1], [0], [2], [5]] as [[Int]])
        _ = Loss.meanSquaredError(prediction, target)
      })
    rightly {
      let prediction = Tensor.ones([4, 1])
      let target = Tensor([[1], [0], [2], [5]] as [[Int]])
      _ = Loss.meanSquaredError(prediction, target.cast(to: .float32))
    }
  }

  @Test func `Inputs and targets of different numbers`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let model = Sequential { Dense(inputSize: 2, outputSize: 1) }
        let (x, y) = (Tensor.ones([80, 2]), Tensor.ones([100, 1]))
        model.fit(x, y, loss: .meanSquaredError, optimizer: Adam())
      })
    rightly {
      let model = Sequential { Dense(inputSize: 2, outputSize: 1) }
      let (x, y) = (Tensor.ones([80, 2]), Tensor.ones([100, 1]))
      model.fit(x, y[..<80], loss: .meanSquaredError, optimizer: Adam(), verbose: .silent)
    }
  }

  @Test func `An empty data set`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let model = Sequential { Dense(inputSize: 2, outputSize: 1) }
        let (x, y) = (Tensor.zeros([0, 2]), Tensor.zeros([0, 1]))
        model.fit(x, y, loss: .meanSquaredError, optimizer: Adam())
      })
    rightly {
      let model = Sequential { Dense(inputSize: 2, outputSize: 1) }
      let (x, y) = (Tensor.zeros([1, 2]), Tensor.zeros([1, 1]))
      model.fit(x, y, loss: .meanSquaredError, optimizer: Adam(), verbose: .silent)
    }
  }

  @Test func `A batch size of 0`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let model = Sequential { Dense(inputSize: 2, outputSize: 1) }
        let (x, y) = (Tensor.ones([8, 2]), Tensor.ones([8, 1]))
        model.fit(x, y, batchSize: 0, loss: .meanSquaredError, optimizer: Adam())
      })
    rightly {
      let model = Sequential { Dense(inputSize: 2, outputSize: 1) }
      let (x, y) = (Tensor.ones([8, 2]), Tensor.ones([8, 1]))
      model.fit(
        x, y, batchSize: 8, loss: .meanSquaredError, optimizer: Adam(), verbose: .silent)
    }
  }

  @Test func `A negative learning rate`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Adam(learningRate: -0.001)
      })
    rightly {
      _ = Adam(learningRate: 0.001)
    }
  }

  @Test func `A dropout rate in percent`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Dropout(rate: 20)
      })
    rightly {
      _ = Dropout(rate: 0.2)
    }
  }

  @Test func `Batch normalisation of a batch of one example`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let norm = BatchNorm1d(channels: 8)
        _ = withMode(.training) { norm(Tensor.ones([1, 8])) }
      })
    rightly {
      let norm = LayerNorm(shape: [8])
      _ = withMode(.training) { norm(Tensor.ones([1, 8])) }
    }
  }

  @Test func `A token that is not in the vocabulary`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let layer = Embedding(count: 100, size: 16)
        _ = layer(Tensor([[1, 99, 100]] as [[Int]]))
      })
    rightly {
      let layer = Embedding(count: 101, size: 16)
      _ = layer(Tensor([[1, 99, 100]] as [[Int]]))
    }
  }

  @Test func `A schedule without steps`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let (rows, batchSize) = (100, 128)
        _ = Schedule.cosine(from: 0.1, steps: rows / batchSize)
      })
    rightly {
      let (rows, batchSize) = (100, 128)
      _ = Schedule.cosine(from: 0.1, steps: (rows + batchSize - 1) / batchSize)
    }
  }

  @Test func `Early stopping without validation`() throws {
    expectThrow { _ in
      let model = Sequential { Dense(inputSize: 2, outputSize: 1) }
      let (x, y) = (Tensor.ones([8, 2]), Tensor.ones([8, 1]))
      try model.fit(
        x, y, loss: .meanSquaredError, optimizer: Adam(), callbacks: [EarlyStopping()],
        verbose: .silent)
    }
    try rightly {
      let model = Sequential { Dense(inputSize: 2, outputSize: 1) }
      let (x, y) = (Tensor.ones([8, 2]), Tensor.ones([8, 1]))
      try model.fit(
        x, y, loss: .meanSquaredError, optimizer: Adam(), validationSplit: 0.25,
        callbacks: [EarlyStopping()], verbose: .silent)
    }
  }

  @Test func `A number that was not asked for`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let model = Sequential { Dense(inputSize: 2, outputSize: 1) }
        let (x, y) = (Tensor.ones([8, 2]), Tensor.ones([8, 1]))
        let history = model.fit(x, y, loss: .meanSquaredError, optimizer: Adam())
        print(history["mae"])
      })
    rightly {
      let model = Sequential { Dense(inputSize: 2, outputSize: 1) }
      let (x, y) = (Tensor.ones([8, 2]), Tensor.ones([8, 1]))
      let history = model.fit(
        x, y, loss: .meanSquaredError, optimizer: Adam(), metrics: [.meanAbsoluteError],
        verbose: .silent)
      print(history["mean_absolute_error"])
    }
  }
}
