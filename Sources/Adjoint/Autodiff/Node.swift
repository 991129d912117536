import Synchronization

/// A derivative rule: from the gradient of an operation's result to that of one input.
///
/// Rules are written with public tensor functions, so a rule has derivatives itself. A rule that
/// needs the result gets it as an argument: a closure that captured it would keep its own node
/// alive for ever.
enum Rule {
  case gradient((_ g: Tensor) -> Tensor)
  case gradientAndOutput((_ g: Tensor, _ y: Tensor) -> Tensor)
  /// For a part of a tensor: zeros with the gradient in this place.
  ///
  /// Many parts of one tensor, such as the steps of a sequence, add their gradients each to its place of
  /// one array, instead of adding arrays of the size of the whole.
  indirect case part(Region)
  /// One rule for several inputs, called once for all edges of a node; `index` is the edge's place
  /// in what it gives. `y` is nil unless the node was made with `keepingOutput`.
  indirect case joint((_ g: Tensor, _ y: Tensor?) -> [Tensor], index: Int)
}

/// The place of a tensor in the graph: where it came from and how gradients go back.
final class Node: @unchecked Sendable {
  // Sendable: edges are only read, until `deinit`. `position` belongs to the sweep whose number is in
  // `visitor`.

  struct Edge {
    let source: Node
    let rule: Rule

    var asksForOutput: Bool {
      if case .gradientAndOutput = rule { true } else { false }
    }
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
  private(set) var others: [Edge]
  /// The result's value, kept only for rules that ask for it.
  let output: Payload?
  /// The sweep that is visiting the node, and the position it has there.
  let visitor = Atomic<Int>(0)
  var position = 0

  private static let counter = Atomic<Int>(0)
  /// The position of the newest node.
  static var lastSequence: Int { counter.load(ordering: .relaxed) }

  init(
    _ name: StaticString, _ payload: Payload, _ first: Edge? = nil, _ second: Edge? = nil,
    others: [Edge] = [], keepingOutput: Bool = false
  ) {
    self.name = name
    shape = payload.shape
    dtype = payload.dtype
    (self.first, self.second, self.others) = (first, second, others)
    let asks = first?.asksForOutput == true || second?.asksForOutput == true
    output =
      keepingOutput || asks || others.contains(where: \.asksForOutput) ? payload : nil
    sequence = Self.counter.add(1, ordering: .relaxed).newValue
    if AnomalyDetection.isOn { AnomalyDetection.inspect(payload, of: self) }
    Profiling.note(self)
  }

  /// Whether the node depends on nothing.
  var isLeaf: Bool { first == nil && second == nil && others.isEmpty }

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
    return Tensor(payload, node: Node(name, payload, Node.Edge(source: source, rule: rule)))
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
    let first = a.node.map { Node.Edge(source: $0, rule: ruleA()) }
    let second = b.node.map { Node.Edge(source: $0, rule: ruleB()) }
    return Tensor(payload, node: Node(name, payload, first, second))
  }

  /// This result of any number of inputs with its place in the graph.
  func recorded(_ name: StaticString, _ inputs: [(Tensor, Rule)]) -> Tensor {
    guard inputs.contains(where: { $0.0.node != nil }), Recording.isOn else { return self }
    let edges = inputs.compactMap { input, rule in
      input.node.map { Node.Edge(source: $0, rule: rule) }
    }
    return Tensor(payload, node: Node(name, payload, others: edges))
  }
}
