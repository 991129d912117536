import Adjoint

/// What `MaxPool1d`, `MaxPool2d` and `MaxPool3d` share: the largest element of each window.
///
/// The first of equal elements gets the gradient; padding is never the largest.
///
/// Shapes: `[batch, channels, a, ...]` gives `[batch, channels, a', ...]`, where a' is
/// floor((a + 2 padding - dilation (kernelSize - 1) - 1) / stride) + 1.
public class MaxPool: SavableLayer, PoolingLayer {
  class var spatialAxes: Int { noSpatialAxes() }
  let settings: PoolingSettings

  /// Maxima of windows.
  /// - Parameters:
  ///   - kernelSize: the windows' size.
  ///   - stride: how far windows are apart; their size if left out.
  ///   - padding: how far windows may reach over the edges, at most half their size.
  ///   - dilation: how far the elements of a window are apart.
  ///   - roundingUp: whether a last window may be incomplete.
  public init(
    kernelSize: PerAxis, stride: PerAxis? = nil, padding: PerAxis = 0, dilation: PerAxis = 1,
    roundingUp: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    settings = Self.checked(
      PoolingSettings(
        kernelSize: AxisNumbers(kernelSize), stride: stride.map(AxisNumbers.init),
        padding: AxisNumbers(padding), dilation: AxisNumbers(dilation), roundingUp: roundingUp),
      file, line)
  }

  required init(decoded settings: PoolingSettings) { self.settings = settings }

  func pooled(_ x: Tensor, at site: CallSite) -> Tensor {
    maxPooling(
      x, size: settings.kernelSize.perAxis, stride: settings.stride?.perAxis,
      padding: settings.padding.perAxis, dilation: settings.dilation.perAxis,
      roundingUp: settings.roundingUp, file: site.file, line: site.line)
  }
}

/// Maxima of windows of `[batch, channels, a]`; see ``MaxPool``.
public final class MaxPool1d: MaxPool { override class var spatialAxes: Int { 1 } }
/// Maxima of windows of `[batch, channels, a, b]`; see ``MaxPool``.
public final class MaxPool2d: MaxPool { override class var spatialAxes: Int { 2 } }
/// Maxima of windows of `[batch, channels, a, b, c]`; see ``MaxPool``.
public final class MaxPool3d: MaxPool { override class var spatialAxes: Int { 3 } }
