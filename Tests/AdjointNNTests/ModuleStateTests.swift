import Adjoint
import AdjointNN
import Testing

/// A module with a buffer of its own and one inside.
private final class Running: Module {
  let weight = Parameter(Tensor([1, 2]))
  let mean = Buffer(Tensor([0.5, 0.25]))
  let count = Buffer(Tensor(3, dtype: .int64))
  let inner = Inner()
}

private final class Inner: Module {
  let bias = Parameter(Tensor([5]))
  let table = Buffer(Tensor([7]))
}

struct ModuleStateTests {
  @Test func `Buffers are found by type, apart from parameters`() {
    let module = Running()
    #expect(module.namedBuffers.map(\.name) == ["mean", "count", "inner.table"])
    #expect(module.namedParameters.map(\.name) == ["weight", "inner.bias"])
    #expect(module.namedModules.map(\.name) == ["inner"])
    #expect(module.parameterCount == 3)
  }

  @Test func `A state dictionary holds parameters and buffers, and loading sets both`() throws {
    let (source, target) = (Running(), Running())
    source.mean.value = Tensor([9, 8])
    source.count.value = Tensor(4, dtype: .int64)
    source.weight.value = Tensor([3, 4])
    #expect(
      source.stateDictionary.keys.sorted() == [
        "count", "inner.bias", "inner.table", "mean", "weight",
      ]
    )
    try target.load(from: source)
    #expect(target.mean.value.scalars(as: Float.self) == [9, 8])
    #expect(target.count.value.scalar == 4)
    #expect(target.weight.value.scalars(as: Float.self) == [3, 4])
  }

  @Test func `A buffer that is missing or of another dtype is named, and nothing is loaded`() {
    let module = Running()
    var state = module.stateDictionary
    state["mean"] = nil
    state["count"] = Tensor(4, dtype: .int32)
    state["weight"] = Tensor([0, 0])
    let error = #expect(throws: StateMismatch.self) { try module.load(stateDictionary: state) }
    #expect(
      error.map(String.init(describing:))
        == "\"count\" is int64 [] in the model, but int32 [] was given; missing: \"mean\"")
    #expect(module.weight.value.scalars(as: Float.self) == [1, 2])
  }

  @Test func `Converting leaves integer buffers as they are`() {
    let module = Running()
    module.convert(to: .float64)
    #expect(module.mean.dtype == .float64)
    #expect(module.count.dtype == .int64)
    #expect(module.weight.dtype == .float64)
  }

  @Test func `Frozen parameters get no gradient and do not move`() {
    let model = Sequential {
      Dense(inputSize: 2, outputSize: 3)
      ReLU()
      Dense(inputSize: 3, outputSize: 1)
    }
    model.freeze(matching: "0.*")
    #expect(model.trainableParameters.count == 2)
    let before = model.stateDictionary
    let x = Tensor.ones([4, 2])
    let (_, gradients) = valueWithGradients(of: model) { square(model(x) - 1).mean() }
    #expect(gradients[model.parameters[0]] == nil)
    SGD(learningRate: 1).update(model, gradients)
    let after = model.stateDictionary
    #expect(after["0.weight"]?.bytes() == before["0.weight"]?.bytes())
    #expect(after["2.bias"]?.bytes() != before["2.bias"]?.bytes())
    model.unfreeze()
    #expect(model.trainableParameters.count == 4)
    let (_, all) = valueWithGradients(of: model) { square(model(x) - 1).mean() }
    #expect(all[model.parameters[0]] != nil)
  }

  @Test func `Paths match by component, by any depth, and exactly`() {
    let model = Sequential {
      Sequential {
        Dense(inputSize: 1, outputSize: 1)
        Dense(inputSize: 1, outputSize: 1, useBias: false)
      }
      Dense(inputSize: 1, outputSize: 1)
    }
    func names(_ pattern: String) -> [String] {
      model.namedParameters(matching: pattern).map(\.name)
    }
    #expect(names("**") == ["0.0.weight", "0.0.bias", "0.1.weight", "1.weight", "1.bias"])
    #expect(names("*.weight") == ["1.weight"])
    #expect(names("**.weight") == ["0.0.weight", "0.1.weight", "1.weight"])
    #expect(names("0.**") == ["0.0.weight", "0.0.bias", "0.1.weight"])
    #expect(names("0.*.b*s") == ["0.0.bias"])
    #expect(names("1.bias") == ["1.bias"])
  }

  @Test func `A pattern that matches nothing stops the program`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      Dense(inputSize: 1, outputSize: 1).freeze(matching: "wieght")
    }
    let bytes = result?.standardErrorContent ?? []
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains("no parameter matches \"wieght\"; there are: weight, bias"))
  }

  @Test func `Regularizers add up, and their gradient reaches the loss`() {
    let model = Dense(inputSize: 2, outputSize: 1)
    #expect(model.regularization.scalar == 0)
    model.weight.value = Tensor([[3, -4]])
    model.weight.regularizer = .l2(0.5)
    model.bias?.regularizer = .l1(2)
    model.bias?.value = Tensor([-1])
    #expect(model.regularization.scalar == 14.5)
    let (_, gradients) = valueWithGradients(of: model) { model.regularization }
    #expect(gradients[model.weight]?.scalars(as: Float.self) == [3, -4])
    #expect(Regularizer.l1l2(l1: 1, l2: 2)(Tensor([1, -2])).scalar == 3 + 2 * 5)
  }

  @Test func `A copy has equal values and shares nothing`() {
    let model = Sequential {
      Dense(inputSize: 2, outputSize: 2)
      Dropout(rate: 0.25)
    }
    model.convert(to: .float64)
    model.freeze(matching: "0.bias")
    let twin = model.copy()
    #expect(twin.parameters[0].value.bytes() == model.parameters[0].value.bytes())
    #expect(twin.parameters[1].isFrozen)
    twin.parameters[0].value = Tensor.zeros([2, 2], dtype: .float64)
    #expect(model.parameters[0].value.bytes() != twin.parameters[0].value.bytes())
    #expect((twin.layers[1] as? Dropout)?.rate == 0.25)
  }

  @Test func `A summary counts frozen parameters and buffers as not trainable`() {
    let model = Sequential { Dense(inputSize: 2, outputSize: 3) }
    model.freeze(matching: "0.bias")
    let text = model.summary(inputShape: [2])
    #expect(text.contains(" Total params: 9 (36.00 B)"))
    #expect(text.contains(" Trainable params: 6 (24.00 B)"))
    #expect(text.contains(" Non-trainable params: 3 (12.00 B)"))
  }
}
