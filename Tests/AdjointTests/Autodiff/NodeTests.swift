import Adjoint
import Foundation
import Testing

/// What must hold for a whole process runs in one of its own.
@Suite("Graphs")
struct NodeTests {
  @Test("a chain of 1,000,000 nodes is differentiated and freed inside a task")
  func deepChain() async {
    await #expect(processExitsWith: .success) {
      let g = await Task {
        let x = Tensor(1, dtype: .float64).tracked()
        var y = x
        for _ in 0..<1_000_000 { y = y * 1.000001 }
        return gradients(of: y, withRespectTo: [x])[0].scalar
      }.value
      #expect(Swift.abs(g - exp(1.0)) < 1e-5)
    }
  }

  @Test("a million nodes of diamonds, whose rules capture their inputs, are freed inside a task")
  func deepDiamonds() async {
    await #expect(processExitsWith: .success) {
      let steps = 350_000
      let g = await Task {
        let x = Tensor(0.5, dtype: .float64).tracked()
        var y = x
        for _ in 0..<steps { y = y + 1e-6 * (y * y) }
        return gradients(of: y, withRespectTo: [x])[0].scalar
      }.value
      // y' = y^2 c has the solution y = 1 / (1/y0 - c t), so dy/dy0 = (y/y0)^2.
      let expected = 1 / ((1 - 0.175) * (1 - 0.175))
      #expect(Swift.abs(g - expected) < 1e-4)
    }
  }

  @Test("a deep graph of second derivatives is freed")
  func deepSecondOrder() async {
    await #expect(processExitsWith: .success) {
      let second = await Task {
        gradient(at: Tensor(1, dtype: .float64)) { x in
          gradient(at: x) { x in
            var y = x
            for _ in 0..<10_000 { y = y * x * 0.5 * 2 * (1 / x) }
            return y * x
          }
        }.scalar
      }.value
      #expect(Swift.abs(second - 2) < 1e-6)
    }
  }

  @Test("a graph that is gone holds no memory")
  func freesMemory() async {
    await #expect(processExitsWith: .success) {
      func step() {
        let x = Tensor.ones([300, 300]).tracked()
        let y = (tanh(matmul(x, x)) * softmax(x) + dropout(x, rate: 0.5)).max(axes: [0])
        let g = gradients(of: (y * y).sum(), withRespectTo: [x], createGraph: true)[0]
        _ = gradients(of: (g * g).sum(), withRespectTo: [x, y])[0].scalars
      }
      step()
      let before = MemoryStatistics.current.bytesInUse
      for _ in 0..<10 { step() }
      #expect(before == 0 && MemoryStatistics.current.bytesInUse == 0)
    }
  }

  @Test("repeating a computation does not grow the process")
  func staysFlat() async {
    await #expect(processExitsWith: .success) {
      func residentMiB() throws -> Int {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
          .split(separator: " ")
        return (Int(fields[1]) ?? 0) * 4096 >> 20
      }
      func step() {
        let x = Tensor.ones([100]).tracked()
        var y = x
        for _ in 0..<2_000 { y = y + 1e-6 * (y * x) }
        _ = gradients(of: y.sum(), withRespectTo: [x])
      }
      for _ in 0..<5 { step() }
      let before = try residentMiB()
      for _ in 0..<60 { step() }
      let after = try residentMiB()
      #expect(after - before < 20)
    }
  }

  @Test("once warm, a step takes its memory from the cache")
  func reusesMemory() async {
    await #expect(processExitsWith: .success) {
      func step() {
        let x = Tensor.ones([256, 256]).tracked()
        let y = square(relu(matmul(x, x.transposed()) + x)).mean()
        _ = (x - 0.1 * gradients(of: y, withRespectTo: [x])[0]).scalars
      }
      step()
      let warm = MemoryStatistics.current
      for _ in 0..<20 { step() }
      let end = MemoryStatistics.current
      #expect(end.peakBytes == warm.peakBytes && end.cachedBytes == warm.cachedBytes)
      MemoryStatistics.cacheLimit = 0
      #expect(MemoryStatistics.current.cachedBytes == 0)
    }
  }

  @Test("many tasks that compute at once get the same bits")
  func concurrency() async {
    @Sendable func compute(_ shared: Tensor) -> [UInt8] {
      withGenerator(seed: 9) {
        let w = Tensor.normal([64, 64]).tracked()
        let y = softmax(matmul(tanh(w * shared), shared.transposed())).sum(axes: [0])
        let loss = (y * y + dropout(y, rate: 0.3)).sum()
        return gradients(of: loss, withRespectTo: [w])[0].bytes()
      }
    }
    // Pending when the tasks start: the first reader evaluates it for all.
    let shared = exp(Tensor.linspace(-1, 1, count: 64 * 64).reshaped(64, 64)) * 0.25
    let results = await withTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<48 { group.addTask { compute(shared) } }
      return await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
    }
    #expect(results == [compute(shared)])
  }

  @Test("a graph can be differentiated by several tasks at once")
  func sharedGraph() async {
    let x = Tensor.linspace(0.1, 1, count: 500, dtype: .float64).tracked()
    let y = (sin(x * x) / x).sum()
    let results = await withTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<24 {
        group.addTask { gradients(of: y, withRespectTo: [x])[0].bytes() }
      }
      return await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
    }
    #expect(results.count == 1)
  }

  @Test("withoutRecording is a matter of one task")
  func recordingIsTaskLocal() async {
    let x = Tensor([1.0, 2.0]).tracked()
    await withTaskGroup(of: Bool.self) { group in
      for index in 0..<20 {
        group.addTask {
          index % 2 == 0
            ? (x * x).isTracked : withoutRecording { !(x * x).isTracked && x.isTracked }
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }
}
