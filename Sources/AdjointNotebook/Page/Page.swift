/// A notebook as one self-contained page that reads like an article.
package struct Page: Sendable {
  private let recording: Recording
  private let title: String
  private let notebookFile: String
  private let script: String

  package init(_ recording: Recording, title: String, notebookFile: String, script: String) {
    self.recording = recording
    (self.title, self.notebookFile, self.script) = (title, notebookFile, script)
  }

  package func html() -> String {
    Page.document(
      title: title, body: body,
      footer: """
        Written by <code>\(script.xmlEscaped)</code> as it ran. The same as a
        <a href="\(notebookFile.xmlEscaped)">Jupyter notebook</a>.
        """)
  }

  /// A page in the style of all.
  static func document(title: String, body: String, footer: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(title.xmlEscaped)</title>
    <style>
    \(PageStyle.css)
    </style>
    </head>
    <body>
    <main>
    \(body)
    </main>
    <footer>\(footer)</footer>
    </body>
    </html>

    """
  }

  private var body: String {
    var parts: [String] = []
    if !hasHeading { parts.append("<h1>\(title.xmlEscaped)</h1>") }
    var anchors: [String: Int] = [:]
    for (cell, outputs) in zip(recording.cells, recording.outputs) {
      switch cell.kind {
      case .markdown:
        parts.append(MarkdownPage.html(Markdown.parse(cell.source), anchors: &anchors))
      case .code:
        parts.append(code(cell, outputs))
      case .raw:
        parts.append("<pre class=\"raw\">\(cell.source.xmlEscaped)</pre>")
      }
    }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// Whether the author has given the page a title.
  private var hasHeading: Bool {
    guard let first = recording.cells.first(where: { $0.kind == .markdown }) else { return false }
    return Markdown.parse(first.source).contains {
      if case .heading(level: 1, _) = $0 { return true }
      return false
    }
  }

  /// Jupyter Book's tags decide what of a cell is shown.
  private func code(_ cell: Cell, _ outputs: [CellOutput]) -> String {
    guard !cell.tags.contains("remove-cell") else { return "" }
    var parts: [String] = []
    let source = "<pre class=\"code\"><code>\(SwiftHighlighter.html(cell.source))</code></pre>"
    if cell.tags.contains("hide-input") {
      let summary = cell.title.isEmpty ? "Code" : cell.title.xmlEscaped
      parts.append("<details><summary>\(summary)</summary>\(source)</details>")
    } else if !cell.tags.contains("remove-input") {
      parts.append(source)
    }
    if !cell.tags.contains("remove-output") {
      parts += outputs.map(html).filter { !$0.isEmpty }
    }
    return parts.isEmpty ? "" : "<section>\n\(parts.joined(separator: "\n"))\n</section>"
  }

  private func html(_ output: CellOutput) -> String {
    switch output {
    case .text(let text):
      var settled = TerminalText.settled(text)[...]
      while settled.last?.isNewline == true { settled.removeLast() }
      if settled.isEmpty { return "" }
      // A line break right after <pre> would be swallowed, so the text's own first one is doubled.
      let start = settled.first?.isNewline == true ? "\n" : ""
      return "<pre class=\"output\">\(start)\(String(settled).xmlEscaped)</pre>"
    case .figure(let figure, _):
      return "<figure>\(figure.inlineSVG())</figure>"
    }
  }
}
