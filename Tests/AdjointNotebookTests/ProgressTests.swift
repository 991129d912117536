import AdjointNotebook
import Testing

@Suite("Progress")
struct ProgressTests {
  @Test("A finished epoch reads as in Keras")
  func line() {
    let line = ProgressLine.line(
      step: 469, of: 469, seconds: 1.2, stepSeconds: 0.0029,
      metrics: [("accuracy", 0.89791), ("loss", 0.33768), ("val_accuracy", 0.9608)])
    #expect(
      line == "469/469 - 1s - 3ms/step - accuracy: 0.8979 - loss: 0.3377 - val_accuracy: 0.9608")
  }

  @Test(
    "Values have four decimals, small ones an exponent",
    arguments: [
      (0.33768, "0.3377"), (12.0, "12.0000"), (0.0011, "0.0011"), (0.001, "1.0000e-03"),
      (9e-4, "9.0000e-04"), (-5e-5, "-5.0000e-05"), (0, "0.0000e+00"), (-2.5, "-2.5000"),
      (.nan, "nan"), (.infinity, "inf"),
    ])
  func value(_ number: Double, _ text: String) {
    #expect(ProgressLine.value(number) == text)
  }

  @Test(
    "The unit of the time per step depends on its size",
    arguments: [
      (1.6, "2s/step"), (1, "1s/step"), (0.9994, "999ms/step"), (0.0029, "3ms/step"),
      (0.001, "1ms/step"), (0.00045, "450us/step"), (0, "0s/step"),
    ])
  func timePerStep(_ seconds: Double, _ text: String) {
    #expect(ProgressLine.timePerStep(seconds) == text)
  }

  @Test(
    "The remaining time grows into minutes and hours",
    arguments: [
      (0.4, "0s"), (59.9, "59s"), (60, "60s"), (61, "1:01"), (3600, "60:00"), (3725, "1:02:05"),
      (.infinity, "?"), (.nan, "?"), (-1, "0s"),
    ])
  func remaining(_ seconds: Double, _ text: String) {
    #expect(ProgressLine.remaining(seconds) == text)
  }

  @Test("Epochs are announced only when there are several")
  func epoch() {
    #expect(ProgressLine.epoch(1, of: 20) == "Epoch 1/20")
    #expect(ProgressLine.epoch(1, of: 1) == nil)
  }

  @Test("The counter is as wide as the number of steps")
  func counter() {
    #expect(ProgressLine.counter(5, of: 469) == "  5/469")
    #expect(ProgressLine.counter(469, of: 469) == "469/469")
    #expect(ProgressLine.counter(7, of: nil) == "7/Unknown")
  }

  @Test("A frame of the bar carries Keras's colours, estimate and backspaces")
  func frame() {
    var state = ProgressState(steps: 469)
    state.note(1, at: 0.5)
    state.note(235, at: 0.5 + 234 * 0.002)
    let text = state.frame(at: 0.5 + 234 * 0.002, metrics: [("loss", 2.299)])
    let done = String(repeating: "━", count: 10)
    #expect(
      text == "\r\u{1B}[1m235/469\u{1B}[0m \u{1B}[32m\(done)\u{1B}[0m\u{1B}[37m\(done)\u{1B}[0m "
        + "\u{1B}[1m0s\u{1B}[0m 2ms/step - loss: 2.2990")
    let shown = "235/469 \(done)\(done) 0s 2ms/step - loss: 2.2990"
    let next = state.frame(at: 2, metrics: [], finished: true)
    #expect(next.hasPrefix(String(repeating: "\u{8}", count: shown.count) + "\r"))
    #expect(next.hasSuffix(String(repeating: " ", count: " - loss: 2.2990".count) + "\n"))
  }

  @Test("The first step is left out of the time per step")
  func warmUp() {
    var state = ProgressState(steps: 3)
    state.note(1, at: 10)
    #expect(state.stepSeconds(at: 10) == 10)
    state.note(3, at: 14)
    #expect(state.stepSeconds(at: 14) == 2)
  }

  @Test("A moving line leaves out metrics that do not fit the terminal")
  func narrow() {
    var state = ProgressState(steps: 10)
    state.note(5, at: 1)
    let text = state.frame(at: 1, metrics: [("accuracy", 0.5), ("loss", 1)], columns: 60)
    #expect(text.contains("accuracy"))
    #expect(!text.contains("loss"))
  }

  @Test("Frames are at least 0.05 s apart")
  func interval() {
    var state = ProgressState(steps: 10)
    #expect(state.isDue(at: 0))
    _ = state.frame(at: 0, metrics: [])
    #expect(!state.isDue(at: 0.049))
    #expect(state.isDue(at: 0.05))
  }

  @Test("An evaluation without steps or with more steps than expected does not trap")
  func oddCounts() {
    var empty = ProgressState(steps: 0)
    #expect(empty.line(at: 0, metrics: []) == "0/0 - 0s - 0s/step")
    _ = empty.frame(at: 0, metrics: [])
    var beyond = ProgressState(steps: 2)
    beyond.note(5, at: 1)
    #expect(beyond.frame(at: 1, metrics: []).contains("5/2"))
    var unknown = ProgressState(steps: nil)
    unknown.note(3, at: 1)
    #expect(TerminalText.settled(unknown.frame(at: 1, metrics: [])).contains("3/Unknown"))
  }
}
