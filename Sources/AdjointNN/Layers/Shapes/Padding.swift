import Adjoint

/// Elements put around the spatial axes.
///
/// PyTorch's `ZeroPad`, `ConstantPad`, `ReflectionPad`, `ReplicationPad` and `CircularPad` for any
/// number of axes.
///
/// ```swift
/// Padding(1)
/// Padding([1, 2], with: .reflect)
/// Padding(before: 0, after: [1, 0], with: .constant(-1))
/// ```
///
/// Shapes: `[batch, channels, a, ...]` gives `[batch, channels, before + a + after, ...]`.
public final class Padding: SavableLayer, ConfiguredLayer {
  let settings: Settings

  /// Padding of the same width before and after.
  /// - Parameters:
  ///   - width: one width for all spatial axes, or one for each.
  ///   - padding: what the padding consists of.
  public convenience init(
    _ width: PerAxis, with padding: Tensor.Padding = .constant(0), file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(before: width, after: width, with: padding, file: file, line: line)
  }

  /// Padding of different widths before and after.
  public init(
    before: PerAxis, after: PerAxis, with padding: Tensor.Padding = .constant(0),
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let mode: PaddingMode
    var value: Double?
    switch padding {
    case .constant(let number): (mode, value) = (.zeros, number)
    case .reflect: mode = .reflect
    case .replicate: mode = .replicate
    case .circular: mode = .circular
    }
    settings = Self.checked(
      Settings(before: AxisNumbers(before), after: AxisNumbers(after), mode: mode, value: value),
      file, line)
  }

  /// The widths and what the padding consists of.
  public var details: [String] {
    let (before, after) = (settings.before, settings.after)
    let widths = before == after ? ["\(before)"] : ["\(before) before", "\(after) after"]
    if settings.mode != .zeros { return widths + ["\(settings.mode)"] }
    return settings.value ?? 0 == 0 ? widths : widths + ["constant \(settings.value ?? 0)"]
  }

  /// The input with its padding.
  public func forward(_ x: Tensor) -> Tensor {
    requireChannels(x, axes: 1...3)
    let axes = x.rank - 2
    let (before, after) = (settings.before.values(axes), settings.after.values(axes))
    if before.count != axes || after.count != axes {
      fail(
        "widths \(settings.before) and \(settings.after) do not fit an input of shape \(x.shape)")
    }
    let site = CallSite.current
    let padding = settings.value.map { Tensor.Padding.constant($0) } ?? settings.mode.padding
    let widths = zip(before, after).map { (before: $0, after: $1) }
    return x.padded(widths, with: padding, file: site.file, line: site.line)
  }

  struct Settings: Codable {
    let before: AxisNumbers
    let after: AxisNumbers
    let mode: PaddingMode
    /// Of constant padding.
    var value: Double?
  }
  static func problem(with settings: Settings) -> String? {
    firstProblem(
      settings.before.problem("padding before", axes: nil, atLeast: 0),
      settings.after.problem("padding after", axes: nil, atLeast: 0),
      unless(
        settings.value == nil || settings.mode == .zeros,
        "padding with \(settings.mode) has no value"))
  }
  init(decoded settings: Settings) { self.settings = settings }
}
