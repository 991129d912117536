import Adjoint
import AdjointNN
import Testing

struct LayerTests {
  @Test func `Dense computes what PyTorch's Linear computes, with its gradients`() throws {
    let reference = try Reference.read()
    let layer = Dense(inputSize: 3, outputSize: 4, dtype: .float64)
    layer.weight.value = Tensor(reference.weight, shape: [4, 3])
    layer.bias?.value = Tensor(reference.bias, shape: [4])
    let x = Tensor(reference.x, shape: [6, 3]).tracked()
    let y = layer(x)
    try expectClose(y, reference.dense.y, shape: [6, 4])
    let bias = try #require(layer.bias)
    let found = gradients(
      of: y, withRespectTo: [x, layer.weight.value, bias.value],
      cotangent: Tensor(reference.target, shape: [6, 4]))
    try expectClose(found[0], reference.dense.dx, shape: [6, 3])
    try expectClose(found[1], reference.dense.dweight, shape: [4, 3])
    try expectClose(found[2], reference.dense.dbias, shape: [4])
  }

  @Test func `Dense takes a vector, a batch and a batch of sequences`() {
    let layer = Dense(inputSize: 3, outputSize: 2)
    #expect(layer(Tensor.ones([3])).shape == [2])
    #expect(layer(Tensor.ones([5, 3])).shape == [5, 2])
    #expect(layer(Tensor.ones([4, 5, 3])).shape == [4, 5, 2])
    #expect(layer(Tensor.ones([0, 3])).shape == [0, 2])
  }

  @Test func `Dense names and shapes its parameters as PyTorch does`() {
    let layer = Dense(inputSize: 3, outputSize: 2)
    #expect(layer.namedParameters.map(\.name) == ["weight", "bias"])
    #expect(layer.namedParameters.map(\.parameter.shape) == [[2, 3], [2]])
    #expect(layer.bias?.value.scalars == [0, 0])
    let linear = Dense(inputSize: 3, outputSize: 2, useBias: false)
    #expect(linear.namedParameters.map(\.name) == ["weight"])
  }

  @Test func `Dense starts from the initializers it is given`() {
    let layer = Dense(
      inputSize: 2, outputSize: 2, weightInitializer: .ones, biasInitializer: .constant(0.5))
    #expect(layer(Tensor([1, 2])).scalars == [3.5, 3.5])
  }

  @Test func `Equal seeds give equal layers`() {
    func layer(_ seed: UInt64) -> [Double] {
      withGenerator(seed: seed) { Dense(inputSize: 5, outputSize: 5).weight.value.scalars }
    }
    #expect(layer(1) == layer(1))
    #expect(layer(1) != layer(2))
  }

  @Test func `ReLU and Softmax keep the shape`() throws {
    #expect(ReLU()(Tensor([-1, 0, 2])).scalars == [0, 0, 2])
    let x = random([2, 3, 4])
    let last = Softmax()(x).sum(axes: [2])
    try expectClose(last, Array(repeating: 1, count: 6), shape: [2, 3])
    let middle = Softmax(axis: 1)(x).sum(axes: [1])
    try expectClose(middle, Array(repeating: 1, count: 8), shape: [2, 4])
  }

  @Test func `Flatten keeps the batch`() {
    #expect(Flatten()(Tensor.zeros([5, 28, 28])).shape == [5, 784])
    #expect(Flatten()(Tensor.zeros([0, 28, 28])).shape == [0, 784])
    #expect(Flatten()(Tensor.zeros([5])).shape == [5, 1])
  }

  @Test func `Dropout zeroes a share of the elements in training and scales the others`() {
    let layer = Dropout(rate: 0.25)
    let y = withGenerator(seed: 3) {
      withMode(.training) { layer(Tensor.ones([100, 1000])) }
    }
    let values = Set(y.scalars)
    #expect(values == [0, Double(Float(1 / 0.75))])
    let kept = (y .> 0).sum().scalar / 100_000
    #expect(abs(kept - 0.75) < 0.006)
    #expect(abs(y.mean().scalar - 1) < 0.008)
  }

  @Test func `Dropout changes nothing at inference`() {
    let x = random([10, 10])
    #expect(Dropout(rate: 0.5)(x).scalars == x.scalars)
  }

  @Test func `Dropout draws a new mask each time and the same one for its gradient`() {
    withGenerator(seed: 1) {
      withMode(.training) {
        let layer = Dropout(rate: 0.5)
        let x = Tensor.ones([200]).tracked()
        let (a, b) = (layer(x), layer(x))
        #expect(a.scalars != b.scalars)
        #expect(gradients(of: a.sum(), withRespectTo: [x])[0].scalars == a.scalars)
      }
    }
  }

  @Test func `Dropout of rate 0 is the identity in training too`() {
    withMode(.training) { #expect(Dropout(rate: 0)(Tensor([1, 2])).scalars == [1, 2]) }
  }
}

struct SequentialTests {
  @Test func `Parameters are named by the number of their layer, as in PyTorch`() {
    let model = Sequential {
      Dense(inputSize: 4, outputSize: 3)
      ReLU()
      Dropout(rate: 0.1)
      Dense(inputSize: 3, outputSize: 2)
    }
    #expect(model.namedParameters.map(\.name) == ["0.weight", "0.bias", "3.weight", "3.bias"])
  }

  @Test func `A stack applies its layers in order; an empty one is the identity`() {
    let model = Sequential([
      Dense(inputSize: 1, outputSize: 2, weightInitializer: .constant(-1)), ReLU(),
    ])
    #expect(model(Tensor([[2.0], [-3.0]])).scalars == [0, 0, 3, 3])
    #expect(Sequential([])(Tensor([1, 2])).scalars == [1, 2])
  }

  @Test(arguments: [0, 0.5], [1, 3])
  func `The block may choose and repeat layers`(rate: Double, depth: Int) {
    let model = Sequential {
      for _ in 0..<depth {
        Dense(inputSize: 2, outputSize: 2)
        if rate > 0 { Dropout(rate: rate) }
      }
      if depth > 2 {
        ReLU()
      } else {
        Softmax()
      }
      switch depth {
      case 1: Flatten()
      default: Sequential { ReLU() }
      }
      [ReLU(), ReLU()]
    }
    let kinds = model.layers.map { String(describing: type(of: $0)) }
    let hidden = rate > 0 ? ["Dense", "Dropout"] : ["Dense"]
    var expected: [String] = Array(repeating: hidden, count: depth).flatMap { $0 }
    expected += depth > 2 ? ["ReLU", "Sequential"] : ["Softmax", "Flatten"]
    expected += ["ReLU", "ReLU"]
    #expect(kinds == expected)
  }

  @Test func `A layer used twice shares its weights and gets both gradients`() throws {
    let shared = Dense(inputSize: 1, outputSize: 1, useBias: false, weightInitializer: .constant(3))
    let model = Sequential([shared, shared])
    #expect(model.namedParameters.map(\.name) == ["0.weight"])
    let (value, gradients) = valueWithGradients(of: model) { model(Tensor([[2.0]])).sum() }
    #expect(value.scalar == 18)
    #expect(gradients[shared.weight]?.scalars == [12])  // d(2 w²)/dw
  }

  @Test func `The stack without its softmax shares the parameters`() throws {
    let model = withGenerator(seed: 1) {
      Sequential {
        Dense(inputSize: 3, outputSize: 2)
        Sequential { Softmax() }
      }
    }
    let logits = try #require(model.beforeSoftmax)
    #expect(
      logits.parameters.map(ObjectIdentifier.init) == model.parameters.map(ObjectIdentifier.init))
    let x = random([4, 3], dtype: .float32)
    #expect(softmax(logits(x)).scalars == model(x).scalars)
    #expect(Sequential { ReLU() }.beforeSoftmax == nil)
    #expect(Sequential([]).beforeSoftmax == nil)
  }
}
