import Adjoint

/// What `AvgPool1d`, `AvgPool2d` and `AvgPool3d` share: the mean of each window.
///
/// Shapes: `[batch, channels, a, ...]` gives `[batch, channels, a', ...]`, where a' is
/// floor((a + 2 padding - kernelSize) / stride) + 1.
public class AvgPool: SavableLayer, PoolingLayer {
  class var spatialAxes: Int { noSpatialAxes() }
  let settings: PoolingSettings

  /// Means of windows.
  /// - Parameters:
  ///   - kernelSize: the windows' size.
  ///   - stride: how far windows are apart; their size if left out.
  ///   - padding: how far windows may reach over the edges, at most half their size.
  ///   - roundingUp: whether a last window may be incomplete.
  ///   - includingPadding: whether padding counts as zeros, as in PyTorch; else the mean is that of
  ///     the elements that exist, as in Keras.
  public init(
    kernelSize: PerAxis, stride: PerAxis? = nil, padding: PerAxis = 0, roundingUp: Bool = false,
    includingPadding: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    settings = Self.checked(
      PoolingSettings(
        kernelSize: AxisNumbers(kernelSize), stride: stride.map(AxisNumbers.init),
        padding: AxisNumbers(padding), roundingUp: roundingUp, includingPadding: includingPadding),
      file, line)
  }

  required init(decoded settings: PoolingSettings) { self.settings = settings }

  func pooled(_ x: Tensor, at site: CallSite) -> Tensor {
    averagePooling(
      x, size: settings.kernelSize.perAxis, stride: settings.stride?.perAxis,
      padding: settings.padding.perAxis, roundingUp: settings.roundingUp,
      includingPadding: settings.includingPadding ?? true, file: site.file, line: site.line)
  }
}

/// Means of windows of `[batch, channels, a]`; see ``AvgPool``.
public final class AvgPool1d: AvgPool { override class var spatialAxes: Int { 1 } }
/// Means of windows of `[batch, channels, a, b]`; see ``AvgPool``.
public final class AvgPool2d: AvgPool { override class var spatialAxes: Int { 2 } }
/// Means of windows of `[batch, channels, a, b, c]`; see ``AvgPool``.
public final class AvgPool3d: AvgPool { override class var spatialAxes: Int { 3 } }
