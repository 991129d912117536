import Synchronization

/// A derivative rule: from the gradient of an operation's result to that of one input.
///
/// Rules are written with public tensor functions, so a rule has derivatives itself. A rule that
/// needs the result gets it as an argument: a closure that captured it would keep its own node
/// alive for ever.
enum Rule {
  case gradient((_ g: Tensor) -> Tensor)
  case gradientAndOutput((_ g: Tensor, _ y: Tensor) -> Tensor)
  /// One rule for several inputs, called once for all edges of a node; `index` is the edge's place
  /// in what it gives. `y` is nil unless the node keeps its output.
  indirect case joint((_ g: Tensor, _ y: Tensor?) -> [Tensor], index: Int)
}

/// The place of a tensor in the graph: where it came from and how gradients go back.
final class Node: @unchecked Sendable {
  // Sendable: edges are added while the operation that makes the node runs, before anybody else
  // can see it; from then on they are only read, until `deinit`. `position` belongs to the sweep
  // whose number is in `visitor`.

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
  /// Two edges are stored in the node itself: an array for them would be one more allocation in
  /// every operation.
  private(set) var first: Edge?
  private(set) var second: Edge?
  private(set) var others: [Edge] = []
  /// The result's value, kept only for rules that ask for it.
  private(set) var output: Payload?
  /// The sweep that is visiting the node, and the position it has there.
  let visitor = Atomic<Int>(0)
  var position = 0

  private static let counter = Atomic<Int>(0)
  /// The position of the newest node.
  static var lastSequence: Int { counter.load(ordering: .relaxed) }

  init(_ name: StaticString, _ payload: Payload) {
    self.name = name
    shape = payload.shape
    dtype = payload.dtype
    sequence = Self.counter.add(1, ordering: .relaxed).newValue
    if AnomalyDetection.isOn { AnomalyDetection.inspect(payload, of: self) }
  }

  func connect(_ source: Node, _ rule: Rule) {
    let edge = Edge(source: source, rule: rule)
    if first == nil {
      first = edge
    } else if second == nil {
      second = edge
    } else {
      others.append(edge)
    }
  }

  func keep(_ payload: Payload) { output = payload }

  /// Where the edges lead, without touching the rules.
  @inline(__always)
  func forEachSource(_ body: (Node) -> Void) {
    if let source = first?.source { body(source) }
    if let source = second?.source { body(source) }
    if !others.isEmpty { for edge in others { body(edge.source) } }
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
    forEachSource { orphans.append($0) }
    (first, second, others) = (nil, nil, [])
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
    recorded(name, x, .gradient(rule))
  }

  /// The same for any rule.
  func recorded(_ name: StaticString, _ x: Tensor, _ rule: Rule) -> Tensor {
    guard let source = x.node, Recording.isOn else { return self }
    let node = Node(name, payload)
    connect(node, source, rule)
    return Tensor(payload, node: node)
  }

  /// This result with its place in the graph, if an input has one and recording is on.
  ///
  /// Only the rules that are needed are made.
  @inline(__always)
  func recorded(
    _ name: StaticString, _ a: Tensor, _ ruleA: @autoclosure () -> Rule, _ b: Tensor,
    _ ruleB: @autoclosure () -> Rule
  ) -> Tensor {
    guard a.node != nil || b.node != nil, Recording.isOn else { return self }
    let node = Node(name, payload)
    if let source = a.node { connect(node, source, ruleA()) }
    if let source = b.node { connect(node, source, ruleB()) }
    return Tensor(payload, node: node)
  }

  /// This result of any number of inputs with its place in the graph.
  func recorded(_ name: StaticString, _ inputs: [(Tensor, Rule)]) -> Tensor {
    guard inputs.contains(where: { $0.0.node != nil }), Recording.isOn else { return self }
    let node = Node(name, payload)
    for (input, rule) in inputs {
      if let source = input.node { connect(node, source, rule) }
    }
    return Tensor(payload, node: node)
  }

  private func connect(_ node: Node, _ source: Node, _ rule: Rule) {
    node.connect(source, rule)
    if case .gradientAndOutput = rule { node.keep(payload) }
  }
}
