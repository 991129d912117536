/// The cells of a script that is running, with what each has produced so far.
///
/// A script runs from top to bottom, so the current cell only moves forward. Text printed by a
/// helper that is defined in an early cell and called in a later one therefore stays with the call.
package struct Recording: Sendable {
  package let cells: [Cell]
  package private(set) var outputs: [[CellOutput]]
  private var current: Int?
  /// Cells before this one have had their headings shown on the terminal.
  private var announced = 0

  package init(cells: [Cell]) {
    self.cells = cells
    outputs = Array(repeating: [], count: cells.count)
    current = cells.firstIndex { $0.kind == .code }
  }

  /// Makes the code cell that holds `line` the current one.
  ///
  /// - Returns: the headings of the markdown cells that were passed on the way.
  package mutating func advance(to line: Int) -> [String] {
    guard let start = cells.lastIndex(where: { $0.lines.lowerBound <= line }) else { return [] }
    guard let target = cells[start...].firstIndex(where: { $0.kind == .code }) else { return [] }
    current = max(current ?? target, target)
    return announce(upTo: target)
  }

  /// The headings that no output has passed yet.
  package mutating func finish() -> [String] {
    announce(upTo: cells.count)
  }

  /// Adds text to the current cell; text that follows text continues it.
  package mutating func record(_ text: String) {
    guard let current, !text.isEmpty else { return }
    if case .text(let earlier) = outputs[current].last {
      outputs[current][outputs[current].count - 1] = .text(earlier + text)
    } else {
      outputs[current].append(.text(text))
    }
  }

  package mutating func record(_ figure: Figure, png: [UInt8]) {
    guard let current else { return }
    outputs[current].append(.figure(figure, png: png))
  }

  private mutating func announce(upTo end: Int) -> [String] {
    guard end > announced else { return [] }
    defer { announced = end }
    return cells[announced..<end].flatMap(\.headings)
  }
}
