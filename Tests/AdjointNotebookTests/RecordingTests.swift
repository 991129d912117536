import AdjointNotebook
import Testing

@Suite("Recording")
struct RecordingTests {
  private static let script = """
    // %% [markdown]
    // # One
    // %%
    let a = 1
    // %% [markdown]
    // ## Two
    // ### Three
    // %%
    let b = 2
    """

  private func texts(_ recording: Recording) -> [String] {
    recording.outputs.map { outputs in
      outputs.map { if case .text(let text) = $0 { text } else { "?" } }.joined(separator: "|")
    }
  }

  @Test("Text belongs to the cell of the line that made it, and follows on")
  func attribution() {
    var recording = Recording(cells: PercentFormat.cells(of: RecordingTests.script))
    _ = recording.advance(to: 4)
    recording.record("a")
    recording.record("b\n")
    _ = recording.advance(to: 9)
    recording.record("c")
    #expect(texts(recording) == ["", "ab\n", "", "c"])
  }

  @Test("Headings appear once, when they are passed")
  func headings() {
    var recording = Recording(cells: PercentFormat.cells(of: RecordingTests.script))
    #expect(recording.advance(to: 4) == ["One"])
    #expect(recording.advance(to: 4) == [])
    #expect(recording.advance(to: 9) == ["Two", "Three"])
    #expect(recording.finish() == [])
  }

  @Test("A helper defined further up prints under the cell that was reached")
  func helper() {
    var recording = Recording(cells: PercentFormat.cells(of: RecordingTests.script))
    _ = recording.advance(to: 9)
    _ = recording.advance(to: 4)
    recording.record("late")
    #expect(texts(recording) == ["", "", "", "late"])
  }

  @Test("Text before the first line is known belongs to the first code cell")
  func early() {
    var recording = Recording(cells: PercentFormat.cells(of: RecordingTests.script))
    recording.record("early")
    #expect(texts(recording)[1] == "early")
    #expect(recording.finish() == ["One", "Two", "Three"])
  }

  @Test("A script without code records nothing")
  func noCode() {
    var recording = Recording(cells: PercentFormat.cells(of: "// %% [markdown]\n// words"))
    #expect(recording.advance(to: 1) == [])
    recording.record("lost")
    #expect(texts(recording) == [""])
  }
}
