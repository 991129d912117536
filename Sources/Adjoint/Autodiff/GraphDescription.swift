/// The graph behind `y` as text for Graphviz: `dot -Tsvg` draws it.
///
/// One node for each recorded operation, with name, dtype and shape; variables are boxes. Arrows point
/// from inputs to results. Nodes are numbered in the order they were recorded, so the text is the same
/// whenever the same graph is built.
///
/// ```swift
/// try graphDescription(of: loss).write(toFile: "loss.dot", atomically: true, encoding: .utf8)
/// ```
public func graphDescription(of y: Tensor) -> String {
  guard let root = y.node else {
    return "digraph {\n  n0 [label=\"not recorded\\n\(y.dtype) \(y.shape)\"]\n}\n"
  }
  let nodes = root.graph().inside
  let numbers = Dictionary(
    uniqueKeysWithValues: nodes.enumerated().map { (ObjectIdentifier($1), $0) })
  var text = "digraph {\n"
  for (number, node) in nodes.enumerated() {
    var sources: [Int] = []
    node.forEachSource { sources.append(numbers[ObjectIdentifier($0)]!) }
    let shape = sources.isEmpty ? ", shape=box" : ""
    text += "  n\(number) [label=\"\(node.name)\\n\(node.dtype) \(node.shape)\"\(shape)]\n"
    for source in sources { text += "  n\(source) -> n\(number)\n" }
  }
  return text + "}\n"
}

/// The size of the graph behind a tensor.
///
/// A graph that grows from step to step is the usual reason for growing memory: something tracked,
/// such as a running sum of losses, was kept without `detached`.
public struct GraphStatistics: Sendable {
  /// How often each operation was recorded.
  public private(set) var operations: [String: Int] = [:]
  /// The number of nodes: variables and recorded operations.
  public private(set) var nodeCount = 0
  /// The number of inputs of all operations that gradients flow back to.
  public private(set) var edgeCount = 0
  /// The number of nodes on the longest way from a variable to the tensor.
  public private(set) var depth = 0

  /// Counts the graph behind `y`; all is zero if `y` was not recorded.
  public init(of y: Tensor) {
    guard let nodes = y.node?.graph().inside else { return }
    var depths: [ObjectIdentifier: Int] = [:]
    for node in nodes {
      var longest = 0
      node.forEachSource {
        edgeCount += 1
        longest = Swift.max(longest, depths[ObjectIdentifier($0)]!)
      }
      depths[ObjectIdentifier(node)] = longest + 1
      depth = Swift.max(depth, longest + 1)
      operations["\(node.name)", default: 0] += 1
    }
    nodeCount = nodes.count
  }
}

extension Node {
  /// This node and all it depends on, in tape order: those from position `start` on, and the older
  /// ones that they depend on directly.
  func graph(since start: Int = 0) -> (inside: [Node], outside: [Node]) {
    var found: Set<ObjectIdentifier> = []
    var (inside, outside): ([Node], [Node]) = ([], [])
    var stack = [self]
    while let node = stack.popLast() {
      if !found.insert(ObjectIdentifier(node)).inserted { continue }
      if node.sequence < start {
        outside.append(node)
      } else {
        inside.append(node)
        node.forEachSource { stack.append($0) }
      }
    }
    return (
      inside.sorted { $0.sequence < $1.sequence }, outside.sorted { $0.sequence < $1.sequence }
    )
  }
}
