extension Profile: CustomStringConvertible {
  /// How a table puts operations together.
  public enum Grouping: Sendable {
    /// One line for each operation and phase, the longest time first.
    case operation
    /// One line for each module and region, as they are nested.
    case module
  }

  /// The table by operation.
  public var description: String { table(by: .operation) }

  /// A table of at most 100 columns.
  ///
  /// Times are those of operations; they and the line for everything else, Swift code and waiting, add
  /// up to the time of the scope. The last column is the share of what the machine can do at best, by
  /// arithmetic or by moving bytes: see ``MachineLimits``, which the first table measures.
  /// - Parameters:
  ///   - grouping: what a line is.
  ///   - rows: the number of lines at most; the others are one line together.
  public func table(by grouping: Grouping, rows: Int = 24) -> String {
    let limits = MachineLimits.measured
    let lines =
      switch grouping {
      case .operation: operationTable(limits, rows: rows)
      case .module: moduleTable(limits, rows: rows)
      }
    return (lines + ["", "\(limits)"]).joined(separator: "\n")
  }

  private var seconds: Double { duration.seconds }

  /// The work of the scope's own thread, and that of others.
  private var own: [Operation] { operations.filter { !$0.isOnOtherThread } }
  private var others: [Operation] { operations.filter(\.isOnOtherThread) }

  private func closing(_ sum: Tally) -> [[String]] {
    let rest = Swift.max(seconds - sum.seconds, 0)
    return [
      ["Swift, waiting", time(rest), percentage(rest / seconds)],
      ["total", time(seconds), percentage(1)],
    ]
  }

  // MARK: By operation

  private struct Line: Hashable {
    let name: String
    let phase: Phase
  }

  private func operationTable(_ limits: MachineLimits, rows: Int) -> [String] {
    let columns = TextColumns([30, -8, 7, 9, 6, 6, 6, 6, 6, 6])
    func cells(_ name: String, _ phase: String, _ tally: Tally, share: Bool = true) -> [String] {
      [
        name, phase, "\(tally.count)", time(tally.seconds),
        share ? percentage(tally.seconds / seconds) : "", quantity(tally.flops),
        quantity(tally.flopRate), quantity(tally.bytes), quantity(tally.byteRate),
        percentage(tally.shareOfLimit),
      ]
    }
    func lines(_ operations: [Operation]) -> [(line: Line, tally: Tally)] {
      var tallies: [Line: Tally] = [:]
      for operation in operations {
        let line = Line(name: operation.name, phase: operation.phase)
        tallies[line, default: Tally()].add(operation, limits)
      }
      return tallies.sorted {
        ($1.value.seconds, $0.key.name, $0.key.phase.rawValue)
          < ($0.value.seconds, $1.key.name, $1.key.phase.rawValue)
      }.map { ($0.key, $0.value) }
    }
    let sum = Tally(own, limits)
    var text = [
      columns.row([
        "operation", "phase", "count", "time", "share", "FLOP", "FLOP/s", "bytes", "B/s", "limit",
      ]), columns.rule,
    ]
    let found = lines(own)
    // A line for "1 more" would take the place of the one.
    let shown = found.count <= rows + 1 ? found.count : rows
    for (line, tally) in found.prefix(shown) {
      text.append(columns.row(cells(line.name, line.phase.rawValue, tally)))
    }
    if shown < found.count {
      let rest = found[shown...].reduce(into: Tally()) { $0.add($1.tally) }
      text.append(columns.row(cells("\(found.count - shown) more", "", rest)))
    }
    for row in closing(sum) { text.append(columns.row([row[0], "", "", row[1], row[2]])) }
    if !others.isEmpty {
      text += ["", "beside it, on other threads"]
      for (line, tally) in lines(others).prefix(rows) {
        text.append(columns.row(cells(line.name, line.phase.rawValue, tally, share: false)))
      }
    }
    return text
  }

  // MARK: By module

  private func moduleTable(_ limits: MachineLimits, rows: Int) -> [String] {
    let columns = TextColumns([34, 6, 9, 9, 6, 6, 6, 9, 6])
    var text = [
      columns.row([
        "module", "calls", "forward", "backward", "FLOP", "FLOP/s", "limit", "own", "share",
      ]), columns.rule,
    ]
    func add(_ name: String, calls: String, _ inside: [Operation], own: [Operation]) {
      let (all, alone) = (Tally(inside, limits), Tally(own, limits))
      func part(_ phase: Phase) -> String {
        let tally = Tally(inside.filter { $0.phase == phase }, limits)
        return tally.count == 0 ? "" : time(tally.seconds)
      }
      text.append(
        columns.row([
          name, calls, part(.forward), part(.backward), quantity(all.flops),
          quantity(all.flopRate), percentage(all.shareOfLimit),
          alone.count == 0 ? "" : time(alone.seconds),
          alone.count == 0 ? "" : percentage(alone.seconds / seconds),
        ]))
    }
    let tree = ModuleTree(calls.map(\.module) + own.map(\.module))
    let kinds = Dictionary(uniqueKeysWithValues: zip(timeline.regions, timeline.kinds))
    let counts = Dictionary(calls.map { ($0.module, $0.count) }) { $0 + $1 }
    let shown = tree.nodes.prefix(rows)
    for node in shown {
      let kind = kinds[node.path] ?? ""
      add(
        kind.isEmpty ? node.label : "\(node.label): \(kind)",
        calls: counts[node.path].map(String.init) ?? "",
        own.filter { node.contains($0.module) }, own: own.filter { $0.module == node.path })
    }
    let hidden = Set(tree.nodes.dropFirst(rows).map(\.path))
    if !hidden.isEmpty {
      let rest = own.filter { hidden.contains($0.module) }
      add("\(hidden.count) more", calls: "", rest, own: rest)
    }
    let outside = own.filter { $0.module.isEmpty }
    let (steps, plain) = (
      outside.filter { $0.phase == .update }, outside.filter { $0.phase != .update }
    )
    if !plain.isEmpty { add("outside of modules", calls: "", plain, own: plain) }
    if !steps.isEmpty { add("optimizer", calls: "", steps, own: steps) }
    for row in closing(Tally(own, limits)) {
      text.append(columns.row([row[0], "", "", "", "", "", "", row[1], row[2]]))
    }
    return text
  }
}

/// Paths in the order of a tree.
private struct ModuleTree {
  struct Node {
    let path: String
    let label: String

    func contains(_ module: String) -> Bool { module == path || module.hasPrefix(path + ".") }
  }
  private(set) var nodes: [Node] = []

  init(_ paths: [String]) {
    var rest: [String] = []
    for path in paths where !path.isEmpty && !rest.contains(path) { rest.append(path) }
    func add(_ path: String, inside outer: String?, level: Int) {
      let name = outer.map { path.dropFirst($0.count + 1) } ?? path[...]
      nodes.append(Node(path: path, label: String(repeating: "  ", count: level) + name))
      rest.removeAll { $0 == path }
      while let inner = rest.first(where: { isChild($0, of: path) }) {
        add(inner, inside: path, level: level + 1)
      }
    }
    /// Whether nothing that is left stands between the two.
    func isChild(_ path: String, of outer: String) -> Bool {
      path.hasPrefix(outer + ".")
        && !rest.contains { path.hasPrefix($0 + ".") && $0.hasPrefix(outer + ".") }
    }
    while let root = rest.first(where: { path in
      !rest.contains { path.hasPrefix($0 + ".") }
    }) {
      add(root, inside: nil, level: 0)
    }
  }
}
