import Adjoint
import AdjointNN
import Testing

/// Settings that are impossible stop the program with the name and the number.
struct OptimizerMistakeTests {
  @Test func `Decays and rates`() async {
    let rate = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = AdamW(learningRate: -0.1)
    }
    #expect(errors(rate).contains("AdamW: learningRate must be finite and at least 0.0, not -0.1"))
    let decay = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = NAdam(weightDecay: .nan)
    }
    #expect(errors(decay).contains("NAdam: weightDecay must be finite and at least 0.0, not nan"))
    let later = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let optimizer = Lion()
      optimizer.learningRate = .infinity
    }
    #expect(errors(later).contains("Lion: learningRate must be finite and at least 0.0, not inf"))
  }

  @Test func `Settings of a group`() async {
    let beta = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let weight = Parameter(Tensor.zeros([2]))
      LAMB().configure([weight]) { $0.beta2 = 1.5 }
    }
    #expect(errors(beta).contains("LAMB: beta2 must be in 0.0 ... "))
    let factor = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      LARS().configure([], learningRateFactor: -1)
    }
    #expect(
      errors(factor).contains("LARS: learningRateFactor must be finite and at least 0.0, not -1.0"))
  }

  @Test func `Ranges of single optimizers`() async {
    let shrink = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Rprop(decrease: 1)
    }
    #expect(errors(shrink).contains("Rprop: decrease must be between 0 and 1, not 1.0"))
    let grow = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Rprop(increase: 1)
    }
    #expect(errors(grow).contains("Rprop: increase must be above 1, not 1.0"))
    let decay = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Adafactor(beta2Decay: 0.8)
    }
    #expect(errors(decay).contains("Adafactor: beta2Decay must not be above 0, but is 0.8"))
    let rounds = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Muon(iterations: 100)
    }
    #expect(errors(rounds).contains("Muon: iterations must be in 0 ..< 100, not 100"))
    let history = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LBFGS(historySize: 0)
    }
    #expect(errors(history).contains("LBFGS: historySize must be at least 1, not 0"))
    let average = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = WeightAverage(of: Dense(inputSize: 1, outputSize: 1), decay: 1.1)
    }
    #expect(errors(average).contains("WeightAverage: decay must be in 0.0 ... 1.0, not 1.1"))
  }

  @Test func `What an optimizer cannot do`() async {
    let vector = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let bias = Parameter(Tensor.zeros([2]))
      Muon().update([bias], Gradients([Tensor.ones([2])], of: [bias]))
    }
    #expect(errors(vector).contains("Muon: takes matrices, not a parameter of shape [2]"))
    let search = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let bias = Parameter(Tensor.zeros([2]))
      LBFGS(lineSearch: .strongWolfe).update([bias], Gradients([Tensor.ones([2])], of: [bias]))
    }
    #expect(errors(search).contains("LBFGS: a line search needs the loss"))
    let limit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Gradients([], of: []).clipped(.value(-1))
    }
    #expect(errors(limit).contains("clipped: value must be finite and at least 0.0, not -1.0"))
    let mean = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Gradients.mean([])
    }
    #expect(errors(mean).contains("Gradients: the mean of no gradients"))
  }
}
