import Adjoint
import AdjointData
import AdjointNN
import Testing

struct ProfiledModulesTests {
  private func step(_ model: some Layer, _ x: Tensor, _ optimizer: some Optimizer) {
    let y = Tensor([0, 1, 2, 0])
    let (_, gradients) = valueWithGradients(of: model) {
      softmaxCrossEntropy(logits: model(x), labels: y.cast(to: .int64))
    }
    optimizer.update(model, gradients)
  }

  @Test func `Operations belong to the module that asked for them, backward too`() {
    let (model, optimizer) = (Profiled(), Adam())
    let x = Tensor.ones([4, 40])
    let profile = withProfiling { for _ in 0..<2 { step(model, x, optimizer) } }
    let product = Double(2 * 2 * 4 * 40 * 40)
    let first = "Profiled.blocks.0.dense"
    #expect(profile.flops("matmul", .forward, in: first) == product)
    // Nobody asks for the gradient of the input.
    #expect(profile.flops("matmul", .backward, in: first) == product)
    #expect(profile.flops("matmul", .backward, in: "Profiled.blocks.1.dense") == 2 * product)
    let last = Double(2 * 2 * 4 * 40 * 3)
    #expect(profile.flops("matmul", .backward, in: "Profiled.output") == 2 * last)
    #expect(profile.count("softmaxCrossEntropy", .forward, in: "") == 2)
    let paths = [
      "Profiled", "Profiled.blocks.0", "Profiled.blocks.0.dense", "Profiled.blocks.1",
      "Profiled.blocks.1.dense", "Profiled.output",
    ]
    #expect(Set(profile.calls.map(\.module)) == Set(paths))
    #expect(profile.calls.allSatisfy { $0.count == 2 })
    #expect(profile.sum <= profile.duration)
  }

  @Test func `What waits belongs to who recorded it, not to who needs the numbers`() {
    let block = Profiled.Block()
    let x = Tensor.ones([4, 40])
    let profile = withProfiling {
      let y = block(x)
      _ = withProfilingRegion("reader") { y.bytes() }
    }
    #expect(profile.count("tanh, add (2)", .forward, in: "Block") == 1)
    #expect(profile.operations.allSatisfy { $0.module != "reader" })
  }

  @Test func `The rule of an operation is named, and its time is backward`() {
    let x = Tensor.ones([1000]).tracked()
    let y = Tensor.ones([1000])
    let profile = withProfiling {
      _ = gradients(of: (tanh(x) * y).cumulativeSum(axis: 0).sum(), withRespectTo: [x])[0].bytes()
    }
    let scans = profile.operations.filter { $0.name == "cumulativeSum" }
    #expect(Set(scans.map(\.phase)) == [.forward, .backward])
    #expect(scans.first { $0.phase == .forward }?.derivativeOf == nil)
    #expect(scans.first { $0.phase == .backward }?.derivativeOf == "cumulativeSum")
    #expect(profile.operations.contains { $0.derivativeOf == "tanh" })
  }

  @Test func `An optimizer's step is a phase of its own`() {
    let (model, optimizer) = (Profiled(), SGD(learningRate: 0.1))
    let profile = withProfiling { step(model, Tensor.ones([4, 40]), optimizer) }
    let steps = profile.operations.filter { $0.phase == .update }
    // Three weights in one job; a bias of three numbers is computed at once.
    #expect(steps.filter { $0.shape.elementCount > 32 }.reduce(0) { $0 + $1.count } == 1)
    #expect(steps.allSatisfy { $0.derivativeOf == nil && $0.module == "" })
  }

  @Test func `A model can be named, and its parts called one by one`() {
    let model = Profiled()
    let x = Tensor.ones([4, 40])
    let profile = withProfiling(of: model, named: "net") { _ = model.output(model.blocks[1](x)) }
    #expect(profile.count("matmul", in: "net.blocks.1.dense") == 1)
    #expect(profile.count("matmul", in: "net.output") == 1)
    let unnamed = withProfiling { _ = model.output(model.blocks[1](x)) }
    #expect(unnamed.count("matmul", in: "Block.dense") == 1)
    #expect(unnamed.count("matmul", in: "Dense") == 1)
  }

  @Test func `A layer with two ways to call it is one call`() {
    let attention = MultiHeadAttention(embeddingSize: 16, heads: 2)
    let lstm = LSTM(inputSize: 16, hiddenSize: 8)
    let x = Tensor.ones([2, 5, 16])
    let profile = withProfiling {
      _ = attention(x)
      _ = attention(x, mask: .causal)
      _ = lstm(x)
      _ = lstm(x, initialState: nil)
    }
    let counts = Dictionary(uniqueKeysWithValues: profile.calls.map { ($0.module, $0.count) })
    #expect(counts["MultiHeadAttention"] == 2)
    #expect(counts["LSTM"] == 2)
  }

  @Test func `A checkpoint's second run is backward, in the module that runs`() {
    let block = Profiled.Block()
    let x = Tensor.ones([4, 40]).tracked()
    let profile = withProfiling {
      let y = checkpoint(x) { block($0) }
      _ = gradients(of: y.sum(), withRespectTo: [x, block.dense.weight.value])
    }
    #expect(profile.count("matmul", .forward, in: "Block.dense") == 1)
    #expect(profile.count("matmul", .backward, in: "Block.dense") == 3)
  }

  @Test func `Regions are nested`() {
    let x = Tensor.ones([40, 40])
    let block = Profiled.Block()
    let profile = withProfiling {
      withProfilingRegion("solver") {
        _ = matmul(x, x)
        withProfilingRegion("inner") { _ = block(x) }
      }
    }
    #expect(profile.count("matmul", in: "solver") == 1)
    #expect(profile.count("matmul", in: "solver.inner.Block.dense") == 1)
    // Outside of a profile a region is its body.
    #expect(withProfilingRegion("nothing") { 3 } == 3)
  }

  @Test func `A loader's threads stand beside, and waiting for them is a line`() {
    let data = TensorDataset(Tensor.ones([64, 100]))
    let loader = Loader(data, batchSize: 16, workers: 2) { batch in
      [tanh(batch[0] + 1)]
    }
    let profile = withProfiling {
      for batch in loader.epoch(0) { _ = matmul(batch[0], batch[0].transposed()) }
    }
    #expect(profile.count("matmul") == 4)
    #expect(profile.count("wait for a loader") == 4)
    let beside = profile.operations.filter(\.isOnOtherThread)
    #expect(beside.filter { $0.name == "add, tanh (2)" }.reduce(0) { $0 + $1.count } == 4)
    #expect(profile.count("add, tanh (2)") == 0)
    #expect(profile.sum <= profile.duration)
    #expect(profile.description.contains("beside it, on other threads"))
  }
}
