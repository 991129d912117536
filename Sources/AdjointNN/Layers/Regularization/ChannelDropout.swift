import Adjoint

/// Zeroes whole channels with probability `rate` and scales the others, in training mode.
///
/// The factor is 1 / (1 - rate). It is what `Dropout1d`, `Dropout2d` and `Dropout3d` share.
///
/// Neighbours in a feature map say nearly the same, so dropping single ones hides nothing.
///
/// Shapes: `[batch, channels, ...]` with one, two or three spatial axes, and the same.
///
/// Source: Tompson et al., "Efficient object localization using convolutional networks", CVPR 2015.
public class ChannelDropout: SavableLayer, ConfiguredLayer {
  class var spatialAxes: Int { noSpatialAxes() }

  /// The probability of a zero, in `0 ..< 1`.
  public let rate: Double

  /// Dropout of channels with the given rate.
  public init(rate: Double, file: StaticString = #fileID, line: UInt = #line) {
    self.rate = Self.checked(DropoutSettings(rate: rate), file, line).rate
  }

  /// The rate.
  public var details: [String] { ["rate \(rate)"] }

  /// The input with some channels zero in training mode, else the input.
  public func forward(_ x: Tensor) -> Tensor {
    requireChannels(x, axes: Self.spatialAxes...Self.spatialAxes)
    return Mode.current == .training ? channelDropout(x, rate: rate) : x
  }

  var settings: DropoutSettings { DropoutSettings(rate: rate) }
  static func problem(with settings: DropoutSettings) -> String? { settings.problem }
  required init(decoded settings: DropoutSettings) { rate = settings.rate }
}

/// Dropout of whole channels of `[batch, channels, a]`; see ``ChannelDropout``.
public final class Dropout1d: ChannelDropout { override class var spatialAxes: Int { 1 } }
/// Dropout of whole channels of `[batch, channels, a, b]`; see ``ChannelDropout``.
public final class Dropout2d: ChannelDropout { override class var spatialAxes: Int { 2 } }
/// Dropout of whole channels of `[batch, channels, a, b, c]`; see ``ChannelDropout``.
public final class Dropout3d: ChannelDropout { override class var spatialAxes: Int { 3 } }

extension Layer {
  /// A layer of a family was made without saying for how many spatial axes.
  static func noSpatialAxes() -> Never {
    programmingError("\(Self.self)", "use the class for one, two or three spatial axes")
  }
}
