import Synchronization

/// A derivative rule: from the gradient of an operation's result to that of one input.
///
/// Rules are written with public tensor functions, so a rule has derivatives itself. A rule that
/// needs the result gets it as an argument: a closure that captured it would keep its own node
/// alive for ever.
enum Rule {
  case gradient((_ g: Tensor) -> Tensor)
  case gradientAndOutput((_ g: Tensor, _ y: Tensor) -> Tensor)
}

/// The place of a tensor in the graph: where it came from and how gradients go back.
final class Node: @unchecked Sendable {
  // Sendable: edges are added while the operation that makes the node runs, before anybody else
  // can see it; from then on it is only read, until `deinit`.

  struct Edge {
    let source: Node
    let rule: Rule
  }

  /// The position on the tape: larger than those of all nodes it depends on.
  let sequence: Int
  /// The name of the operation.
  let name: StaticString
  let shape: Shape
  let dtype: DType
  private(set) var edges: [Edge] = []
  /// The result's value, kept only for rules that ask for it.
  private(set) var output: Payload?

  private static let counter = Atomic<Int>(0)

  init(_ name: StaticString, _ payload: Payload) {
    self.name = name
    shape = payload.shape
    dtype = payload.dtype
    sequence = Self.counter.add(1, ordering: .relaxed).newValue
  }

  func connect(_ source: Node, _ rule: @escaping (Tensor) -> Tensor) {
    edges.append(Edge(source: source, rule: .gradient(rule)))
  }

  func connect(_ source: Node, _ rule: Rule, output payload: Payload) {
    edges.append(Edge(source: source, rule: rule))
    if case .gradientAndOutput = rule { output = payload }
  }

  /// Freeing a graph visits its nodes in a loop: releasing them through one another would overflow
  /// the stack at some ten thousand operations.
  deinit {
    var orphans: [Node] = []
    release(into: &orphans)
    while var node = orphans.popLast() {
      if isKnownUniquelyReferenced(&node) { node.release(into: &orphans) }
    }
  }

  /// Hands the sources over before the rules go: what rules captured is then held by `orphans`.
  private func release(into orphans: inout [Node]) {
    for edge in edges { orphans.append(edge.source) }
    edges = []
  }
}

/// Whether operations are recorded: a scope of the current task.
enum Recording {
  @TaskLocal static var isOn = true
}

/// Runs `body` without recording: its results have no place in the graph and keep nothing alive.
public func withoutRecording<Result>(_ body: () throws -> Result) rethrows -> Result {
  try Recording.$isOn.withValue(false, operation: body)
}

extension Tensor {
  /// This result with its place in the graph, if `x` has one and recording is on.
  func recorded(_ name: StaticString, _ x: Tensor, _ rule: @escaping (Tensor) -> Tensor) -> Tensor {
    recorded(name, [(x, .gradient(rule))])
  }

  /// This result with its place in the graph, if an input with a rule has one and recording is on.
  func recorded(_ name: StaticString, _ inputs: [(Tensor, Rule)]) -> Tensor {
    guard inputs.contains(where: { $0.0.node != nil }), Recording.isOn else { return self }
    let node = Node(name, payload)
    for (input, rule) in inputs {
      if let source = input.node { node.connect(source, rule, output: payload) }
    }
    return Tensor(payload, node: node)
  }
}
