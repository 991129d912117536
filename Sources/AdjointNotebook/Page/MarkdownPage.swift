/// Blocks of markdown as HTML.
package enum MarkdownPage {
  /// - Parameter anchors: How often each heading's anchor has been used on the page.
  package static func html(_ blocks: [Markdown.Block], anchors: inout [String: Int]) -> String {
    var parts: [String] = []
    for block in blocks { parts.append(html(block, anchors: &anchors)) }
    return parts.joined(separator: "\n")
  }

  private static func html(_ block: Markdown.Block, anchors: inout [String: Int]) -> String {
    switch block {
    case .heading(let level, let text):
      let id = anchor(Markdown.plainText(text), &anchors)
      return "<h\(level) id=\"\(id)\">\(Markdown.inlineHTML(text))</h\(level)>"
    case .paragraph(let text):
      return "<p>\(Markdown.inlineHTML(text))</p>"
    case .code(let language, let text):
      let code = language.lowercased() == "swift" ? SwiftHighlighter.html(text) : text.xmlEscaped
      return "<pre class=\"code\"><code>\(code)</code></pre>"
    case .quote(let blocks):
      return "<blockquote>\(html(blocks, anchors: &anchors))</blockquote>"
    case .rule:
      return "<hr>"
    case .list(let ordered, let start, let items):
      let tag = ordered ? "ol" : "ul"
      let first = ordered && start != 1 ? " start=\"\(start)\"" : ""
      var entries = ""
      for item in items { entries += "<li>\(entry(item, anchors: &anchors))</li>\n" }
      return "<\(tag)\(first)>\n\(entries)</\(tag)>"
    case .table(let header, let alignments, let rows):
      let head = row(header, alignments, cell: "th")
      let body = rows.map { row($0, alignments, cell: "td") }.joined(separator: "\n")
      return """
        <div class="table"><table>
        <thead>\(head)</thead>
        <tbody>
        \(body)
        </tbody>
        </table></div>
        """
    }
  }

  /// The content of a list item; a paragraph that stands alone needs no tags.
  private static func entry(
    _ blocks: [Markdown.Block], anchors: inout [String: Int]
  ) -> String {
    guard case .paragraph(let text) = blocks.first else { return html(blocks, anchors: &anchors) }
    let isTight = blocks.dropFirst().allSatisfy {
      if case .list = $0 { return true }
      return false
    }
    guard isTight else { return html(blocks, anchors: &anchors) }
    let rest = html(Array(blocks.dropFirst()), anchors: &anchors)
    return Markdown.inlineHTML(text) + (rest.isEmpty ? "" : "\n" + rest)
  }

  private static func row(
    _ cells: [String], _ alignments: [Markdown.Alignment], cell tag: String
  ) -> String {
    let columns = zip(cells, alignments).map { text, alignment in
      let style = alignment == .natural ? "" : " style=\"text-align:\(alignment.rawValue)\""
      return "<\(tag)\(style)>\(Markdown.inlineHTML(text))</\(tag)>"
    }
    return "<tr>\(columns.joined())</tr>"
  }

  /// A name for a heading that is unique on the page.
  private static func anchor(_ text: String, _ anchors: inout [String: Int]) -> String {
    let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
    let name = words.isEmpty ? "section" : words
    let count = (anchors[name] ?? 0) + 1
    anchors[name] = count
    return count == 1 ? name : "\(name)-\(count)"
  }
}
