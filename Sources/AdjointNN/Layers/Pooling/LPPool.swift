import Adjoint

/// What `LPPool1d`, `LPPool2d` and `LPPool3d` share: the p-norm (sum |x|^p)^(1/p) of each window.
///
/// The derivative is 0 where a whole window is 0. PyTorch leaves out the absolute value, which
/// matters for odd exponents.
///
/// Shapes: `[batch, channels, a, ...]` gives `[batch, channels, a', ...]`, where a' is
/// floor((a - kernelSize) / stride) + 1.
public class LPPool: SavableLayer, PoolingLayer {
  class var spatialAxes: Int { noSpatialAxes() }
  let settings: PoolingSettings

  /// Norms of windows.
  /// - Parameters:
  ///   - exponent: p.
  ///   - kernelSize: the windows' size.
  ///   - stride: how far windows are apart; their size if left out.
  ///   - roundingUp: whether a last window may be incomplete.
  public init(
    exponent: Double, kernelSize: PerAxis, stride: PerAxis? = nil, roundingUp: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    settings = Self.checked(
      PoolingSettings(
        kernelSize: AxisNumbers(kernelSize), stride: stride.map(AxisNumbers.init),
        roundingUp: roundingUp, exponent: exponent), file, line)
  }

  required init(decoded settings: PoolingSettings) { self.settings = settings }

  static func problem(with settings: PoolingSettings) -> String? {
    let exponent = settings.exponent ?? 0
    return firstProblem(
      unless(exponent > 0, "the exponent \(exponent) is not positive"),
      settings.problem(axes: spatialAxes))
  }

  func pooled(_ x: Tensor, at site: CallSite) -> Tensor {
    lpPooling(
      x, exponent: settings.exponent ?? 2, size: settings.kernelSize.perAxis,
      stride: settings.stride?.perAxis, roundingUp: settings.roundingUp, file: site.file,
      line: site.line)
  }
}

/// Norms of windows of `[batch, channels, a]`; see ``LPPool``.
public final class LPPool1d: LPPool { override class var spatialAxes: Int { 1 } }
/// Norms of windows of `[batch, channels, a, b]`; see ``LPPool``.
public final class LPPool2d: LPPool { override class var spatialAxes: Int { 2 } }
/// Norms of windows of `[batch, channels, a, b, c]`; see ``LPPool``.
public final class LPPool3d: LPPool { override class var spatialAxes: Int { 3 } }
