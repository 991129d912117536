import Adjoint
import AdjointNN
import AdjointNotebook
import Testing

private final class Perceptron: Layer {
  let hidden = Dense(inputSize: 4, outputSize: 3)
  let output = Dense(inputSize: 5, outputSize: 2)
  static let line = #line + 1
  func forward(_ x: Tensor) -> Tensor { output(relu(hidden(x))) }
}

/// Mistakes on known lines; inside an exit test's macro every line would be the macro's own.
private enum Mistake {
  static let stackLine = #line + 7
  static func stack() {
    let model = Sequential {
      Dense(inputSize: 784, outputSize: 256)
      ReLU()
      Dense(inputSize: 128, outputSize: 10)
    }
    _ = model(Tensor.zeros([32, 784]))
  }

  static let fitLine = #line + 3
  static func fit() {
    let model = Sequential { Dense(inputSize: 3, outputSize: 1) }
    model.fit(
      Tensor.zeros([8, 4]), Tensor.zeros([8, 1]), loss: .meanSquaredError, optimizer: SGD())
  }
}

/// A wrong program stops with the names, both shapes and the line of the mistake, in release too.
struct WrongInputTests {
  @Test func `A layer names itself, its place in the stack and both shapes`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Mistake.stack()
    }
    #expect(errors(result).contains("WrongInputTests.swift:\(Mistake.stackLine)"))
    #expect(
      errors(result).contains(
        "Dense (layer 2): an input of shape [32, 256] does not fit the weight of shape [10, 128]: "
          + "its last axis must have 128 elements"))
  }

  @Test func `In a model of one's own the line is the one in its forward`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Perceptron()(Tensor.zeros([1, 4]))
    }
    #expect(errors(result).contains("WrongInputTests.swift:\(Perceptron.line)"))
    #expect(errors(result).contains("[1, 3] does not fit the weight of shape [2, 5]"))
  }

  @Test func `An input of another dtype is named`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Dense(inputSize: 2, outputSize: 1)(Tensor([[1, 2]] as [[Int]]))
    }
    #expect(errors(result).contains("Dense: the input is int64 [1, 2], the weight float32 [1, 2]"))
  }

  @Test func `fit reports a model that does not fit the data at the line of fit`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Mistake.fit()
    }
    #expect(errors(result).contains("WrongInputTests.swift:\(Mistake.fitLine)"))
    #expect(errors(result).contains("[8, 4] does not fit the weight of shape [1, 3]"))
  }

  @Test func `fit refuses inputs and targets of different numbers`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Sequential { Dense(inputSize: 3, outputSize: 1) }
      model.fit(
        Tensor.zeros([8, 3]), Tensor.zeros([7, 1]), loss: .meanSquaredError, optimizer: SGD())
    }
    #expect(errors(result).contains("fit: needs as many inputs as targets"))
    #expect(errors(result).contains("[8, 3] and [7, 1]"))
  }

  @Test func `A loss of probabilities refuses a stack without softmax`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Sequential { Dense(inputSize: 3, outputSize: 2) }
      _ = model.evaluate(
        Tensor.zeros([1, 3]), Tensor([0] as [Int]), loss: .categoricalCrossEntropy)
    }
    #expect(
      errors(result).contains(
        "categoricalCrossEntropy: takes probabilities, but the model ends with Dense: add Softmax()"
      ))
  }

  @Test func `A loss of logits refuses a model that ends with a softmax`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Sequential {
        Dense(inputSize: 3, outputSize: 2)
        Softmax()
      }
      _ = model.evaluate(Tensor.zeros([1, 3]), Tensor([0] as [Int]), loss: .softmaxCrossEntropy)
    }
    #expect(errors(result).contains("takes logits, but the model ends with a softmax"))
  }

  @Test func `The squared error does not broadcast`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss.meanSquaredError(Tensor.zeros([4, 1]), Tensor.zeros([4]))
    }
    #expect(errors(result).contains("the prediction is float32 [4, 1], the target float32 [4]"))
  }

  @Test func `Impossible settings are refused where they are written`() async {
    let rate = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Dropout(rate: 1)
    }
    #expect(errors(rate).contains("Dropout: the rate must be in 0 ..< 1, not 1.0"))
    let size = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Dense(inputSize: -1, outputSize: 2)
    }
    #expect(errors(size).contains("Dense: there is no layer from -1 to 2 features"))
    let beta = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Adam(beta1: 1)
    }
    #expect(errors(beta).contains("Adam: beta1 must be in 0.0 ... "))
    let nesterov = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SGD(nesterov: true)
    }
    #expect(errors(nesterov).contains("SGD: nesterov needs a momentum"))
  }

  @Test func `A number that was not reported is named, with those that were`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Sequential { Dense(inputSize: 1, outputSize: 1) }
      let x = Tensor.zeros([2, 1])
      _ = model.evaluate(x, x, loss: .meanSquaredError, verbose: .silent).accuracy
    }
    #expect(errors(result).contains("there is no \"accuracy\", only loss"))
  }
}
