import Adjoint
import AdjointNN
import Testing

struct ProfileTests {
  /// Operations of [8, 40] times [40, 50].
  private static let product: Double = 2 * 8 * 40 * 50

  @Test func `Products have 2 m k n operations forward and twice that backward`() {
    let x = Tensor(Array(repeating: 1 as Float, count: 320)).reshaped([8, 40]).tracked()
    let dense = Dense(inputSize: 40, outputSize: 50, useBias: false)
    let profile = withProfiling {
      for _ in 0..<3 {
        _ = gradients(of: dense(x).sum(), withRespectTo: [x, dense.weight.value])
      }
    }
    #expect(profile.count("matmul", .forward) == 3)
    #expect(profile.count("matmul", .backward) == 6)
    #expect(profile.flops("matmul", .forward) == 3 * Self.product)
    #expect(profile.flops("matmul", .backward) == 6 * Self.product)
    #expect(profile.bytes("matmul", .forward) == Double(3 * 4 * (8 * 40 + 40 * 50 + 8 * 50)))
  }

  @Test func `The input of a model that is a constant has no product backward`() {
    let dense = Dense(inputSize: 40, outputSize: 50, useBias: false)
    let (x, y) = (Tensor.ones([8, 40]), Tensor.ones([8, 50]))
    let profile = withProfiling {
      _ = valueWithGradients(of: dense) { (dense(x) * y).sum() }.gradients[dense.weight]?.scalars
    }
    #expect(profile.flops("matmul", .forward) == Self.product)
    #expect(profile.flops("matmul", .backward) == Self.product)
  }

  @Test func `Waiting elementwise work is one program with a name of its operations`() {
    let x = Tensor(Array(repeating: 0.5 as Float, count: 1000))
    let profile = withProfiling { _ = (exp(x) * 2 + x).bytes() }
    #expect(profile.operations.map(\.name) == ["exp, multiply, add (3)"])
    #expect(profile.operations[0].count == 1)
    #expect(profile.operations[0].flops == 3000)
    #expect(profile.operations[0].bytes == 8000)
    #expect(profile.operations[0].shape == [1000])
    #expect(profile.operations[0].dtype == .float32)
    let (a, b) = (Tensor([1, 2]), Tensor([3, 4]))
    let small = withProfiling { _ = (a + b).bytes() }
    #expect(small.operations.map(\.name) == ["add"])
    #expect(small.operations[0].flops == 2)
  }

  @Test func `A long program is named by its first operations and its length`() {
    let x = Tensor(Array(repeating: 0.5 as Float, count: 1000))
    let profile = withProfiling { _ = reciprocal(rsqrt(sigmoid(softplus(square(x))))).bytes() }
    #expect(profile.operations.map(\.name) == ["square, softplus, … (5)"])
  }

  @Test func `A sum that computes its operand piece by piece has its work`() {
    let n = 1 << 19
    let x = Tensor(Array(repeating: 0.5 as Float, count: n))
    let profile = withProfiling { _ = (exp(x) * x).sum().scalar }
    #expect(profile.count("sum") == 1)
    #expect(profile.flops("sum") == Double(3 * n))
    // The product is never in memory.
    #expect(profile.bytes("sum") == Double(4 * n + 4))
  }

  @Test func `Operations inside others are not counted twice`() {
    let x = Tensor.ones([300, 300])
    let weight = Tensor.ones([300, 300])
    materialize(x, weight)
    let profile = withProfiling { for _ in 0..<5 { _ = matmul(tanh(x + 1), weight) } }
    #expect(profile.count("matmul") == 5)
    #expect(profile.count("add, tanh (2)") == 5)
    #expect(profile.sum <= profile.duration)
    #expect(profile.sum > .zero)
    #expect(profile.operations.allSatisfy { $0.duration >= .zero })
  }

  @Test func `An inner scope records what is also in the outer one`() {
    let x = Tensor.ones([50, 50])
    var inner: Profile?
    let outer = withProfiling {
      _ = matmul(x, x)
      inner = withProfiling { for _ in 0..<2 { _ = matmul(x, x) } }
      _ = matmul(x, x)
    }
    #expect(inner?.count("matmul") == 2)
    #expect(outer.count("matmul") == 4)
    #expect(inner!.duration <= outer.duration)
    #expect(inner!.sum <= inner!.duration)
  }

  @Test func `An error passes through and leaves profiling off`() {
    struct Failure: Error {}
    let x = Tensor.ones([50, 50])
    #expect(throws: Failure.self) {
      _ = try withProfiling {
        _ = matmul(x, x)
        throw Failure()
      }
    }
    _ = matmul(x, x)
    let profile = withProfiling { _ = matmul(x, x) }
    #expect(profile.count("matmul") == 1)
    let outer = withProfiling {
      try? withProfilingRegion("solver") {
        _ = matmul(x, x)
        throw Failure()
      }
      _ = matmul(x, x)
    }
    #expect(outer.count("matmul", in: "solver") == 1)
    #expect(outer.count("matmul", in: "") == 1)
  }

  @Test func `Scopes of concurrent tasks do not meet`() async {
    await withTaskGroup(of: (Int, Int, Double?).self) { group in
      for index in 1...8 {
        group.addTask {
          let x = Tensor.ones([32 + index, 32])
          let weight = Tensor.ones([32, 32])
          let profile = withProfiling {
            for _ in 0..<20 * index { _ = matmul(tanh(x), weight).scalars }
          }
          return (index, profile.count("matmul"), profile.flops("matmul"))
        }
      }
      for await (index, count, flops) in group {
        #expect(count == 20 * index)
        #expect(flops == Double(20 * index * 2 * (32 + index) * 32 * 32))
      }
    }
  }

  @Test func `Results are the same bits`() {
    func step() -> [UInt8] {
      withGenerator(seed: 3) {
        let model = Profiled()
        let x = Tensor.normal([16, 40])
        return valueWithGradients(of: model) { dropout(model(x), rate: 0.2).sum() }
          .gradients[model.blocks[0].dense.weight]!.bytes()
      }
    }
    let (profiled, _) = withProfiling { step() }
    #expect(profiled == step())
  }

  @Test func `The usual counts of operations`() throws {
    let x = Tensor.eye(20) * 2 + Tensor.ones([20, 20]) / 100
    materialize(x)
    let expected: [String: Int] = [
      "softmax": 5 * 400, "convolution": 2 * (2 * 5 * 36) * (3 * 9), "cholesky": 8000 / 3,
      "lu": 2 * 8000 / 3, "solve": 2 * 400 * 3, "fft": 5 * 64 * 6, "cumulativeSum": 400,
    ]
    let profile = withProfiling {
      _ = softmax(x)
      _ = convolution(Tensor.ones([2, 3, 8, 8]), Tensor.ones([5, 3, 3, 3]))
      _ = cholesky(x)
      _ = solve(x, Tensor.ones([20, 3]))
      _ = fft(ComplexTensor(real: Tensor.ones([64]), imaginary: Tensor.ones([64])))
      _ = x.cumulativeSum(axis: 0)
      _ = x.sorted()
    }
    for (name, flops) in expected {
      let found = try #require(profile.flops(name))
      #expect(Int(found) == flops, "\(name)")
    }
    #expect(profile.count("sorted") == 1)
    #expect(profile.flops("sorted") == nil)
  }

  private func materialize(_ tensors: Tensor...) { for x in tensors { _ = x.scalars } }
}
