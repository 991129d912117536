import AdjointNotebook
import Testing

@Suite("Terminal text")
struct TerminalTextTests {
  @Test("Only the last state of a redrawn line is kept")
  func redrawing() {
    #expect(TerminalText.settled("10%\r50%\r100%\ndone\n") == "100%\ndone\n")
    #expect(TerminalText.settled("abc\u{8}\u{8}XY\n") == "aXY\n")
    #expect(TerminalText.settled("long line\rshort    \n") == "short\n")
  }

  @Test("Colours are dropped and Windows line ends become plain ones")
  func escapes() {
    #expect(TerminalText.settled("\u{1B}[1m25/469\u{1B}[0m \u{1B}[32m━━\u{1B}[0m") == "25/469 ━━")
    #expect(TerminalText.settled("a\r\nb\r\n") == "a\nb\n")
    #expect(TerminalText.settled("broken \u{1B}[31") == "broken ")
  }

  @Test("A progress bar's frames settle to its last one")
  func progress() {
    var state = ProgressState(steps: 4)
    var text = ""
    for step in 1...4 {
      state.note(step, at: Double(step))
      text += state.frame(at: Double(step), metrics: [("loss", 1)], finished: step == 4)
    }
    #expect(
      TerminalText.settled(text) == "4/4 ━━━━━━━━━━━━━━━━━━━━ 4s 1s/step - loss: 1.0000\n")
  }

  @Test("Plain text is left as it is")
  func plain() {
    #expect(TerminalText.settled("trailing  \n\n") == "trailing  \n\n")
  }
}
