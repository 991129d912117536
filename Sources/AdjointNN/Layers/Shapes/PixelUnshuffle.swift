import Adjoint

/// A coarser grid with more channels: the inverse of `PixelShuffle`.
///
/// Shapes: `[batch, c, h r, w r]` gives `[batch, c r r, h, w]` for the factor r.
public final class PixelUnshuffle: SavableLayer, ConfiguredLayer {
  /// How much coarser the grid is.
  public let factor: Int

  /// A layer that makes the grid coarser by a factor.
  public init(factor: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.factor = Self.checked(FactorSettings(factor: factor), file, line).factor
  }

  /// The factor.
  public var details: [String] { ["factor \(factor)"] }

  /// The coarser grid.
  public func forward(_ x: Tensor) -> Tensor {
    if x.rank < 3 || x.shape[x.rank - 2] % factor != 0 || x.shape[x.rank - 1] % factor != 0 {
      fail(
        "an input of shape \(x.shape) does not fit: expected [..., channels, height, width] with "
          + "height and width multiples of \(factor)")
    }
    return pixelUnshuffle(x, factor: factor)
  }

  var settings: FactorSettings { FactorSettings(factor: factor) }
  static func problem(with settings: FactorSettings) -> String? { settings.problem }
  init(decoded settings: FactorSettings) { factor = settings.factor }
}
