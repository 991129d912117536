import Adjoint

/// The mean of each of `outputSize` windows that share the axes as evenly as possible.
///
/// It is what `AdaptiveAvgPool1d`, `AdaptiveAvgPool2d` and `AdaptiveAvgPool3d` share.
///
/// Window `i` of an axis of `a` covers floor(i a / n) up to but not including ceil((i + 1) a / n).
///
/// Shapes: `[batch, channels, a, ...]` gives `[batch, channels, n, ...]`.
public class AdaptiveAvgPool: SavableLayer, PoolingLayer {
  class var spatialAxes: Int { noSpatialAxes() }
  let settings: AdaptivePoolingSettings

  /// Means of as many windows as the result is to have elements.
  public init(outputSize: PerAxis, file: StaticString = #fileID, line: UInt = #line) {
    let settings = AdaptivePoolingSettings(outputSize: AxisNumbers(outputSize))
    self.settings = Self.checked(settings, file, line)
  }

  required init(decoded settings: AdaptivePoolingSettings) { self.settings = settings }

  func pooled(_ x: Tensor, at site: CallSite) -> Tensor {
    adaptiveAveragePooling(
      x, outputSize: settings.outputSize.perAxis, file: site.file, line: site.line)
  }
}

/// Means of `[batch, channels, a]`; see ``AdaptiveAvgPool``.
public final class AdaptiveAvgPool1d: AdaptiveAvgPool { override class var spatialAxes: Int { 1 } }
/// Means of `[batch, channels, a, b]`; see ``AdaptiveAvgPool``.
public final class AdaptiveAvgPool2d: AdaptiveAvgPool { override class var spatialAxes: Int { 2 } }
/// Means of `[batch, channels, a, b, c]`; see ``AdaptiveAvgPool``.
public final class AdaptiveAvgPool3d: AdaptiveAvgPool { override class var spatialAxes: Int { 3 } }
