import Adjoint

/// Channels in several groups dealt out again, one from each group in turn.
///
/// Between grouped convolutions it lets groups see one another.
///
/// Shapes: `[batch, channels, ...]` and the same.
///
/// Source: Zhang et al., "ShuffleNet", CVPR 2018.
public final class ChannelShuffle: SavableLayer, ConfiguredLayer {
  /// The number of groups, of which the number of channels is a multiple.
  public let groups: Int

  /// A layer that deals out groups of channels.
  public init(groups: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.groups = Self.checked(Settings(groups: groups), file, line).groups
  }

  /// The groups.
  public var details: [String] { ["\(groups) groups"] }

  /// The channels in another order.
  public func forward(_ x: Tensor) -> Tensor {
    requireChannels(x)
    if x.shape[1] % groups != 0 {
      fail("the \(x.shape[1]) channels of \(x.shape) do not make \(groups) groups")
    }
    return channelShuffle(x, groups: groups)
  }

  struct Settings: Codable { let groups: Int }
  var settings: Settings { Settings(groups: groups) }
  static func problem(with settings: Settings) -> String? {
    unless(settings.groups >= 1, "there are no \(settings.groups) groups")
  }
  init(decoded settings: Settings) { groups = settings.groups }
}
