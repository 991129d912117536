import Foundation

/// The words of a training log, as Keras 3 writes them.
package enum ProgressLine {
  /// `Epoch 3/20`, or nil when there is only one epoch.
  package static func epoch(_ number: Int, of count: Int) -> String? {
    count > 1 ? "Epoch \(number)/\(count)" : nil
  }

  /// `469/469 - 1s - 3ms/step - accuracy: 0.8979 - loss: 0.3377`.
  ///
  /// - Parameters:
  ///   - step: The number of the last step.
  ///   - count: The number of steps, or nil when it is unknown.
  ///   - seconds: The time since the start, validation included.
  ///   - stepSeconds: The time per step.
  ///   - metrics: The numbers, in the order to show.
  package static func line(
    step: Int, of count: Int?, seconds: Double, stepSeconds: Double, metrics: [ProgressBar.Metric]
  ) -> String {
    "\(counter(step, of: count)) - \(wholeSeconds(seconds)) - \(timePerStep(stepSeconds))"
      + text(metrics)
  }

  /// ` 25/469`: the step, as wide as the count.
  package static func counter(_ step: Int, of count: Int?) -> String {
    guard let count else { return "\(step)/Unknown" }
    let digits = String(step)
    return String(repeating: " ", count: max(0, String(count).count - digits.count))
      + "\(digits)/\(count)"
  }

  /// ` - accuracy: 0.8979 - loss: 0.3377`.
  package static func text(_ metrics: [ProgressBar.Metric]) -> String {
    metrics.map { " - \($0.name): \(value($0.value))" }.joined()
  }

  /// A number with four decimals, in scientific notation up to 0.001 in absolute value.
  package static func value(_ number: Double) -> String {
    String(format: abs(number) > 1e-3 ? "%.4f" : "%.4e", number)
  }

  /// `2s/step`, `3ms/step` or `450us/step`.
  package static func timePerStep(_ seconds: Double) -> String {
    if seconds >= 1 || seconds == 0 { return "\(seconds.rounded(0))s/step" }
    if seconds >= 1e-3 { return "\((seconds * 1e3).rounded(0))ms/step" }
    return "\((seconds * 1e6).rounded(0))us/step"
  }

  /// The time that has passed, in whole seconds: `12s`.
  package static func wholeSeconds(_ seconds: Double) -> String { "\(seconds.rounded(0))s" }

  /// The remaining time: `45s`, `2:05` or `1:02:05`.
  package static func remaining(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let whole = Int(max(0, seconds))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if seconds > 3600 { return "\(whole / 3600):\(two(whole % 3600 / 60)):\(two(whole % 60))" }
    return seconds > 60 ? "\(whole / 60):\(two(whole % 60))" : "\(whole)s"
  }
}

extension Double {
  /// The number with a fixed count of decimals.
  fileprivate func rounded(_ decimals: Int) -> String { String(format: "%.\(decimals)f", self) }
}
