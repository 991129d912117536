import Foundation

/// An executed notebook in Jupyter's format, nbformat 4.5.
///
/// Source: https://nbformat.readthedocs.io/en/latest/format_description.html
package struct JupyterDocument: Encodable, Sendable {
  private var cells: [JupyterCell] = []
  private var metadata: Metadata
  private var nbformat = 4
  private var nbformat_minor = 5

  package init(_ recording: Recording, title: String) {
    metadata = Metadata(title: title)
    var executions = 0
    for (index, cell) in recording.cells.enumerated() {
      var made = JupyterCell(cell, id: "cell-\(index + 1)")
      if cell.kind == .code {
        executions += 1
        made.code = .init(count: executions)
        made.code?.outputs = recording.outputs[index].map(JupyterOutput.init)
      }
      cells.append(made)
    }
  }

  package func encoded() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }
}

private struct Metadata: Encodable {
  struct KernelSpec: Encodable {
    var display_name = "Swift"
    var language = "swift"
    var name = "swift"
  }
  struct LanguageInfo: Encodable {
    var name = "swift"
    var file_extension = ".swift"
    var mimetype = "text/x-swift"
    var codemirror_mode = "swift"
    var pygments_lexer = "swift"
  }
  var title: String
  var kernelspec = KernelSpec()
  var language_info = LanguageInfo()
}

private struct JupyterCell: Encodable {
  struct CellMetadata: Encodable {
    var tags: [String]?
    var title: String?
  }
  struct Code {
    var count: Int
    var outputs: [JupyterOutput] = []
  }

  var id: String
  var cell_type: String
  var metadata: CellMetadata
  var source: [String]
  var code: Code?

  init(_ cell: Cell, id: String) {
    self.id = id
    cell_type = cell.kind.rawValue
    metadata = CellMetadata(
      tags: cell.tags.isEmpty ? nil : cell.tags, title: cell.title.isEmpty ? nil : cell.title)
    source = linesKeepingEnds(cell.source)
  }

  enum CodingKeys: CodingKey { case id, cell_type, metadata, source, execution_count, outputs }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(cell_type, forKey: .cell_type)
    try container.encode(metadata, forKey: .metadata)
    try container.encode(source, forKey: .source)
    // The schema forbids these two keys in any other kind of cell.
    if let code {
      try container.encode(code.count, forKey: .execution_count)
      try container.encode(code.outputs, forKey: .outputs)
    }
  }
}

private enum JupyterOutput: Encodable {
  case stream(String)
  case display(png: String, svg: String, width: Int, height: Int, summary: String)

  init(_ output: CellOutput) {
    switch output {
    case .text(let text):
      self = .stream(TerminalText.settled(text))
    case .figure(let figure, let png):
      self = .display(
        png: Data(png).base64EncodedString(), svg: figure.svg(),
        width: Int(figure.width), height: Int(figure.height), summary: figure.summary)
    }
  }

  enum CodingKeys: CodingKey { case output_type, name, text, data, metadata }
  enum MediaType: String, CodingKey {
    case png = "image/png"
    case svg = "image/svg+xml"
    case plain = "text/plain"
  }
  struct Size: Encodable { var width, height: Int }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .stream(let text):
      try container.encode("stream", forKey: .output_type)
      try container.encode("stdout", forKey: .name)
      try container.encode(linesKeepingEnds(text), forKey: .text)
    case .display(let png, let svg, let width, let height, let summary):
      try container.encode("display_data", forKey: .output_type)
      var data = container.nestedContainer(keyedBy: MediaType.self, forKey: .data)
      try data.encode(png, forKey: .png)
      try data.encode(linesKeepingEnds(svg), forKey: .svg)
      try data.encode([summary], forKey: .plain)
      // The picture has two pixels per unit of length; a viewer is told the size to show.
      var metadata = container.nestedContainer(keyedBy: MediaType.self, forKey: .metadata)
      try metadata.encode(Size(width: width, height: height), forKey: .png)
    }
  }
}

/// nbformat keeps long text as a list of lines, each with its line end, so that diffs are readable.
private func linesKeepingEnds(_ text: String) -> [String] {
  var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0 + "\n" }
  let last = lines.removeLast().dropLast()
  return (lines + (last.isEmpty ? [] : [last])).map(String.init)
}
