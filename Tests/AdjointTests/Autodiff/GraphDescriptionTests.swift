import Adjoint
import Testing

@Suite("Looking at graphs and gradients")
struct GraphDescriptionTests {
  private let x = Tensor([[0.5, -1], [2, 3]], dtype: .float64)

  @Test("the description names operations, dtypes and shapes, and is the same every time")
  func description() {
    func build() -> Tensor {
      let x = x.tracked()
      let y = x * x
      return (y + sin(y)).sum()
    }
    let expected = #"""
      digraph {
        n0 [label="tracked\nfloat64 [2, 2]", shape=box]
        n1 [label="*\nfloat64 [2, 2]"]
        n0 -> n1
        n0 -> n1
        n2 [label="sin\nfloat64 [2, 2]"]
        n1 -> n2
        n3 [label="+\nfloat64 [2, 2]"]
        n1 -> n3
        n2 -> n3
        n4 [label="sum\nfloat64 []"]
        n3 -> n4
      }

      """#
    #expect(graphDescription(of: build()) == expected)
    #expect(graphDescription(of: build()) == expected)
    #expect(
      graphDescription(of: x) == "digraph {\n  n0 [label=\"not recorded\\nfloat64 [2, 2]\"]\n}\n")
  }

  @Test("statistics count nodes, edges, operations and depth")
  func statistics() {
    let x = x.tracked()
    let y = x * x
    let statistics = GraphStatistics(of: (y + sin(y)).sum())
    #expect(statistics.nodeCount == 5 && statistics.edgeCount == 6 && statistics.depth == 5)
    #expect(statistics.operations == ["tracked": 1, "*": 1, "sin": 1, "+": 1, "sum": 1])
    #expect(GraphStatistics(of: x.detached).nodeCount == 0)
  }

  @Test("a long chain is described on the stack of a task")
  func deep() async {
    let statistics = await Task {
      var y = Tensor(1.0).tracked()
      for _ in 0..<100_000 { y = y * 2 }
      return GraphStatistics(of: y)
    }.value
    #expect(statistics.depth == 100_001 && statistics.operations["*"] == 100_000)
  }

  // MARK: Hooks

  @Test("onGradient sees the sum of all gradients once in a sweep, and changes nothing")
  func hook() {
    var seen: [Tensor] = []
    func loss(_ x: Tensor, _ watch: (Tensor) -> Tensor) -> Tensor {
      let h = watch(x * x)
      return (h * h + 3 * h).sum()
    }
    let x = x.tracked()
    let watched = loss(x) { $0.onGradient { seen.append($0) } }
    let g = gradients(of: watched, withRespectTo: [x])[0]
    #expect(seen.count == 1)
    expectClose(seen[0], 2 * self.x * self.x + 3)
    expectIdentical(g, gradients(of: loss(x) { $0 }, withRespectTo: [x])[0])
    _ = gradients(of: watched, withRespectTo: [x])
    #expect(seen.count == 2)
    _ = gradients(of: watched, withRespectTo: [watched])
    #expect(seen.count == 2)
    expectIdentical(x.detached.onGradient { _ in }, self.x)
    #expect(!x.detached.onGradient { _ in }.isTracked)
  }

  @Test("onGradient in a checkpoint is called by the recomputed graph, once")
  func hookInCheckpoint() {
    var count = 0
    let x = x.tracked()
    let y = checkpoint(x) { sin($0).onGradient { _ in count += 1 } * 2 }
    _ = gradients(of: y.sum(), withRespectTo: [x])
    #expect(count == 1)
  }
}
