import AdjointNotebook
import Testing

@Suite("Percent format")
struct PercentFormatTests {
  @Test("Markers split a script into cells that know their lines")
  func cells() {
    let cells = PercentFormat.cells(
      of: """
        import AdjointNotebook

        // %% [markdown]
        // # Title
        //
        // Some *text*.

        // %% Load the data
        let x = 1

        // %%
        print(x)
        """)
    #expect(cells.map(\.kind) == [.code, .markdown, .code, .code])
    #expect(cells.map(\.lines) == [1...2, 3...7, 8...10, 11...12])
    #expect(
      cells.map(\.source) == [
        "import AdjointNotebook", "# Title\n\nSome *text*.", "let x = 1", "print(x)",
      ])
    #expect(cells[2].title == "Load the data")
    #expect(cells[1].headings == ["Title"])
  }

  @Test("Metadata gives tags, in Jupytext's two notations")
  func tags() {
    let cells = PercentFormat.cells(
      of: """
        // %% Options tags=["hide-input", "x"]
        let a = 1
        // %% Other {"tags": ["remove-cell"]}
        let b = 2
        // %% plain key="value" tags=broken
        let c = 3
        """)
    #expect(cells.map(\.tags) == [["hide-input", "x"], ["remove-cell"], []])
    #expect(cells.map(\.title) == ["Options", "Other", "plain"])
  }

  @Test("Code after a markdown cell is a code cell even without a marker")
  func missingMarker() {
    let cells = PercentFormat.cells(of: "// %% [markdown]\n// Words.\n\nlet x = 1\n// more\n")
    #expect(cells.map(\.kind) == [.markdown, .code])
    #expect(cells[0].source == "Words.")
    #expect(cells[1].source == "let x = 1\n// more")
    #expect(cells[1].lines.lowerBound == 4)
  }

  @Test("A marker inside a multi-line string is text")
  func multilineString() {
    let script =
      "// %%\nlet s = \"\"\"\n// %% [markdown]\n\"\"\"\nlet t = #\"\"\"\n// %%\n\"\"\"#\n"
    #expect(PercentFormat.cells(of: script).count == 1)
  }

  @Test("Cells inside a function lose its indentation")
  func indentation() {
    let cells = PercentFormat.cells(
      of: "  // %% [markdown]\n  // Words.\n  // %%\n    if x {\n      y()\n    }\n")
    #expect(cells.map(\.source) == ["Words.", "if x {\n  y()\n}"])
  }

  @Test("A metadata header, Windows line ends and empty cells are no trouble")
  func oddities() {
    let cells = PercentFormat.cells(
      of: "// ---\r\n// jupyter: x\r\n// ---\r\n// %%\r\n\r\n// %%\r\nlet a = 1\r\n")
    #expect(cells.map(\.source) == ["let a = 1"])
    #expect(PercentFormat.cells(of: "").isEmpty)
    #expect(PercentFormat.cells(of: "// %%%% [md]\n// a\n//b\n").map(\.source) == ["a\nb"])
    #expect(PercentFormat.cells(of: "// %%5 no marker\nlet a = 1").count == 1)
  }
}
