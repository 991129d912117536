import Adjoint
import AdjointNN
import Testing

private class Base: Module {
  let first = Parameter(Tensor.zeros([1]))
}

@propertyWrapper
private struct Wrapped<Value> {
  var wrappedValue: Value
}

private struct Pair {
  let left = Parameter(Tensor.zeros([2]))
  let right = Parameter(Tensor.zeros([2]))
}

private enum Head {
  case linear(Dense)
}

/// Every way in which a property can hold a parameter.
private final class Everything: Base {
  let second = Parameter(Tensor.zeros([2]))
  let optional: Parameter? = Parameter(Tensor.zeros([3]))
  let nothing: Parameter? = nil
  let nested: Dense?? = Dense(inputSize: 2, outputSize: 3)
  let array = [
    Dense(inputSize: 1, outputSize: 1, useBias: false), Dense(inputSize: 1, outputSize: 1),
  ]
  let holes: [Parameter?] = [nil, Parameter(Tensor.zeros([1]))]
  let dictionary = ["b": Parameter(Tensor.zeros([1])), "a": Parameter(Tensor.zeros([1]))]
  let tuple = (Parameter(Tensor.zeros([1])), named: Parameter(Tensor.zeros([1])))
  let pair = Pair()
  let head = Head.linear(Dense(inputSize: 1, outputSize: 1, useBias: false))
  private let hidden = Parameter(Tensor.zeros([1]))
  lazy var late = Parameter(Tensor.zeros([1]))
  @Wrapped var wrapped = Parameter(Tensor.zeros([1]))
  let _underscored = Parameter(Tensor.zeros([1]))
  let layers: [any Layer] = [ReLU(), Dense(inputSize: 1, outputSize: 1, useBias: false)]
  // None of these is a parameter.
  let table = Tensor.zeros([4])
  let numbers = Array(repeating: Float(1), count: 1_000_000)
  let size = 3
  let text = "text"
  let function: @Sendable (Tensor) -> Tensor = { relu($0) }
}

struct ModuleTests {
  @Test func `Parameters are found wherever a property holds them, in declaration order`() {
    let module = Everything()
    _ = module.late
    #expect(
      module.namedParameters.map(\.name) == [
        "first", "second", "optional", "nested.weight", "nested.bias", "array.0.weight",
        "array.1.weight", "array.1.bias", "holes.1", "dictionary.a", "dictionary.b", "tuple.0",
        "tuple.named", "pair.left", "pair.right", "head.linear.weight", "hidden", "late", "wrapped",
        "_underscored", "layers.1.weight",
      ])
    #expect(module.parameters.count == module.namedParameters.count)
  }

  @Test func `A lazy property counts once it has been used`() {
    #expect(!Everything().namedParameters.contains { $0.name == "late" })
  }

  @Test func `A shared parameter and a shared module appear once, under their first path`() {
    final class Tied: Module {
      let encoder = Dense(inputSize: 4, outputSize: 2)
      let again: Dense
      let weight: Parameter
      init() { (again, weight) = (encoder, encoder.weight) }
    }
    let model = Tied()
    #expect(model.namedParameters.map(\.name) == ["encoder.weight", "encoder.bias"])
    #expect(model.parameterCount == 4 * 2 + 2)
  }

  @Test func `Modules that refer to each other do not send the walk in circles`() {
    final class Node: Module {
      let weight = Parameter(Tensor.zeros([1]))
      var other: Node?
    }
    let (a, b) = (Node(), Node())
    (a.other, b.other) = (b, a)
    #expect(a.namedParameters.map(\.name) == ["weight", "other.weight"])
    a.other = nil
  }

  @Test func `A module without parameters has none`() {
    #expect(ReLU().namedParameters.isEmpty)
    #expect(ReLU().parameterCount == 0)
  }

  @Test func `A parameter is one variable until a value is assigned, which has no history`() throws
  {
    let parameter = Parameter(Tensor([1, 2]))
    let y = (parameter.value * parameter.value).sum()
    #expect(gradients(of: y, withRespectTo: [parameter.value])[0].scalars == [2, 4])
    parameter.value = parameter.value * 3
    #expect(parameter.value.scalars == [3, 6])
    let z = parameter.value.sum()
    #expect(gradients(of: z, withRespectTo: [parameter.value])[0].scalars == [1, 1])
  }

  @Test func `Conversion changes the dtype of all parameters and keeps their values`() {
    let layer = Dense(inputSize: 3, outputSize: 2)
    let before = layer.weight.value.scalars
    layer.convert(to: .float64)
    #expect(layer.parameters.map(\.dtype) == [.float64, .float64])
    #expect(layer.weight.value.scalars == before)
    #expect(layer(random([1, 3])).dtype == .float64)
  }

  @Test func `A value of another shape stops the program with both shapes`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Parameter(Tensor.zeros([2, 3])).value = Tensor.zeros([3, 2])
    }
    #expect(
      errors(result).contains(
        "a value of float32 [3, 2] was assigned to a parameter of float32 [2, 3]"))
  }

  @Test func `A value of another dtype stops the program with both dtypes`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Parameter(Tensor.zeros([2])).value = Tensor.zeros([2], dtype: .float64)
    }
    #expect(errors(result).contains("float64 [2] was assigned to a parameter of float32 [2]"))
  }

  @Test func `The mode is inference unless a scope says otherwise, and a scope ends`() throws {
    struct Stop: Error {}
    #expect(Mode.current == .inference)
    withMode(.training) {
      #expect(Mode.current == .training)
      withMode(.inference) { #expect(Mode.current == .inference) }
      #expect(Mode.current == .training)
    }
    #expect(throws: Stop.self) { try withMode(.training) { throw Stop() } }
    #expect(Mode.current == .inference)
  }

  @Test func `Vocabularies hold no parameters, dictionaries and sets of layers beside them do`() {
    final class Words: Module {
      let numbers = Dictionary(uniqueKeysWithValues: (0..<1000).map { ("word \($0)", $0) })
      let words = [["a", "b"], ["c"]]
      let known: Set<String> = ["a"]
      let heads = ["right": Dense(inputSize: 1, outputSize: 1, useBias: false)]
      let pairs: [(String, Dense?)] = [("x", Dense(inputSize: 1, outputSize: 1, useBias: false))]
    }
    #expect(Words().namedParameters.map(\.name) == ["heads.right.weight", "pairs.0.1.weight"])
  }
}
