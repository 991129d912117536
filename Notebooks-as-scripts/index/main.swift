import AdjointNotebook
import ArgumentParser
import Foundation
import NotebookOptions

/// Runs notebooks one after another and writes a page that links to theirs.
struct Notebooks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notebooks", abstract: "Runs all notebooks, or some, and writes an index page.",
    discussion: "Notebooks: " + Listing.all.map(\.name).joined(separator: ", "))

  @Argument(help: "The notebooks to run. (default: all)")
  var names: [String] = []

  @OptionGroup var options: NotebookOptions

  func validate() throws {
    let known = Listing.all.map(\.name)
    if let unknown = names.first(where: { !known.contains($0) }) {
      throw ValidationError(
        "There is no notebook \"\(unknown)\"; there are: \(known.joined(separator: ", ")).")
    }
  }

  func run() throws {
    let output = options.output(of: "notebooks")
    var entries: [IndexPage.Entry] = []
    for listing in Listing.all where names.isEmpty || names.contains(listing.name) {
      print("== \(listing.name)")
      let start = ContinuousClock.now
      let succeeded = try runNotebook(listing.name, output: output.appending(path: listing.name))
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let picture = "\(listing.name)/\(listing.picture).png"
      let hasPicture = FileManager.default.fileExists(
        atPath: output.appending(path: picture).path(percentEncoded: false))
      entries.append(
        IndexPage.Entry(
          title: listing.title, summary: listing.summary, page: "\(listing.name)/index.html",
          picture: hasPicture ? picture : nil,
          note: String(format: "%.0f s", seconds) + (succeeded ? "" : ", not as expected"),
          isAsExpected: succeeded))
    }
    let page = IndexPage(title: "Adjoint's notebooks", entries: entries).html()
    let file = output.appending(path: "index.html")
    try Data(page.utf8).write(to: file, options: .atomic)
    print("Index: \(file.relativePath)")
    if !entries.allSatisfy(\.isAsExpected) { throw ExitCode.failure }
  }

  /// Builds and runs one notebook in a process of its own; whether it came out as expected.
  private func runNotebook(_ name: String, output: URL) throws -> Bool {
    let package = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "swift", "run", "-c", "release", "--package-path", package.path(percentEncoded: false), name,
      "--seed", String(options.seed), "--output", output.path(percentEncoded: false),
    ]
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}

Notebooks.main()
