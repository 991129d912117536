/// A page that links to the pages of several notebooks, each with a picture.
package struct IndexPage: Sendable {
  /// A notebook that has run.
  package struct Entry: Sendable {
    package var title: String
    package var summary: String
    /// The paths of page and picture, as seen from the index.
    package var page: String
    package var picture: String?
    /// What is to be said of the run, such as its seconds.
    package var note: String
    package var isAsExpected: Bool

    package init(
      title: String, summary: String, page: String, picture: String?, note: String,
      isAsExpected: Bool
    ) {
      (self.title, self.summary, self.page) = (title, summary, page)
      (self.picture, self.note, self.isAsExpected) = (picture, note, isAsExpected)
    }
  }

  private let title: String
  private let entries: [Entry]

  package init(title: String, entries: [Entry]) {
    (self.title, self.entries) = (title, entries)
  }

  package func html() -> String {
    let cards = entries.map { entry in
      let picture = entry.picture.map { "<img src=\"\($0.xmlEscaped)\" alt=\"\" loading=\"lazy\">" }
      let note = entry.isAsExpected ? "<span>" : "<span class=\"failed\">"
      return """
        <a class="card" href="\(entry.page.xmlEscaped)">\(picture ?? "")
        <strong>\(entry.title.xmlEscaped)</strong>
        <span>\(entry.summary.xmlEscaped)</span>
        \(note)\(entry.note.xmlEscaped)</span></a>
        """
    }
    return Page.document(
      title: title,
      body: "<h1>\(title.xmlEscaped)</h1>\n<div class=\"cards\">\n"
        + cards.joined(separator: "\n") + "\n</div>",
      footer: "Every page was written by a Swift script as it ran.")
  }
}
