import Adjoint

/// Images, signals and volumes sampled at other sizes.
///
/// `.linear` is linear, bilinear or trilinear and `.cubic` bicubic, by the number of axes.
///
/// Shapes: `[batch, channels, a, ...]` gives `[batch, channels, n, ...]`, where n is the size asked
/// for or floor(a scale).
public final class Upsample: SavableLayer, ConfiguredLayer {
  let settings: Settings

  /// Sampling at sizes multiplied by `scale`.
  /// - Parameters:
  ///   - scale: the factor for all axes.
  ///   - mode: how elements are made.
  ///   - aligningCorners: whether images share their corners, not their outer edges; for `.linear`
  ///     and `.cubic`.
  public init(
    scale: Double, mode: InterpolationMode = .nearest, aligningCorners: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    settings = Self.checked(
      Settings(scale: scale, mode: Named(mode), aligningCorners: aligningCorners), file, line)
  }

  /// Sampling at given sizes.
  public init(
    size: PerAxis, mode: InterpolationMode = .nearest, aligningCorners: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    settings = Self.checked(
      Settings(size: AxisNumbers(size), mode: Named(mode), aligningCorners: aligningCorners), file,
      line)
  }

  /// The scale or the size, and the mode.
  public var details: [String] {
    let target = settings.scale.map { "scale \($0)" } ?? settings.size.map { "to \($0)" }
    return [target ?? "", "\(settings.mode.choice)"]
      + (settings.aligningCorners ? ["corners aligned"] : [])
  }

  /// The samples.
  public func forward(_ x: Tensor) -> Tensor {
    requireChannels(x, axes: 1...3)
    let (site, mode, aligning) = (
      CallSite.current, settings.mode.choice, settings.aligningCorners
    )
    if let size = settings.size {
      return interpolate(
        x, size: size.perAxis, mode: mode, aligningCorners: aligning, file: site.file,
        line: site.line)
    }
    return interpolate(
      x, scale: settings.scale ?? 1, mode: mode, aligningCorners: aligning, file: site.file,
      line: site.line)
  }

  struct Settings: Codable {
    var scale: Double?
    var size: AxisNumbers?
    let mode: Named<InterpolationMode>
    let aligningCorners: Bool
  }
  static func problem(with settings: Settings) -> String? {
    let mode = settings.mode.choice
    return firstProblem(
      unless((settings.scale == nil) != (settings.size == nil), "needs either a scale or a size"),
      unless(
        settings.scale.map { $0 > 0 && $0.isFinite } ?? true,
        "the scale must be positive, not \(settings.scale ?? 0)"),
      settings.size?.problem("size", axes: nil, atLeast: 1),
      unless(
        !settings.aligningCorners || mode == .linear || mode == .cubic,
        "aligningCorners has a meaning for .linear and .cubic only, not for .\(mode)"))
  }
  init(decoded settings: Settings) { self.settings = settings }
}
