import Foundation
import Testing

/// The page docs/mistakes.md, taken apart: what a newcomer writes and what the program says.
struct MistakesPage {
  /// One mistake.
  struct Entry: Equatable {
    /// The heading, which is the name of the mistake's test.
    let title: String
    /// What the page says besides: the fenced blocks of Swift and of plain text, in their order.
    var code: [String] = []
    var texts: [String] = []
  }

  let entries: [Entry]

  /// The page of this checkout.
  static let read: MistakesPage? = {
    let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
    guard
      let text = try? String(contentsOf: root.appending(path: "docs/mistakes.md"), encoding: .utf8)
    else { return nil }
    return MistakesPage(text)
  }()

  init(_ text: String) {
    var entries: [Entry] = []
    var block: [String]?
    var language = ""
    for line in text.components(separatedBy: "\n") {
      if let lines = block {
        if line != "```" {
          block?.append(line)
          continue
        }
        block = nil
        if entries.isEmpty { continue }
        if language == "swift" {
          entries[entries.count - 1].code.append(lines.joined(separator: "\n"))
        } else {
          // A long message is broken into lines at spaces.
          entries[entries.count - 1].texts.append(lines.joined(separator: " "))
        }
      } else if line.hasPrefix("```") {
        (block, language) = ([], String(line.dropFirst(3)))
      } else if line.hasPrefix("### ") {
        entries.append(Entry(title: String(line.dropFirst(4))))
      }
    }
    self.entries = entries
  }

  /// The text of the page for the mistake of a test.
  func text(for test: String) -> String? {
    entries.first { $0.title == MistakesPage.title(of: test) }?.texts.first
  }

  /// The heading that belongs to `#function`.
  static func title(of test: String) -> String {
    String(test.dropLast("()".count)).trimmingCharacters(in: ["`"])
  }
}

// MARK: Expectations

/// Asserts that a process stopped with the text of the page, word for word.
func expectStop(
  _ result: ExitTest.Result?, _ test: String = #function,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let parts = errors(result).components(separatedBy: "Fatal error: ")
  let message = parts.dropFirst().first?.components(separatedBy: "\n").first
  expectText(message, of: test, sourceLocation)
}

/// Asserts that `body` throws an error with the text of the page, word for word, but for the
/// temporary folder that it is given.
func expectThrow(
  _ test: String = #function, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: (_ folder: URL) throws -> Void
) {
  let text = try? withTemporaryFolder { folder in
    thrown { try body(folder) }?
      .replacingOccurrences(of: folder.path(percentEncoded: false) + "/", with: "")
  }
  expectText(text, of: test, sourceLocation)
}

/// Runs the right code of a mistake.
func rightly(_ body: () throws -> Void) rethrows { try body() }

/// Runs the right code of a mistake with a temporary folder.
func rightly(_ body: (_ folder: URL) throws -> Void) throws { try withTemporaryFolder(body) }

private func expectText(_ text: String?, of test: String, _ location: SourceLocation) {
  let expected = MistakesPage.read?.text(for: test)
  #expect(text != nil, "no message", sourceLocation: location)
  #expect(
    text.map { matches($0, expected ?? "") } == true, "\(text ?? "")", sourceLocation: location)
}

/// Whether a text is the expected one, in which an ellipsis stands for anything.
private func matches(_ text: String, _ expected: String) -> Bool {
  let parts = expected.components(separatedBy: "…")
  guard parts.count == 2 else { return text == expected }
  return text.count >= parts[0].count + parts[1].count && text.hasPrefix(parts[0])
    && text.hasSuffix(parts[1])
}
