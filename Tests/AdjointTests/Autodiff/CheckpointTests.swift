import Adjoint
import Synchronization
import Testing

@Suite("Checkpoints")
struct CheckpointTests {
  private let x = Tensor([[0.5, -1, 2], [0.1, 0.7, -0.4]], dtype: .float64)
  private let w = Tensor([[0.2, 1.1, -0.3], [0.6, -0.8, 0.9], [1.2, 0.1, 0.4]], dtype: .float64)

  @Test("values and gradients are the same bits, for inputs and for what was captured")
  func sameBits() {
    func run(_ segment: (Tensor, @escaping (Tensor) -> Tensor) -> Tensor) -> [Tensor] {
      let (x, w) = (x.tracked(), w.tracked())
      var y = x
      for _ in 0..<4 { y = segment(y) { tanh(matmul($0, w)) + $0 } }
      let loss = square(y).sum()
      return [loss.detached] + gradients(of: loss, withRespectTo: [x, w])
    }
    let plain = run { $1($0) }
    let segmented = run { checkpoint($0, $1) }
    for (a, b) in zip(plain, segmented) { expectIdentical(a, b) }
    #expect(plain[2].scalars.contains { Swift.abs($0) > 0.1 })
  }

  @Test("the body runs once forward and once for each sweep")
  func runs() {
    let count = Mutex(0)
    let x = x.tracked()
    let y = checkpoint(x) { x in
      count.withLock { $0 += 1 }
      return sin(x)
    }
    #expect(count.withLock { $0 } == 1)
    _ = gradients(of: (y * y).sum(), withRespectTo: [x])
    #expect(count.withLock { $0 } == 2, "once for all uses of the result")
    _ = gradients(of: y.sum(), withRespectTo: [x])
    #expect(count.withLock { $0 } == 3)
    _ = gradients(of: y.sum(), withRespectTo: [y])
    #expect(count.withLock { $0 } == 3, "nothing behind the result was asked for")
  }

  @Test("random draws are those of a run without, before, inside and after")
  func draws() {
    func run(_ segment: @escaping (Tensor, @escaping (Tensor) -> Tensor) -> Tensor) -> [Tensor] {
      withGenerator(seed: 5) {
        let x = Tensor.normal([40, 50]).tracked()
        let y = segment(x) { dropout(tanh($0), rate: 0.5) * Tensor.normal([50]) }
        let z = segment(dropout(y, rate: 0.1)) { inner in
          segment(inner) { dropout($0, rate: 0.3) } + Tensor.uniform([40, 50])
        }
        let loss = (z * Tensor.normal([40, 50])).sum()
        // The backward sweep draws in between, as a second loss would.
        _ = Tensor.normal([7])
        return [z.detached] + gradients(of: loss, withRespectTo: [x, y]) + [Tensor.normal([3])]
      }
    }
    let (plain, segmented) = (run { $1($0) }, run { checkpoint($0, $1) })
    for (a, b) in zip(plain, segmented) { expectIdentical(a, b) }
    #expect(plain[1].scalars.contains(0) && plain[1].scalars.contains { $0 != 0 })
  }

  @Test("gradients computed outside the scope of the generator find its numbers")
  func outsideScope() {
    let x = Tensor.ones([1000]).tracked()
    let (y, kept) = withGenerator(seed: 8) {
      let y = checkpoint(x) { dropout($0, rate: 0.5) }
      return (y, y.detached)
    }
    let g = withGenerator(seed: 9) { gradients(of: y.sum(), withRespectTo: [x])[0] }
    expectIdentical(g, kept)
  }

  @Test("a captured result of the graph outside is not differentiated twice")
  func capturedResult() {
    let (x, w) = (x.tracked(), w.tracked())
    let h = matmul(x, w)
    let plain = gradients(of: (sin(h) * h * x).sum(), withRespectTo: [x, w, h])
    let y = checkpoint([]) { _ in sin(h) * h * x }
    let segmented = gradients(of: y.sum(), withRespectTo: [x, w, h])
    for (a, b) in zip(plain, segmented) { expectClose(b, a, absolute: 1e-14) }
  }

  @Test("a chain of segments needs a fraction of the memory")
  func memory() async {
    await #expect(processExitsWith: .success) {
      func peak(_ segment: (Tensor, @escaping (Tensor) -> Tensor) -> Tensor) -> Int {
        let weights = (0..<16).map { _ in (Tensor.eye(64) * 0.9).tracked() }
        let start = Tensor.ones([1024, 64]).tracked()
        var x = start
        for w in weights {
          x = segment(x) { input in
            var y = input
            for _ in 0..<8 { y = tanh(matmul(y, w)) }
            return y
          }
        }
        _ = gradients(of: x.sum(), withRespectTo: weights + [start]).map(\.scalars)
        return MemoryStatistics.current.peakBytes
      }
      // The peak is that of the process so far: the smaller one comes first.
      let segmented = peak { checkpoint($0, $1) }
      #expect(MemoryStatistics.current.bytesInUse == 0)
      let plain = peak { $1($0) }
      #expect(segmented * 3 < plain, "\(segmented) and \(plain) bytes")
    }
  }

  @Test("nothing is recorded where nothing is tracked or recording is off")
  func notRecorded() {
    #expect(!checkpoint(x) { $0 * $0 }.isTracked)
    let tracked = x.tracked()
    #expect(!withoutRecording { checkpoint(tracked) { $0 * $0 } }.isTracked)
    #expect(!checkpoint(tracked) { _ in x }.isTracked)
    let labels = Tensor([0, 1] as [Int])
    let y = checkpoint([tracked, labels]) { softmaxCrossEntropy(logits: $0[0], labels: $0[1]) }
    #expect(GraphStatistics(of: y).operations == ["checkpoint": 1, "tracked": 1])
  }
}
