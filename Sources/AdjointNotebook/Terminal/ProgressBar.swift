/// The progress of an epoch or an evaluation, as Keras 3 shows it.
///
/// On a terminal, `.bar` redraws one line at most every 0.05 s. A notebook and an output that is no
/// terminal get one whole line when the work is finished, as with `.line`.
/// ```swift
/// var bar = ProgressBar(steps: 469, verbosity: .bar)
/// for step in 1...469 {
///   …
///   bar.update(step, metrics: [("loss", loss)])
/// }
/// bar.finish(metrics: [("loss", loss), ("val_loss", validationLoss)])
/// ```
public struct ProgressBar: Sendable {
  /// How much a long computation tells.
  public enum Verbosity: Int, Sendable, CaseIterable {
    /// Nothing.
    case silent = 0
    /// A bar that moves.
    case bar = 1
    /// One line when finished.
    case line = 2
  }

  /// A named number of a log line.
  public typealias Metric = (name: String, value: Double)

  private let steps: Int?
  private let verbosity: Verbosity
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var state: ProgressState

  /// Starts the clock.
  ///
  /// - Parameters:
  ///   - steps: The number of steps, or nil when it is unknown.
  ///   - verbosity: How much to tell.
  public init(steps: Int?, verbosity: Verbosity = .bar) {
    self.steps = steps
    self.verbosity = verbosity
    start = clock.now
    state = ProgressState(steps: steps)
  }

  /// Tells that a step, counted from 1, is done.
  ///
  /// - Parameters:
  ///   - step: The step's number.
  ///   - metrics: Asked only when the line is redrawn, because reading a metric may have to wait
  ///     for its computation.
  public mutating func update(_ step: Int, metrics: @autoclosure () -> [Metric]) {
    let now = seconds
    state.note(step, at: now)
    guard verbosity == .bar, Console.isInteractive, state.isDue(at: now) else { return }
    Console.draw(state.frame(at: now, metrics: metrics(), columns: Console.width))
  }

  /// Ends the work and leaves a finished line.
  public mutating func finish(metrics: [Metric]) {
    guard verbosity != .silent else { return }
    let now = seconds
    let line = state.line(at: now, metrics: metrics) + "\n"
    if verbosity == .bar, Console.isInteractive {
      Console.draw(state.frame(at: now, metrics: metrics, finished: true))
      Console.record(line)
    } else {
      Console.write(line)
    }
  }

  private var seconds: Double { (clock.now - start) / .seconds(1) }
}

/// A progress bar without its clock and its terminal.
package struct ProgressState: Sendable {
  private static let cells = 20
  private static let interval = 0.05

  private let steps: Int?
  private var step = 0
  private var firstStepEnd: Double?
  private var lastFrame = -Double.infinity
  private var lastWidth = 0

  package init(steps: Int?) { self.steps = steps }

  package mutating func note(_ step: Int, at now: Double) {
    self.step = step
    if step == 1, firstStepEnd == nil { firstStepEnd = now }
  }

  package func isDue(at now: Double) -> Bool { now - lastFrame >= ProgressState.interval }

  /// The time per step; the first is left out because it pays for warming up.
  package func stepSeconds(at now: Double) -> Double {
    guard step > 0 else { return 0 }
    if let firstStepEnd, step > 1 { return (now - firstStepEnd) / Double(step - 1) }
    return now / Double(step)
  }

  package func line(at now: Double, metrics: [ProgressBar.Metric]) -> String {
    ProgressLine.line(
      step: step, of: steps, seconds: now, stepSeconds: stepSeconds(at: now), metrics: metrics)
  }

  /// The text that turns the last frame on the terminal into the present one.
  ///
  /// - Parameter columns: The width of the terminal; a moving line must not run over into a second
  ///   one, which it could not take back.
  package mutating func frame(
    at now: Double, metrics: [ProgressBar.Metric], columns: Int = .max, finished: Bool = false
  ) -> String {
    let counter = ProgressLine.counter(step, of: steps)
    let time = stepSeconds(at: now)
    var clock = ProgressLine.wholeSeconds(now)
    var bar = ""
    if let steps {
      let part = Double(ProgressState.cells) * Double(step) / Double(max(1, steps))
      let done = min(ProgressState.cells, max(0, Int(part)))
      if done > 0 { bar += "\u{1B}[32m" + String(repeating: "━", count: done) + "\u{1B}[0m" }
      bar += "\u{1B}[37m" + String(repeating: "━", count: ProgressState.cells - done) + "\u{1B}[0m"
      if !finished { clock = ProgressLine.remaining(time * Double(max(0, steps - step))) }
    }
    var tail = " \(ProgressLine.timePerStep(time))"
    let barWidth = steps == nil ? 0 : ProgressState.cells + 1
    let head = counter.count + barWidth + 1 + clock.count
    for metric in metrics {
      let text = ProgressLine.text([metric])
      guard finished || head + tail.count + text.count < columns else { break }
      tail += text
    }
    let width = head + tail.count
    var text = String(repeating: "\u{8}", count: lastWidth) + "\r"
    text += "\u{1B}[1m\(counter)\u{1B}[0m " + bar + " \u{1B}[1m\(clock)\u{1B}[0m" + tail
    text += String(repeating: " ", count: max(0, lastWidth - width))
    if finished { text += "\n" }
    (lastWidth, lastFrame) = (width, now)
    return text
  }
}
