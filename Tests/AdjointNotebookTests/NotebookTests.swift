import AdjointNotebook
import Foundation
import Testing

/// A process has one notebook at a time, so these tests run one after another.
@Suite("Notebook", .serialized)
struct NotebookTests {
  private static let script = """
    // %% [markdown]
    // # A *title* & more
    // %% Set-up tags=["hide-input"]
    let x = 1
    // %% [markdown]
    // ## Results
    // %%
    print(x < 2)
    // %%
    show()
    """
  private static let fileID = "Demo/main.swift"

  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "notebook-\(UUID().uuidString)")
  private var source: URL { folder.appending(path: "main.swift") }

  private func start(output: URL? = nil) throws -> Notebook {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(NotebookTests.script.utf8).write(to: source)
    return try Notebook(
      title: "Demo", name: "demo", output: output ?? folder, source: source.path,
      fileID: NotebookTests.fileID, line: 4)
  }

  private func cells() throws -> [[String: Any]] {
    let data = try Data(contentsOf: folder.appending(path: "demo.ipynb"))
    let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(document["nbformat"] as? Int == 4 && document["nbformat_minor"] as? Int == 5)
    return try #require(document["cells"] as? [[String: Any]])
  }

  private func outputs(_ cell: [String: Any]) -> [[String: Any]] {
    cell["outputs"] as? [[String: Any]] ?? []
  }

  @Test("Outputs stand under their cells in the Jupyter notebook and on the page")
  func outputs() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let notebook = try start()
    print("set <up>", 1, true, file: NotebookTests.fileID, line: 4)
    print("elsewhere", terminator: "!\n", file: "Other/file.swift", line: 9)
    Console.enter(file: NotebookTests.fileID, line: 8)
    Console.write("10%\r100%\n")
    let any: Any = 3
    print(any, file: NotebookTests.fileID, line: 8)
    try notebook.show(.chart([Series("a", y: [1, 2])]), name: "chart", line: 10)
    try notebook.finish()

    let cells = try cells()
    #expect(
      cells.map { $0["cell_type"] as? String } == ["markdown", "code", "markdown", "code", "code"])
    #expect(cells.map { $0["id"] as? String }.count == 5)
    #expect(cells.map { $0["execution_count"] as? Int } == [nil, 1, nil, 2, 3])
    #expect((cells[1]["metadata"] as? [String: Any])?["tags"] as? [String] == ["hide-input"])
    #expect(outputs(cells[1]).first?["text"] as? [String] == ["set <up> 1 true\n", "elsewhere!\n"])
    #expect(outputs(cells[3]).first?["text"] as? [String] == ["100%\n", "3\n"])
    let data = try #require(outputs(cells[4]).first?["data"] as? [String: Any])
    let png = try #require(Data(base64Encoded: data["image/png"] as? String ?? ""))
    #expect(try PNGFile(Array(png)).width == 1280)
    #expect((data["image/svg+xml"] as? [String])?.first?.hasPrefix("<svg") == true)
    #expect(try Data(contentsOf: folder.appending(path: "chart.png")) == png)

    let page = try String(contentsOf: folder.appending(path: "index.html"), encoding: .utf8)
    #expect(page.contains("<title>Demo</title>"))
    #expect(page.contains("<h1 id=\"a-title-more\">A <em>title</em> &amp; more</h1>"))
    #expect(page.contains("<details><summary>Set-up</summary>"))
    #expect(page.contains("<pre class=\"output\">set &lt;up&gt; 1 true\nelsewhere!</pre>"))
    #expect(page.contains("<figure><svg"))
    #expect(page.contains("prefers-color-scheme: dark"))
    #expect(!page.contains("<script") && !page.contains("http-equiv"))
  }

  @Test("One notebook runs at a time and finishes once")
  func single() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let notebook = try start()
    #expect(throws: NotebookError.alreadyRunning(title: "Demo")) { try start() }
    try notebook.finish()
    #expect(throws: NotebookError.finished(title: "Demo")) { try notebook.finish() }
    #expect(throws: NotebookError.finished(title: "Demo")) {
      try notebook.show(.column([]), name: "late", line: 10)
    }
    do {
      _ = try start()
    }
    // A notebook that was given up makes room for another.
    try start().finish()
  }

  @Test("What cannot be read or written is named in one line")
  func errors() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let missing = folder.appending(path: "none.swift").path
    let error = #expect(throws: NotebookError.self) {
      try Notebook(title: "Demo", name: "demo", output: folder, source: missing)
    }
    #expect(error?.description.contains(missing) == true)
    #expect(error?.description.contains("\n") == false)
    #expect(throws: NotebookError.badName("../x")) {
      try Notebook(title: "Demo", name: "../x", output: folder, source: missing)
    }
    _ = try start()
    #expect(throws: NotebookError.self) { try start(output: source) }
  }
}
