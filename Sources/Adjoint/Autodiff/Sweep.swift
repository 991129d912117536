import Synchronization

/// The backward sweep: from one node to the targets, in decreasing order of the tape.
struct Sweep {
  private let targets: [Node]
  /// All nodes between, in tape order.
  private var nodes: [Node] = []
  /// Whether the node is a target or leads to one: others need no gradient.
  private var isNeeded: [Bool] = []
  private var isTarget: [Bool] = []
  /// Whether the root depends on a target.
  var meetsTarget: Bool { isTarget.contains(true) }
  /// Whether the root depends on something that was tracked before the first target.
  private(set) var meetsOlderNodes = false
  private var gradients: [Tensor?] = []
  /// Positions of nodes that another sweep is visiting at the same time.
  private var shared: [ObjectIdentifier: Int] = [:]
  /// Nodes before this one are leaves: what they came from is not looked at.
  private let horizon: Int
  /// What the joint rule of a node gave, while the node's edges are followed.
  private var joint: (node: Node, gradients: [Tensor])?
  private let number = Self.counter.add(1, ordering: .relaxed).newValue

  private static let counter = Atomic<Int>(0)

  init(to targets: [Node], from root: Node, horizon: Int = 0) {
    self.targets = targets
    self.horizon = horizon
    // Nothing recorded before the first target can depend on one.
    let first = targets.map(\.sequence).min() ?? 0
    var leaves = 0
    var stack = [root]
    stack.reserveCapacity(32)
    nodes.reserveCapacity(32)
    while let node = stack.popLast() {
      if node.sequence < first { meetsOlderNodes = true }
      guard node.sequence >= first, enter(node) else { continue }
      let pending = stack.count
      if node.sequence >= horizon { node.forEachSource { stack.append($0) } }
      if stack.count == pending { leaves += 1 }
    }
    nodes.sort { $0.sequence < $1.sequence }
    for (index, node) in nodes.enumerated() { move(node, to: index) }
    isTarget = Array(repeating: false, count: nodes.count)
    for target in targets {
      guard let index = position(of: target), !isTarget[index] else { continue }
      isTarget[index] = true
      if target.isLeaf { leaves -= 1 }
    }
    // In training every leaf is a parameter, and then every node leads to one.
    isNeeded = leaves == 0 && !meetsOlderNodes ? Array(repeating: true, count: nodes.count) : []
    if isNeeded.isEmpty { findNeeded() }
    gradients = Array(repeating: nil, count: nodes.count)
  }

  private mutating func findNeeded() {
    isNeeded.reserveCapacity(nodes.count)
    for (index, node) in nodes.enumerated() {
      var needed = isTarget[index]
      node.forEachSource {
        if let source = position(of: $0), isNeeded[source] { needed = true }
      }
      isNeeded.append(needed)
    }
  }

  // MARK: Positions

  // A node remembers its position itself, which is much faster than a dictionary. If another sweep
  // has it (on another thread, or because a rule differentiates), the dictionary does.

  /// Appends the node unless it is there already.
  private mutating func enter(_ node: Node) -> Bool {
    // First, because the other sweep may have ended since.
    if !shared.isEmpty, shared[ObjectIdentifier(node)] != nil { return false }
    let claim = node.visitor.compareExchange(
      expected: 0, desired: number, ordering: .acquiringAndReleasing)
    if claim.original == number { return false }
    if !claim.exchanged { shared[ObjectIdentifier(node)] = nodes.count }
    nodes.append(node)
    return true
  }

  private mutating func move(_ node: Node, to index: Int) {
    if node.visitor.load(ordering: .relaxed) == number {
      node.position = index
    } else {
      shared[ObjectIdentifier(node)] = index
    }
  }

  private func position(of node: Node) -> Int? {
    node.visitor.load(ordering: .relaxed) == number
      ? node.position : shared.isEmpty ? nil : shared[ObjectIdentifier(node)]
  }

  // MARK: Gradients

  /// The gradients of the targets for the gradient `seed` of the root.
  mutating func run(seed: Tensor) -> [Tensor] {
    if !gradients.isEmpty { gradients[gradients.count - 1] = seed }
    let records = Recording.isOn
    for index in nodes.indices.reversed() where isNeeded[index] {
      guard let gradient = gradients[index].take() else { continue }
      let node = nodes[index]
      if isTarget[index] { gradients[index] = gradient }
      if node.sequence < horizon { continue }
      let span = Profiling.beginRules(of: node)
      if let edge = node.first { follow(edge, of: node, gradient, records) }
      if let edge = node.second { follow(edge, of: node, gradient, records) }
      for edge in node.others { follow(edge, of: node, gradient, records) }
      joint = nil
      span?.end()
    }
    let found = targets.map { target in
      position(of: target).flatMap { gradients[$0] }
        ?? Tensor.zeros(target.shape, dtype: target.dtype)
    }
    leave()
    return found
  }

  /// Frees the nodes for other sweeps: `run` does so, and who never runs the sweep must.
  func leave() {
    for node in nodes where node.visitor.load(ordering: .relaxed) == number {
      node.visitor.store(0, ordering: .releasing)
    }
  }

  private mutating func follow(
    _ edge: Node.Edge, of node: Node, _ gradient: Tensor, _ records: Bool
  ) {
    guard let source = position(of: edge.source), isNeeded[source] else { return }
    var contribution: Tensor
    switch edge.rule {
    case .gradient(let rule): contribution = rule(gradient)
    case .gradientAndOutput(let rule):
      contribution = rule(gradient, Tensor(node.output!, node: records ? node : nil))
    case .part(let region):
      let base = edge.source
      let zeros = Tensor.zeros(base.shape, dtype: base.dtype)
      if !records {
        if AnomalyDetection.isOn { AnomalyDetection.inspect(gradient, of: node, gradient) }
        let sum = (gradients[source].take() ?? zeros).payload
        gradients[source] = Tensor(Payload.adding(gradient.payload, to: consume sum, in: region))
        return
      }
      contribution = zeros.replacing(region, with: gradient)
    case .joint(let rule, let index):
      if joint?.node !== node {
        let output = node.output.map { Tensor($0, node: records ? node : nil) }
        joint = (node, rule(gradient, output))
      }
      contribution = joint!.gradients[index]
    }
    if AnomalyDetection.isOn { AnomalyDetection.inspect(contribution, of: node, gradient) }
    if contribution.shape != edge.source.shape {
      contribution = contribution.summed(to: edge.source.shape)
    }
    if contribution.dtype != edge.source.dtype {
      programmingError(
        "gradients",
        "the rule of \(node.name) gives \(contribution.dtype) for a \(edge.source.dtype)")
    }
    if let sum = gradients[source].take() {
      let isStored = contribution.payload.isReady
      contribution = sum + contribution
      // A weight that is used again and again gets a contribution in memory each time: a few are
      // added in one pass, but they do not wait until there are many.
      if isStored && contribution.payload.cost > 4 { contribution.payload.force() }
    }
    gradients[source] = contribution
  }
}
