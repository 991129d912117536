import Adjoint
import AdjointNotebook

/// The text of a model's summary, in the layout of Keras 3.
struct SummaryTable {
  private let module: any Module
  private let rows: [ModelRow]
  /// The columns between the rules, padding included.
  private let widths: [Int]

  init(_ module: any Module, shapes: ShapeObserver?, expandsNested: Bool, width: Int?) {
    self.module = module
    rows = AdjointNN.rows(of: module, shapes: shapes, expandsNested: expandsNested)
    // Keras ends its columns at 45 %, 80 % and 100 % of the line and takes the rules out of them.
    let total = max(width ?? min(Console.width - 4, 88), 30)
    let ends = (total * 45 / 100, total * 80 / 100)
    widths = [ends.0 - 1, ends.1 - ends.0 - 2, total - ends.1 - 1]
  }

  var text: String {
    var lines = ["Model: \"\(module.kind)\""]
    lines.append(rule("┏", "━", "┳", "┓"))
    lines += cells(["Layer (type)", "Output Shape", "Param #"], "┃")
    lines.append(rule("┡", "━", "╇", "┩"))
    for (index, row) in rows.enumerated() {
      if index > 0 { lines.append(rule("├", "─", "┼", "┤")) }
      let indent = row.level == 0 ? "" : String(repeating: "   ", count: row.level) + "└ "
      let shape = row.outputShape.map(Self.text) ?? "?"
      lines += cells(
        ["\(indent)\(row.name) (\(row.kind))", shape, Self.grouped(row.parameterCount)], "│")
    }
    lines.append(rule("└", "─", "┴", "┘"))
    let fixed =
      module.parameters.filter(\.isFrozen).map { ($0.shape, $0.dtype) }
      + module.namedBuffers.map { ($0.buffer.shape, $0.buffer.dtype) }
    let trainable = module.trainableParameters.map { ($0.shape, $0.dtype) }
    lines.append(" Total params: " + Self.size(trainable + fixed))
    lines.append(" Trainable params: " + Self.size(trainable))
    lines.append(" Non-trainable params: " + Self.size(fixed))
    return lines.joined(separator: "\n")
  }

  private func rule(_ left: String, _ line: String, _ cross: String, _ right: String) -> String {
    left + widths.map { String(repeating: line, count: $0) }.joined(separator: cross) + right
  }

  /// The lines of one row; text that is too long goes on in the next line.
  private func cells(_ texts: [String], _ bar: String) -> [String] {
    let columns = zip(texts, widths).map { Self.wrapped($0, to: $1 - 2) }
    return (0..<(columns.map(\.count).max() ?? 0)).map { line in
      let parts = columns.indices.map { index in
        let text = line < columns[index].count ? columns[index][line] : ""
        let space = String(repeating: " ", count: widths[index] - 2 - text.count)
        return index == 2 ? " \(space)\(text) " : " \(text)\(space) "
      }
      return bar + parts.joined(separator: bar) + bar
    }
  }

  /// Lines of at most `width` characters, broken at spaces; longer words end with an ellipsis.
  static func wrapped(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    var line: String?
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let longer = line.map { "\($0) \(word)" } ?? String(word)
      if longer.count <= width || line == nil {
        line = longer
      } else {
        lines.append(line ?? "")
        line = String(word)
      }
    }
    return (lines + [line ?? ""]).map {
      $0.count > width ? String($0.prefix(max(width - 1, 0))) + "…" : $0
    }
  }

  /// `(None, 256)`, as Python prints a tuple.
  private static func text(_ shape: [Int?]) -> String {
    let axes = shape.map { $0.map(String.init) ?? "None" }
    return axes.count == 1 ? "(\(axes[0]),)" : "(\(axes.joined(separator: ", ")))"
  }

  /// `235,146 (918.54 KB)`.
  private static func size(_ tensors: [(shape: Shape, dtype: DType)]) -> String {
    let count = tensors.reduce(0) { $0 + $1.shape.elementCount }
    let bytes = tensors.reduce(0) { $0 + $1.shape.elementCount * $1.dtype.byteCount }
    return "\(grouped(count)) (\(memory(bytes)))"
  }

  /// `235,146`.
  static func grouped(_ count: Int) -> String {
    var groups: [Substring] = []
    var rest = Substring(String(count))
    while rest.count > 3 {
      groups.insert(rest.suffix(3), at: 0)
      rest = rest.dropLast(3)
    }
    return ([rest] + groups).joined(separator: ",")
  }

  /// `918.54 KB`.
  static func memory(_ bytes: Int) -> String {
    var (size, unit) = (Double(bytes), 0)
    let units = ["B", "KB", "MB", "GB", "TB"]
    while size >= 1024 && unit + 1 < units.count { (size, unit) = (size / 1024, unit + 1) }
    return fixed(size) + " " + units[unit]
  }

  private static func fixed(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded(.toNearestOrEven))
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
