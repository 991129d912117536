import Adjoint

/// Channels rearranged into a finer grid, to enlarge images after a convolution.
///
/// Shapes: `[batch, c r r, h, w]` gives `[batch, c, h r, w r]` for the factor r.
///
/// Source: Shi et al., "Real-time single image and video super-resolution using an efficient
/// sub-pixel convolutional neural network", CVPR 2016.
public final class PixelShuffle: SavableLayer, ConfiguredLayer {
  /// How much finer the grid is.
  public let factor: Int

  /// A layer that makes the grid finer by a factor.
  public init(factor: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.factor = Self.checked(FactorSettings(factor: factor), file, line).factor
  }

  /// The factor.
  public var details: [String] { ["factor \(factor)"] }

  /// The finer grid.
  public func forward(_ x: Tensor) -> Tensor {
    if x.rank < 3 || x.shape[x.rank - 3] % (factor * factor) != 0 {
      fail(
        "an input of shape \(x.shape) does not fit: expected [..., channels, height, width] with a "
          + "multiple of \(factor * factor) channels")
    }
    return pixelShuffle(x, factor: factor)
  }

  var settings: FactorSettings { FactorSettings(factor: factor) }
  static func problem(with settings: FactorSettings) -> String? { settings.problem }
  init(decoded settings: FactorSettings) { factor = settings.factor }
}

/// What rearrangements of grids have.
struct FactorSettings: Codable {
  let factor: Int
  var problem: String? {
    unless((1...Int(Int16.max)).contains(factor), "the factor must be at least 1, not \(factor)")
  }
}
