import Adjoint
import AdjointNN
import AdjointNotebook
import Testing

/// The section "Gradients" of docs/mistakes.md: the code and the texts are those of the page.
struct GradientMistakes {
  @Test func `A gradient with respect to integers`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Tensor([1, 2, 3] as [Int])
        _ = gradient(at: x) { ($0 * $0).sum() }
      })
    rightly {
      let x = Tensor([1, 2, 3])
      _ = gradient(at: x) { ($0 * $0).sum() }
    }
  }

  @Test func `A function that gives several numbers`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Tensor([1, 2, 3])
        _ = gradient(at: x) { $0 * $0 }
      })
    rightly {
      let x = Tensor([1, 2, 3])
      _ = gradient(at: x) { ($0 * $0).sum() }
    }
  }

  @Test func `A loss with one number for each example`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let model = Dense(inputSize: 3, outputSize: 1)
        let (x, y) = (Tensor.ones([8, 3]), Tensor.ones([8, 1]))
        _ = valueWithGradients(of: model) { square(model(x) - y) }
      })
    rightly {
      let model = Dense(inputSize: 3, outputSize: 1)
      let (x, y) = (Tensor.ones([8, 3]), Tensor.ones([8, 1]))
      _ = valueWithGradients(of: model) { square(model(x) - y).mean() }
    }
  }

  @Test func `A gradient with respect to a tensor that is not tracked`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let weight = Tensor([1, 2]).tracked()
        let x = Tensor([3, 4])
        let y = (weight * x).sum()
        _ = gradients(of: y, withRespectTo: [weight, x])
      })
    rightly {
      let weight = Tensor([1, 2]).tracked()
      let x = Tensor([3, 4]).tracked()
      let y = (weight * x).sum()
      _ = gradients(of: y, withRespectTo: [weight, x])
    }
  }

  @Test func `Accuracy as a loss`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let model = Dense(inputSize: 3, outputSize: 2)
        let (x, labels) = (Tensor.ones([4, 3]), Tensor([0, 1, 1, 0] as [Int]))
        _ = valueWithGradients(of: model) {
          (model(x).argMax(axis: 1) .!= labels).cast(to: .float32).mean()
        }
      })
    rightly {
      let model = Dense(inputSize: 3, outputSize: 2)
      let (x, labels) = (Tensor.ones([4, 3]), Tensor([0, 1, 1, 0] as [Int]))
      _ = valueWithGradients(of: model) {
        softmaxCrossEntropy(logits: model(x), labels: labels)
      }
    }
  }

  @Test func `A second derivative without createGraph`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Tensor([1, 2]).tracked()
        let slope = gradients(of: (x * x * x).sum(), withRespectTo: [x])[0]
        _ = gradients(of: slope.sum(), withRespectTo: [x])
      })
    rightly {
      let x = Tensor([1, 2]).tracked()
      let slope = gradients(of: (x * x * x).sum(), withRespectTo: [x], createGraph: true)[0]
      _ = gradients(of: slope.sum(), withRespectTo: [x])
    }
  }

  @Test func `A loss computed with another model`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let teacher = Dense(inputSize: 3, outputSize: 1)
        let student = Dense(inputSize: 3, outputSize: 1)
        let x = Tensor.ones([8, 3])
        _ = valueWithGradients(of: student) { square(teacher(x)).mean() }
      })
    rightly {
      let teacher = Dense(inputSize: 3, outputSize: 1)
      let student = Dense(inputSize: 3, outputSize: 1)
      let x = Tensor.ones([8, 3])
      let wanted = teacher(x).detached
      _ = valueWithGradients(of: student) { square(student(x) - wanted).mean() }
    }
  }

  @Test func `An optimizer given the gradients of another model`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let generator = Dense(inputSize: 2, outputSize: 3)
        let critic = Dense(inputSize: 3, outputSize: 1)
        let (_, gradients) = valueWithGradients(of: critic) { critic(Tensor.ones([4, 3])).mean() }
        SGD(learningRate: 0.1).update(generator, gradients)
      })
    rightly {
      let critic = Dense(inputSize: 3, outputSize: 1)
      let (_, gradients) = valueWithGradients(of: critic) { critic(Tensor.ones([4, 3])).mean() }
      SGD(learningRate: 0.1).update(critic, gradients)
    }
  }

  @Test func `Training a model whose parameters are all frozen`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let model = Sequential { Dense(inputSize: 3, outputSize: 1) }
        model.freeze()
        let (x, y) = (Tensor.ones([8, 3]), Tensor.ones([8, 1]))
        model.fit(x, y, loss: .meanSquaredError, optimizer: Adam())
      })
    rightly {
      let model = Sequential { Dense(inputSize: 3, outputSize: 1) }
      model.freeze()
      let (x, y) = (Tensor.ones([8, 3]), Tensor.ones([8, 1]))
      model.unfreeze()
      model.fit(x, y, loss: .meanSquaredError, optimizer: Adam(), verbose: .silent)
    }
  }

  @Test func `A loss that becomes NaN`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Tensor([4, 0, 1])
        withAnomalyDetection {
          _ = gradient(at: x) { (sqrt($0) * 0).sum() }
        }
      })
    rightly {
      let x = Tensor([4, 0, 1])
      withAnomalyDetection {
        _ = gradient(at: x) { (sqrt($0 + 1e-12) * 0).sum() }
      }
    }
  }
}
