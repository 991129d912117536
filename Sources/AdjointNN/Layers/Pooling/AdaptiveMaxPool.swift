import Adjoint

/// The largest element of each of `outputSize` windows that share the axes as evenly as possible.
///
/// It is what `AdaptiveMaxPool1d`, `AdaptiveMaxPool2d` and `AdaptiveMaxPool3d` share.
///
/// Window `i` of an axis of `a` covers floor(i a / n) up to but not including ceil((i + 1) a / n).
///
/// Shapes: `[batch, channels, a, ...]` gives `[batch, channels, n, ...]`.
public class AdaptiveMaxPool: SavableLayer, PoolingLayer {
  class var spatialAxes: Int { noSpatialAxes() }
  let settings: AdaptivePoolingSettings

  /// Maxima of as many windows as the result is to have elements.
  public init(outputSize: PerAxis, file: StaticString = #fileID, line: UInt = #line) {
    let settings = AdaptivePoolingSettings(outputSize: AxisNumbers(outputSize))
    self.settings = Self.checked(settings, file, line)
  }

  required init(decoded settings: AdaptivePoolingSettings) { self.settings = settings }

  func pooled(_ x: Tensor, at site: CallSite) -> Tensor {
    adaptiveMaxPooling(
      x, outputSize: settings.outputSize.perAxis, file: site.file, line: site.line)
  }
}

/// Maxima of `[batch, channels, a]`; see ``AdaptiveMaxPool``.
public final class AdaptiveMaxPool1d: AdaptiveMaxPool { override class var spatialAxes: Int { 1 } }
/// Maxima of `[batch, channels, a, b]`; see ``AdaptiveMaxPool``.
public final class AdaptiveMaxPool2d: AdaptiveMaxPool { override class var spatialAxes: Int { 2 } }
/// Maxima of `[batch, channels, a, b, c]`; see ``AdaptiveMaxPool``.
public final class AdaptiveMaxPool3d: AdaptiveMaxPool { override class var spatialAxes: Int { 3 } }
