import Foundation
import Testing

/// Page and tests hold the same mistakes and the same code.
struct MistakesPageTests {
  /// A test of this folder as it is written, with the bodies of its closures.
  private struct Source: Equatable {
    let title: String
    var code: [String] = []
  }

  @Test func `Every mistake of the page has a test and every test a place on the page`() throws {
    let page = try #require(MistakesPage.read).entries.map(\.title)
    let tests = try sources().map(\.title)
    #expect(page.count >= 40)
    #expect(Set(page).count == page.count)
    #expect(Set(page).subtracting(tests).isEmpty)
    #expect(Set(tests).subtracting(page).isEmpty)
  }

  @Test func `The page shows the code that the tests run and one message for each mistake`() throws
  {
    let entries = try #require(MistakesPage.read).entries
    for source in try sources() {
      guard let entry = entries.first(where: { $0.title == source.title }) else { continue }
      #expect(source.code.count == 2, "\(source.title)")
      #expect(entry.code == source.code, "\(source.title)")
      #expect(entry.texts.count == 1, "\(source.title)")
    }
  }

  private func sources() throws -> [Source] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    let names = files.filter { $0.lastPathComponent.hasSuffix("Mistakes.swift") }
    return try names.flatMap { try sources(in: String(contentsOf: $0, encoding: .utf8)) }
  }

  /// The tests of a file; the bodies are those of an exit test, `expectThrow` or `rightly`.
  private func sources(in text: String) -> [Source] {
    let starts = ["await #expect(", "expectThrow {", "rightly {", "try rightly {"]
    var found: [Source] = []
    var body: (indent: String, lines: [String])?
    for line in text.components(separatedBy: "\n") {
      let indent = String(line.prefix { $0 == " " })
      let rest = line.dropFirst(indent.count)
      if let open = body {
        if indent == open.indent && rest.hasPrefix("}") {
          found[found.count - 1].code.append(open.lines.joined(separator: "\n"))
          body = nil
        } else {
          body?.lines.append(String(line.dropFirst(open.indent.count + 2)))
        }
      } else if rest.hasPrefix("@Test func `") {
        found.append(Source(title: rest.components(separatedBy: "`")[1]))
      } else if starts.contains(where: rest.hasPrefix) {
        body = (indent, [])
      }
    }
    return found
  }
}
